// Values over time and instances as a map of shades on a canvas: with a scale, a readout for keys and pointer, a table.

import { element } from '../dom.js';
import { colour, onThemeChange } from './theme.js';

/**
 * @typedef {object} HeatSpec
 * @property {string} summary
 * @property {string} unit of a value, as in `waiting requests`
 * @property {string} colour name of a CSS custom property
 * @property {ArrayLike<number>} seconds of the columns
 * @property {number} rows instances
 * @property {(column: number, row: number) => number} value
 * @property {number} max the value of the darkest shade
 * @property {(value: number) => string} format
 */

/** Columns of the table: more would be read by nobody. */
const TABLE_COLUMNS = 12;

/** A screen reader is told of a cell only when the cursor has rested on it, ms. */
const ANNOUNCE_AFTER_MS = 250;

export class HeatMap {
  /** @type {HeatSpec|null} */
  #spec = null;

  #title;

  /** @type {{column: number, row: number}|null} */
  #cursor = null;

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #announcement;

  /**
   * @param {HTMLElement} parent
   * @param {{id: string, title: string}} options
   */
  constructor(parent, { id, title }) {
    this.#title = title;
    this.summary = element('p', { class: 'chart-summary', id: `${id}-summary` });
    this.canvas = element('canvas', {});
    this.surface = element(
      'div',
      {
        class: 'chart-plot heat',
        tabindex: 0,
        role: 'application',
        'aria-roledescription': 'heat map',
        'aria-label': `${title}. Arrow keys read the cells: left and right in time, up and down over instances.`,
        'aria-describedby': `${id}-summary`,
      },
      this.canvas,
    );
    this.readout = element('p', { class: 'chart-readout', 'aria-hidden': 'true' });
    this.live = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
    this.table = element('div', {
      class: 'chart-table',
      id: `${id}-table`,
      hidden: true,
      tabindex: 0,
      role: 'region',
      'aria-label': `${title} as a table`,
    });
    this.tableButton = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': `${id}-table` },
      'table',
    );
    const head = element('div', { class: 'chart-head' }, element('h3', { id: `${id}-title` }, title), this.tableButton);
    this.figure = element(
      'figure',
      { class: 'chart', id, 'aria-labelledby': `${id}-title` },
      head,
      this.summary,
      this.surface,
      this.readout,
      this.table,
      this.live,
    );
    parent.append(this.figure);
    this.#listen();
  }

  #listen() {
    this.tableButton.addEventListener('click', () => this.#toggleTable());
    this.surface.addEventListener('keydown', (event) => this.#onKey(event));
    this.surface.addEventListener('blur', () => this.#show(null));
    this.canvas.addEventListener('pointermove', (event) => this.#onPointer(event));
    this.canvas.addEventListener('pointerleave', () => this.#show(null));
    new ResizeObserver(() => this.#draw()).observe(this.surface);
    onThemeChange(() => this.#draw());
  }

  /** @param {HeatSpec} spec */
  update(spec) {
    this.#spec = spec;
    this.summary.textContent = spec.summary;
    this.#show(null);
    if (!this.table.hidden) this.#fillTable();
  }

  #draw() {
    const spec = this.#spec;
    const { clientWidth: width, clientHeight: height } = this.surface;
    const context = this.canvas.getContext('2d');
    if (!spec || !context || width === 0 || height === 0) return;
    this.canvas.width = width * devicePixelRatio;
    this.canvas.height = height * devicePixelRatio;
    const columns = spec.seconds.length;
    const [w, h] = [this.canvas.width / columns, this.canvas.height / spec.rows];
    const gap = h > 6 * devicePixelRatio ? devicePixelRatio : 0;
    context.fillStyle = colour(this.surface, spec.colour);
    for (let column = 0; column < columns; column += 1) {
      for (let row = 0; row < spec.rows; row += 1) {
        const share = spec.max > 0 ? spec.value(column, row) / spec.max : 0;
        if (share <= 0) continue;
        // A faint shade for the smallest value that is not 0, so that it can be told from nothing.
        context.globalAlpha = 0.12 + 0.88 * Math.min(share, 1);
        const left = Math.round(column * w);
        context.fillRect(left, row * h, Math.round((column + 1) * w) - left, h - gap);
      }
    }
    context.globalAlpha = 1;
    this.#drawCursor(context, w, h);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} w
   * @param {number} h
   */
  #drawCursor(context, w, h) {
    if (!this.#cursor) return;
    context.strokeStyle = colour(this.surface, '--accent');
    context.lineWidth = 2 * devicePixelRatio;
    context.strokeRect(this.#cursor.column * w - 1, this.#cursor.row * h, w + 2, h);
  }

  /** @param {{column: number, row: number}|null} cell */
  #show(cell) {
    this.#cursor = cell;
    const spec = this.#spec;
    clearTimeout(this.#announcement);
    if (spec) {
      const words = cell
        ? describeCell(spec, cell)
        : `Instances from top (0) to bottom; darkest: ${spec.format(spec.max)} ${spec.unit}`;
      this.readout.textContent = words;
      if (cell && document.activeElement === this.surface) {
        this.#announcement = setTimeout(() => {
          this.live.textContent = words;
        }, ANNOUNCE_AFTER_MS);
      }
    }
    this.#draw();
  }

  /** @param {PointerEvent} event */
  #onPointer({ offsetX, offsetY }) {
    const spec = this.#spec;
    const { clientWidth, clientHeight } = this.canvas;
    if (!spec || clientWidth === 0 || clientHeight === 0) return;
    const column = Math.floor((offsetX / clientWidth) * spec.seconds.length);
    const row = Math.floor((offsetY / clientHeight) * spec.rows);
    this.#show(clampCell(spec, column, row));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const spec = this.#spec;
    if (!spec) return;
    const { column, row } = this.#cursor ?? { column: 0, row: 0 };
    /** @type {Record<string, [number, number]>} */
    const targets = {
      ArrowLeft: [column - 1, row],
      ArrowRight: [column + (this.#cursor ? 1 : 0), row],
      ArrowUp: [column, row - 1],
      ArrowDown: [column, row + (this.#cursor ? 1 : 0)],
      Home: [0, row],
      End: [spec.seconds.length - 1, row],
    };
    if (event.key === 'Escape') this.#show(null);
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.#show(clampCell(spec, ...targets[event.key]));
  }

  #toggleTable() {
    const show = this.table.hidden;
    this.table.hidden = !show;
    this.surface.hidden = show;
    this.tableButton.setAttribute('aria-expanded', String(show));
    if (show) this.#fillTable();
  }

  #fillTable() {
    if (this.#spec) this.table.replaceChildren(heatTable(this.#spec, this.#title));
  }
}

/**
 * @param {HeatSpec} spec
 * @param {number} column
 * @param {number} row
 */
function clampCell({ seconds, rows }, column, row) {
  return {
    column: Math.min(Math.max(column, 0), seconds.length - 1),
    row: Math.min(Math.max(row, 0), rows - 1),
  };
}

/**
 * One cell in words: `Instance 2 at 1.5 s: 12 waiting requests`.
 * @param {HeatSpec} spec
 * @param {{column: number, row: number}} cell
 */
export function describeCell(spec, { column, row }) {
  const time = Number(spec.seconds[column].toPrecision(3));
  return `Instance ${row} at ${time} s: ${spec.format(spec.value(column, row))} ${spec.unit}`;
}

/**
 * The same at a dozen times.
 * @param {HeatSpec} spec
 * @param {string} title
 */
function heatTable(spec, title) {
  const last = spec.seconds.length - 1;
  const many = Math.min(TABLE_COLUMNS, last + 1);
  const columns = Array.from({ length: many }, (_unused, i) => Math.round((i * last) / Math.max(many - 1, 1)));
  const heads = columns.map((column) =>
    element('th', { scope: 'col' }, `${Number(spec.seconds[column].toPrecision(3))} s`),
  );
  const rows = Array.from({ length: spec.rows }, (_unused, row) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, `Instance ${row}`),
      ...columns.map((column) => element('td', {}, spec.format(spec.value(column, row)))),
    ),
  );
  return element(
    'table',
    {},
    element('caption', {}, `${title}: ${spec.unit}`),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Instance'), ...heads)),
    element('tbody', {}, ...rows),
  );
}
