// The one chart of the page: what uPlot lacks is added here once, such as a plot that the keyboard reads point by point.

import uPlot from 'uplot';
import { element, setWords } from '../ui/dom.js';
import { download } from '../ui/download.js';
import { ChartFrame } from './frame.js';
import { plotOptions, plotShape } from './options.js';
import { saveButton, saveMenu } from './save_menu.js';
import { describePoint, isLogarithmic, legendOf } from './spec.js';
import { dataTable } from './table.js';
import { colour, onThemeChange } from './theme.js';

/** @import {ChartSpec, DrawnAxes, LegendEntry, Tick} from './spec.js' */

/** The size of a plot that is saved before it has ever been in sight, px. */
const UNSEEN = { width: 640, height: 280 };

export class Chart extends ChartFrame {
  /** @type {ChartSpec|null} */
  #spec = null;

  /** @type {uPlot|null} */
  #plot = null;

  /** What uPlot was built for; a change of it needs a new one. */
  #shape = '';

  /** @type {boolean|null} */
  #chosenLog = null;

  #log = false;

  /** The ticks as they were drawn last. @type {{x: Tick[], y: Tick[]}} */
  #ticks = { x: [], y: [] };

  #onPick;

  #simulated;

  /**
   * @param {HTMLElement} parent
   * @param {{id: string, title: string, simulated: () => string[], onPick?: (request: number) => void}} options with what
   * saved pictures say they are about; where points are requests, what happens to one that is chosen
   */
  constructor(parent, { id, title, simulated, onPick }) {
    const keys = `Left and right arrow keys read the points${onPick ? ', Enter selects the request' : ''}`;
    super(parent, { id, title, kind: 'chart', keys });
    this.#onPick = onPick;
    this.#simulated = simulated;
    this.figure.classList.toggle('picks', onPick !== undefined);
    this.logButton = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': 'log scale', 'aria-pressed': 'false', hidden: true },
      'log',
    );
    this.tools.prepend(this.logButton);
    this.tools.append(this.#saveButtons());
    this.#listen();
  }

  /** Takes the chart away: its data, or its picture as it stands. */
  #saveButtons() {
    const named = (/** @type {string} */ kind, /** @type {(spec: ChartSpec) => Promise<void>} */ save) =>
      saveButton(kind, () => this.#spec, save, this.readout);
    const titleOf = (/** @type {ChartSpec} */ { title = this.title }) => title;
    const csv = named('CSV', async (spec) => {
      const { chartCsv, fileName } = await import('./export.js');
      download(fileName(titleOf(spec), 'csv'), chartCsv(spec), 'text/csv');
    });
    const svg = named('SVG', async (spec) => {
      const [{ fileName }, { chartSvg }] = await Promise.all([import('./export.js'), import('./svg.js')]);
      const colours = (/** @type {string} */ name) => colour(this.figure, name);
      const drawn = this.#drawnAxes(await this.#drawnPlot(spec));
      const text = chartSvg(spec, { title: titleOf(spec), drawn, colours, simulated: this.#simulated() });
      download(fileName(titleOf(spec), 'svg'), text, 'image/svg+xml');
    });
    const png = named('PNG', async (spec) => {
      const { chartPng, fileName } = await import('./export.js');
      const { canvas } = (await this.#drawnPlot(spec)).ctx;
      const simulated = this.#simulated();
      const words = { title: titleOf(spec), summary: spec.summary, legend: legendOf(spec), simulated };
      download(fileName(titleOf(spec), 'png'), await chartPng(canvas, words));
    });
    return saveMenu(csv, svg, png);
  }

  /**
   * The plot, which may not have been drawn yet where the table is shown in its place.
   * @param {ChartSpec} spec
   */
  async #drawnPlot(spec) {
    const plot = this.#plot ?? this.#build(spec, UNSEEN);
    // uPlot draws after the task that has changed it.
    await null;
    return plot;
  }

  /**
   * @param {uPlot} plot
   * @returns {DrawnAxes}
   */
  #drawnAxes({ scales }) {
    const range = ({ min = 0, max = 1 }) => /** @type {[number, number]} */ ([min, max]);
    const axis = (/** @type {'x'|'y'} */ name) => ({ range: range(scales[name]), ticks: this.#ticks[name] });
    return { log: this.#log, x: axis('x'), y: axis('y') };
  }

  #listen() {
    this.logButton.addEventListener('click', () => {
      this.#chosenLog = this.logButton.getAttribute('aria-pressed') !== 'true';
      this.#draw();
    });
    this.surface.addEventListener('keydown', (event) => this.#onKey(event));
    this.surface.addEventListener('blur', () => this.#hideCursor());
    this.surface.addEventListener('click', () => this.#pick());
    new ResizeObserver(() => this.#resize()).observe(this.surface);
    onThemeChange(() => this.#rebuild());
  }

  /**
   * Shows this description; null says that there is nothing to show yet.
   * @param {ChartSpec|null} spec
   */
  update(spec) {
    this.#spec = spec;
    this.figure.classList.toggle('empty', spec === null);
    if (spec === null) {
      this.#clear();
      return;
    }
    setWords(this.summary, spec.summary);
    this.notes.show(spec.notes);
    this.#draw();
    this.fillTable();
  }

  /** Nothing is left of an earlier run that a reader, or a screen reader, could take for the present one. */
  #clear() {
    setWords(this.summary, '');
    this.notes.show();
    this.#plot?.destroy();
    this.#plot = null;
    this.table.replaceChildren();
  }

  #draw() {
    const spec = this.#spec;
    if (spec === null) return;
    const log = isLogarithmic(spec, this.#chosenLog, this.#log);
    this.#log = log;
    this.logButton.hidden = spec.y.log !== 'auto';
    this.logButton.setAttribute('aria-pressed', String(log));
    const shape = plotShape(spec, log);
    if (this.#plot && shape === this.#shape) {
      this.#plot.setData(alignedData(spec));
      // By itself uPlot keeps the texts of the ticks while the scales are as before.
      this.#plot.redraw(false, true);
    } else {
      this.#shape = shape;
      this.#rebuild();
    }
    this.#showLegend();
  }

  #rebuild() {
    const spec = this.#spec;
    const { clientWidth: width, clientHeight: height } = this.surface;
    // A plot of another shape must not come back when the chart is no longer hidden.
    this.#plot?.destroy();
    this.#plot = null;
    if (spec !== null && width > 0 && height > 0) this.#build(spec, { width, height });
  }

  /**
   * @param {ChartSpec} spec
   * @param {{width: number, height: number}} size
   */
  #build(spec, size) {
    const options = plotOptions(this.surface, () => this.#spec ?? spec, {
      log: this.#log,
      ...size,
      onCursor: (index) => this.#onCursor(index),
      onTicks: (axis, ticks) => {
        this.#ticks[axis] = ticks;
      },
    });
    this.#plot = new uPlot(options, alignedData(spec), this.surface);
    return this.#plot;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.surface;
    if (width === 0 || height === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height });
    else this.#rebuild();
  }

  dataTable() {
    return this.#spec && dataTable(this.#spec, this.#spec.title ?? this.title);
  }

  #showLegend() {
    const spec = this.#spec;
    if (spec === null || (this.#plot?.cursor.idx ?? null) !== null) return;
    this.readout.replaceChildren(...legendOf(spec).map(legendEntry));
  }

  /** @param {number|null} index */
  #onCursor(index) {
    if (index === null || this.#spec === null || index >= this.#spec.xs.length) {
      this.announce(null);
      this.#showLegend();
      return;
    }
    const words = describePoint(this.#spec, index);
    setWords(this.readout, words);
    this.announce(words);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const plot = this.#plot;
    const spec = this.#spec;
    if (!plot || !spec || spec.xs.length === 0) return;
    const last = spec.xs.length - 1;
    const page = Math.max(1, Math.round(last / 10));
    const now = plot.cursor.idx ?? null;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowRight: now === null ? 0 : now + 1,
      ArrowLeft: now === null ? last : now - 1,
      PageUp: (now ?? 0) + page,
      PageDown: (now ?? last) - page,
      Home: 0,
      End: last,
    };
    if (event.key === 'Escape') {
      this.#hideCursor();
    } else if (event.key === 'Enter') {
      this.#pick();
    } else if (event.key in targets) {
      event.preventDefault();
      this.#moveCursor(Math.min(Math.max(targets[event.key], 0), last));
    }
  }

  /** Selects the request under the cursor, where points are requests. */
  #pick() {
    const request = this.#spec?.requests?.[this.#plot?.cursor.idx ?? -1];
    if (request !== undefined) this.#onPick?.(request);
  }

  /** @param {number} index */
  #moveCursor(index) {
    if (!this.#plot || !this.#spec) return;
    const left = this.#plot.valToPos(this.#spec.xs[index], 'x');
    this.#plot.setCursor({ left, top: this.#plot.over.clientHeight / 2 });
  }

  #hideCursor() {
    this.#plot?.setCursor({ left: -10, top: -10 });
  }
}

/**
 * @param {ChartSpec} spec
 * @returns {uPlot.AlignedData}
 */
function alignedData(spec) {
  return /** @type {uPlot.AlignedData} */ ([spec.xs, ...spec.series.map(({ values }) => values)]);
}

/** @param {LegendEntry} entry */
function legendEntry({ label, colour, kind }) {
  return element('span', { class: `legend ${kind} ${colour.replace(/^--/, 'colour-')}` }, label);
}
