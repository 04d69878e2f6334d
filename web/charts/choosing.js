// A chart as a control: what its x axis stands for is set by pulling the mark along the curve, or by pressing a point.

/** @import uPlot from 'uplot' */
/** @import {ChartSpec} from './spec.js' */

/** A press that has moved less than this, px, is none that pulls: it may be a finger that scrolls. */
const STILL = 4;

/** From so near, px, a mouse takes hold of the handle. */
const NEAR = 14;

/**
 * The index of the value that lies nearest.
 * @param {ArrayLike<number>} xs ascending
 * @param {number} value
 * @param {boolean} [log] whether nearness is meant on a logarithmic scale
 */
export function nearest(xs, value, log = false) {
  const plain = log ? Math.log : (/** @type {number} */ x) => x;
  let best = 0;
  for (let i = 1; i < xs.length; i += 1)
    if (Math.abs(plain(xs[i]) - plain(value)) < Math.abs(plain(xs[best]) - plain(value))) best = i;
  return best;
}

/**
 * The chart with its choice as a mark, at another value while it is being pulled there.
 * @param {ChartSpec} spec
 * @param {number|null} pulled
 * @returns {ChartSpec}
 */
export function withChoice(spec, pulled) {
  if (!spec.choice) return spec;
  const { at: now, label, colour } = spec.choice;
  const at = pulled ?? now;
  const mark = { axis: /** @type {const} */ ('x'), at, label: label(at), colour };
  return { ...spec, choice: { ...spec.choice, at }, markers: [mark, ...(spec.markers ?? [])] };
}

export class Choosing {
  #surface;

  #plot;

  #spec;

  #onChoose;

  #onEnd;

  /** The press under way. @type {{pointer: number, from: number, pulls: boolean, chose: boolean}|null} */
  #press = null;

  /** The value that was chosen last, until it is in force. @type {number|null} */
  pulled = null;

  /** What was in force, and what was chosen on the way: they may still be in force for a while. @type {Set<number>} */
  #passed = new Set();

  /**
   * @param {HTMLElement} surface
   * @param {object} chart
   * @param {() => uPlot|null} chart.plot
   * @param {() => ChartSpec|null} chart.spec as it is shown
   * @param {(at: number, first: boolean) => void} chart.onChoose one of the values of x; whether it is the first of a press
   * @param {() => void} chart.onEnd of a press
   */
  constructor(surface, { plot, spec, onChoose, onEnd }) {
    this.#surface = surface;
    this.#plot = plot;
    this.#spec = spec;
    this.#onChoose = onChoose;
    this.#onEnd = onEnd;
    surface.addEventListener('pointerdown', (event) => this.#down(event));
    surface.addEventListener('pointermove', (event) => this.#move(event));
    surface.addEventListener('pointerup', (event) => this.#up(event));
    surface.addEventListener('pointercancel', (event) => this.#end(event));
  }

  /** Whether a press pulls the mark: what is under it must not move then. */
  get isPulling() {
    return this.#press?.pulls === true;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const over = this.#plot()?.over;
    const isOn = event.target instanceof Node && over?.contains(event.target);
    if (!over || !isOn || event.button !== 0 || !this.#spec()?.choice) return;
    this.#press = { pointer: event.pointerId, from: event.clientX, pulls: false, chose: false };
    over.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const press = this.#press;
    this.#surface.classList.toggle('near', press === null && this.#isNear(event));
    if (press?.pointer !== event.pointerId) return;
    if (!press.pulls && Math.abs(event.clientX - press.from) < STILL) return;
    press.pulls = true;
    this.#surface.classList.add('pulls');
    this.#choose(event);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#press?.pointer !== event.pointerId) return;
    this.#choose(event);
    this.#end(event);
  }

  /** @param {PointerEvent} event */
  #end({ pointerId }) {
    if (this.#press?.pointer !== pointerId) return;
    this.#press = null;
    this.#surface.classList.remove('pulls');
    this.#onEnd();
  }

  /** @param {PointerEvent} event */
  #choose({ clientX }) {
    const [plot, spec] = [this.#plot(), this.#spec()];
    if (!plot || !spec?.choice || spec.xs.length === 0) return;
    const left = clientX - plot.over.getBoundingClientRect().left;
    this.set(spec.xs[nearest(spec.xs, plot.posToVal(left, 'x'), spec.x.log === true)]);
  }

  /**
   * Chooses a value, if it is another one.
   * @param {number} at
   */
  set(at) {
    const from = this.#spec()?.choice?.at;
    if (from === undefined || at === from) return;
    this.pulled = at;
    this.#passed.add(from).add(at);
    const first = !this.#press?.chose;
    if (this.#press) this.#press.chose = true;
    this.#onChoose(at, first);
  }

  /**
   * Follows the value in force, unless the one that was chosen is still on its way.
   * @param {number|undefined} at
   */
  settle(at) {
    if (this.isPulling || (at !== undefined && at !== this.pulled && this.#passed.has(at))) return;
    this.pulled = null;
    this.#passed.clear();
  }

  /** @param {PointerEvent} event */
  #isNear({ clientX, pointerType }) {
    const [plot, choice] = [this.#plot(), this.#spec()?.choice];
    if (!plot || !choice || pointerType !== 'mouse') return false;
    const left = clientX - plot.over.getBoundingClientRect().left;
    return Math.abs(plot.valToPos(choice.at, 'x') - left) < NEAR;
  }
}
