// The one chart of the page: what uPlot lacks is added here once, such as a plot that the keyboard reads point by point.

import uPlot from 'uplot';
import { element, setWords } from '../ui/dom.js';
import { CHART, GO_THERE, LOG, LOG_SCALE, READ_POINTS, SELECT_REQUEST } from '../words/charts.js';
import { filesMenu } from './chart_files.js';
import { Choosing, withChoice } from './choosing.js';
import { ChartFrame } from './frame.js';
import { plotOptions, plotShape } from './options.js';
import { describePoint, isLogarithmic, legendOf } from './spec.js';
import { dataTable } from './table.js';
import { colour, onThemeChange } from './theme.js';

/** @import {ChartSpec, DrawnAxes, LegendEntry, Tick} from './spec.js' */

/** The size of a plot that is saved before it has ever been in sight, px. */
const UNSEEN = { width: 640, height: 280 };

export class Chart extends ChartFrame {
  /** The description. @type {ChartSpec|null} */
  #given = null;

  /** The same as it is shown: with the mark of its choice. @type {ChartSpec|null} */
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

  /** Only of a chart that is a control. @type {Choosing|null} */
  #choosing = null;

  /** What came while the mark was being pulled, and would have moved the values under it. @type {ChartSpec|null} */
  #later = null;

  /**
   * @param {HTMLElement} parent
   * @param {object} options
   * @param {string} options.id
   * @param {string} options.title
   * @param {() => string[]} options.simulated what saved pictures say they are about
   * @param {(request: number) => void} [options.onPick] where points are requests, what happens to one that is chosen
   * @param {(at: number, first: boolean) => void} [options.onChoose] where the chart has a choice, what happens to a value that is chosen
   */
  constructor(parent, { id, title, simulated, onPick, onChoose }) {
    const keys = [READ_POINTS, ...(onPick ? [SELECT_REQUEST] : []), ...(onChoose ? [GO_THERE] : [])].join(', ');
    super(parent, { id, title, kind: CHART, keys });
    this.#onPick = onPick;
    this.#simulated = simulated;
    this.figure.classList.toggle('picks', onPick !== undefined);
    this.logButton = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': LOG_SCALE, 'aria-pressed': 'false', hidden: true },
      LOG,
    );
    this.tools.prepend(this.logButton);
    this.tools.append(this.#files());
    if (onChoose) this.#choosing = this.#control(onChoose);
    this.#listen();
  }

  /** @param {(at: number, first: boolean) => void} onChoose */
  #control(onChoose) {
    return new Choosing(this.surface, {
      plot: () => this.#plot,
      spec: () => this.#spec,
      onChoose: (at, first) => {
        this.#show();
        this.#moveCursor(Array.from(this.#spec?.xs ?? []).indexOf(at));
        onChoose(at, first);
      },
      onEnd: () => this.update(this.#later ?? this.#given),
    });
  }

  /** Takes the chart away: its data, or its picture as it stands. */
  #files() {
    const title = (/** @type {ChartSpec} */ { title: own = this.title }) => own;
    return filesMenu({
      shown: () => this.#spec,
      title,
      csv: async (spec) => (await import('./export.js')).chartCsv(spec),
      sheet: async (spec) => {
        const [drawn, { chartSheet }] = await Promise.all([this.#drawnPlot(spec), import('./svg.js')]);
        const colours = (/** @type {string} */ name) => colour(this.figure, name);
        const simulated = this.#simulated();
        return chartSheet(spec, { title: title(spec), drawn: this.#drawnAxes(drawn), colours, simulated });
      },
      tell: (words) => this.tell(words),
    });
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
    this.#later = null;
    if (this.#choosing?.isPulling && spec !== null && !sameValues(spec, this.#given)) {
      this.#later = spec;
      return;
    }
    this.#choosing?.settle(spec?.choice?.at);
    this.#given = spec;
    this.#show();
  }

  #show() {
    const spec = this.#given && withChoice(this.#given, this.#choosing?.pulled ?? null);
    this.#spec = spec;
    this.figure.classList.toggle('empty', spec === null);
    this.figure.classList.toggle('chooses', spec?.choice !== undefined);
    this.figure.classList.toggle('turned', spec?.x.turned === true);
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
    const read = this.#plot?.cursor.idx ?? -1;
    // A plot of another shape must not come back when the chart is no longer hidden.
    this.#plot?.destroy();
    this.#plot = null;
    if (spec === null || width === 0 || height === 0) return;
    this.#build(spec, { width, height });
    // Keys go on from the point where they were.
    if (document.activeElement === this.surface) this.#moveCursor(Math.min(read, spec.xs.length - 1));
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
    if (!this.#plot) {
      this.#rebuild();
      return;
    }
    const read = this.#plot.cursor.idx ?? -1;
    this.#plot.setSize({ width, height });
    if (document.activeElement === this.surface) this.#moveCursor(read);
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
      this.#choose();
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

  /** Goes to the value under the cursor, where values can be chosen. */
  #choose() {
    const at = this.#spec?.xs[this.#plot?.cursor.idx ?? -1];
    if (at !== undefined && this.#spec?.choice) this.#choosing?.set(at);
  }

  /** @param {number} index */
  #moveCursor(index) {
    if (!this.#plot || !this.#spec || index < 0) return;
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

/**
 * @param {ChartSpec} spec
 * @param {ChartSpec|null} other
 */
function sameValues({ xs }, other) {
  return xs.length === other?.xs.length && Array.from(xs).every((x, i) => x === other.xs[i]);
}

/** @param {LegendEntry} entry */
function legendEntry({ label, colour, kind }) {
  return element('span', { class: `legend ${kind} ${colour.replace(/^--/, 'colour-')}` }, label);
}
