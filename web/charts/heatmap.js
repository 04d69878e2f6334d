// Values over time and instances as a map of shades on a canvas: with a scale, a readout for keys and pointer, a table.

import { element, setWords } from '../ui/dom.js';
import { cellWords, HEAT_MAP, INSTANCE, instanceName, READ_CELLS, scaleWords, SHOW_MOMENT } from '../words/charts.js';
import { filesMenu } from './chart_files.js';
import { ChartFrame } from './frame.js';
import { heatCsv, heatSheet, shadeOf } from './heatmap_files.js';
import { colour, onThemeChange } from './theme.js';

/**
 * @typedef {object} HeatSpec
 * @property {string} summary
 * @property {string} unit of a value, as in `waiting requests`
 * @property {string} colour name of a CSS custom property
 * @property {ArrayLike<number>} seconds of the columns
 * @property {number} rows instances
 * @property {(column: number, row: number) => number} value
 * @property {number} max the value of the strongest colour
 * @property {(value: number) => string} format
 * @property {import('./spec.js').Note[]} [notes]
 */

/** Columns of the table: more would not be read. */
const TABLE_COLUMNS = 12;

export class HeatMap extends ChartFrame {
  /** @type {HeatSpec|null} */
  #spec = null;

  #onPick;

  #simulated;

  /** The moment that other views show, s. @type {number|null} */
  #mark = null;

  /** @type {{column: number, row: number}|null} */
  #cursor = null;

  /**
   * @param {HTMLElement} parent
   * @param {{id: string, title: string, simulated: () => string[], onPick?: (us: number) => void}} options with what saved
   * pictures say they are about, and what happens to a chosen moment
   */
  constructor(parent, { id, title, simulated, onPick }) {
    const keys = [READ_CELLS, ...(onPick ? [SHOW_MOMENT] : [])].join('; ');
    super(parent, { id, title, kind: HEAT_MAP, keys });
    this.#onPick = onPick;
    this.#simulated = simulated;
    this.canvas = element('canvas', {});
    this.surface.classList.add('heat');
    this.surface.append(this.canvas);
    this.tools.append(this.#saveButtons());
    this.#listen();
  }

  /** Takes the map away: its values, or its picture. */
  #saveButtons() {
    const { title } = this;
    return filesMenu({
      shown: () => this.#spec,
      title: () => title,
      csv: async (spec) => heatCsv(spec),
      sheet: async (spec) => {
        const colours = (/** @type {string} */ name) => colour(this.figure, name);
        return heatSheet(spec, { title, colours, simulated: this.#simulated(), mark: this.#mark });
      },
      tell: (words) => this.tell(words),
    });
  }

  /** @param {HeatSpec} spec */
  #scaleText(spec) {
    return scaleWords(spec.format(spec.max), spec.unit);
  }

  /**
   * Marks the moment that other views show.
   * @param {number|null} seconds
   */
  mark(seconds) {
    this.#mark = seconds;
    this.#draw();
  }

  #listen() {
    this.surface.addEventListener('keydown', (event) => this.#onKey(event));
    this.surface.addEventListener('blur', () => this.#show(null));
    this.canvas.addEventListener('pointermove', (event) => this.#onPointer(event));
    this.canvas.addEventListener('click', () => this.#pick());
    this.canvas.addEventListener('pointerleave', () => this.#show(null));
    new ResizeObserver(() => this.#draw()).observe(this.surface);
    onThemeChange(() => this.#draw());
  }

  /** @param {HeatSpec} spec */
  update(spec) {
    this.#spec = spec;
    setWords(this.summary, spec.summary);
    this.notes.show(spec.notes);
    this.#show(null);
    this.fillTable();
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
        const shade = shadeOf(spec, column, row);
        if (shade === 0) continue;
        context.globalAlpha = shade;
        const left = Math.round(column * w);
        context.fillRect(left, row * h, Math.round((column + 1) * w) - left, h - gap);
      }
    }
    context.globalAlpha = 1;
    this.#drawMark(context, spec);
    this.#drawCursor(context, w, h);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {HeatSpec} spec
   */
  #drawMark(context, { seconds }) {
    const last = seconds[seconds.length - 1];
    if (this.#mark === null || !(last > 0)) return;
    const x = (this.#mark / last) * this.canvas.width;
    context.fillStyle = colour(this.surface, '--ink');
    context.fillRect(x - devicePixelRatio, 0, 2 * devicePixelRatio, this.canvas.height);
  }

  #pick() {
    const spec = this.#spec;
    if (spec && this.#cursor) this.#onPick?.(Math.round(spec.seconds[this.#cursor.column] * 1e6));
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
    if (spec) {
      const words = cell && describeCell(spec, cell);
      setWords(this.readout, words ?? this.#scaleText(spec));
      this.announce(words);
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
    if (event.key === 'Enter') this.#pick();
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.#show(clampCell(spec, ...targets[event.key]));
  }

  dataTable() {
    return this.#spec && heatTable(this.#spec, this.title);
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
  return cellWords(row, time, `${spec.format(spec.value(column, row))} ${spec.unit}`);
}

/**
 * The same at a dozen times.
 * @param {HeatSpec} spec
 * @param {string} title
 */
function heatTable(spec, title) {
  const last = spec.seconds.length - 1;
  const count = Math.min(TABLE_COLUMNS, last + 1);
  const columns = Array.from({ length: count }, (_unused, i) => Math.round((i * last) / Math.max(count - 1, 1)));
  const heads = columns.map((column) =>
    element('th', { scope: 'col' }, `${Number(spec.seconds[column].toPrecision(3))} s`),
  );
  const rows = Array.from({ length: spec.rows }, (_unused, row) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, instanceName(row)),
      ...columns.map((column) => element('td', {}, spec.format(spec.value(column, row)))),
    ),
  );
  return element(
    'table',
    {},
    element('caption', {}, `${title}: ${spec.unit}`),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, INSTANCE), ...heads)),
    element('tbody', {}, ...rows),
  );
}
