// The curve of the Story: the wait against the number of servers, with its zones, and a point that is dragged along it.

import { duration } from '../../shared/format.js';
import { element, setWords, svgElement } from '../../ui/dom.js';
import * as words from '../../words/story.js';

/** @import {Sweep} from '../../shared/types.d.ts' */
/** @import {Load, Zone} from './zones.js' */

/** A wait at a number of servers, and the shortest and longest over the seeds. @typedef {{at: number, ms: number, low: number, high: number}} Point */

/**
 * What is drawn.
 * @typedef {object} CurveSpec
 * @property {Point[]} points ascending, those that are known
 * @property {[number, number]} range of the servers
 * @property {number} here where the slider is
 * @property {number} start where one started
 * @property {boolean} stale whether the points are of another scene, while those of this one are computed
 * @property {{reads: number, finishes: number}|null} borders of the zones
 */

/** Room around the plot, px. */
const LEFT = 58;
const RIGHT = 14;
const TOP = 46;
const BOTTOM = 44;

/** Between a point and its label, px. */
const GAP = 14;

/** About the width of a character of a label, px. */
const CHARACTER = 7.5;

/** A press that moves further than this is a drag, px; what moves up or down scrolls the page. */
const STILL = 4;

/** The figure that the curve shows, as the sweep names it. */
const FIGURE = 'ttft-p99';

/**
 * The points of a sweep over the instances.
 * @param {Sweep|null} sweep
 * @returns {Point[]}
 */
export function pointsOf(sweep) {
  if (sweep?.axis !== 'instances') return [];
  return sweep.points.flatMap(({ at, bySeed }) => {
    const ms = bySeed.get(sweep.seed)?.[FIGURE];
    // Without a first token there is no wait.
    const all = [...bySeed.values()].map((figures) => figures[FIGURE]).filter((each) => each > 0);
    return ms !== undefined && ms > 0 ? [{ at, ms, low: Math.min(...all), high: Math.max(...all) }] : [];
  });
}

/**
 * The powers of ten around all values: they stay while the slider moves.
 * @param {Point[]} points
 * @returns {number[]} ms, at least two
 */
export function decades(points) {
  const low = Math.floor(Math.log10(Math.min(...points.map(({ low: ms }) => ms))));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...points.map(({ high: ms }) => ms)))), low + 1);
  return Array.from({ length: high - low + 1 }, (_unused, i) => Number(`1e${low + i}`));
}

/**
 * From servers and ms to px, and back to servers.
 * @param {{width: number, height: number}} size
 * @param {[number, number]} range
 * @param {number[]} ticks ms
 */
export function scales({ width, height }, [first, last], ticks) {
  const across = (width - LEFT - RIGHT) / Math.max(last - first, 1);
  const [bottom, top] = [Math.log10(ticks[0]), Math.log10(ticks[ticks.length - 1])];
  const up = (height - TOP - BOTTOM) / (top - bottom);
  return {
    x: (/** @type {number} */ at) => LEFT + (at - first) * across,
    y: (/** @type {number} */ ms) => height - BOTTOM - (Math.log10(ms) - bottom) * up,
    at: (/** @type {number} */ x) => first + (x - LEFT) / across,
  };
}

/** @typedef {ReturnType<typeof scales>} Scales */

/**
 * The zones from left to right, as far as they are in the range.
 * @param {[number, number]} range
 * @param {{reads: number, finishes: number}} borders
 * @returns {{zone: Zone, from: number, to: number}[]}
 */
export function zonesIn([first, last], { reads, finishes }) {
  const inside = (/** @type {number} */ at) => Math.min(Math.max(at, first), last);
  const all = /** @type {{zone: Zone, from: number, to: number}[]} */ ([
    { zone: 'behind', from: first, to: inside(reads) },
    { zone: 'fills', from: inside(reads), to: inside(finishes) },
    { zone: 'keeps', from: inside(Math.max(reads, finishes)), to: last },
  ]);
  return all.filter(({ from, to }) => to > from);
}

/** @param {{x: number, y: number}[]} points */
const path = (points) => points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

export class Curve {
  #onChoose;

  /** @type {CurveSpec|null} */
  #spec = null;

  /** @type {Scales|null} */
  #scales = null;

  /** The press under way: where it began, and whether it has become a drag. @type {{id: number, x: number, moved: boolean}|null} */
  #press = null;

  /** Whether the point has been taken and not moved yet. */
  #fresh = false;

  /** @param {(servers: number, first: boolean) => void} onChoose first: whether a drag or a press begins with it */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.plot = svgElement('svg', { class: 'curve-plot', role: 'img', 'aria-labelledby': 'story-curve-words' });
    this.words = element('p', { class: 'visually-hidden', id: 'story-curve-words' });
    this.box = element('div', { class: 'curve-box' }, this.plot);
    this.root = element('div', {}, this.box, this.words);
    const listen = (/** @type {string} */ name, /** @type {(event: PointerEvent) => void} */ act) =>
      this.plot.addEventListener(name, (event) => act(/** @type {PointerEvent} */ (event)));
    listen('pointerdown', (event) => this.#take(event));
    listen('pointermove', (event) => this.#move(event));
    listen('pointerup', (event) => this.#drop(event));
    // The browser has taken the press over, to scroll.
    listen('pointercancel', () => {
      this.#press = null;
    });
    new ResizeObserver(() => this.#draw()).observe(this.box);
  }

  /** @param {CurveSpec} spec */
  show(spec) {
    this.#spec = spec;
    setWords(this.words, words.curveWords(spec.points, spec.here));
    this.box.classList.toggle('stale', spec.stale);
    this.#draw();
  }

  /** @param {PointerEvent} event */
  #take({ button, pointerId: id, clientX: x }) {
    if (button !== 0 || this.#scales === null || this.#press !== null) return;
    this.#press = { id, x, moved: false };
    this.#fresh = true;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const press = this.#press;
    if (press === null || press.id !== event.pointerId) return;
    if (!press.moved && Math.abs(event.clientX - press.x) > STILL) {
      press.moved = true;
      this.plot.setPointerCapture(press.id);
    }
    if (press.moved) this.#choose(event);
  }

  /** @param {PointerEvent} event */
  #drop(event) {
    if (this.#press?.id !== event.pointerId) return;
    this.#choose(event);
    this.#press = null;
  }

  /** @param {PointerEvent} event */
  #choose({ clientX }) {
    if (this.#spec === null || this.#scales === null) return;
    const wanted = this.#scales.at(clientX - this.box.getBoundingClientRect().left);
    const [first, last] = this.#spec.range;
    const servers = Math.min(Math.max(Math.round(wanted), first), last);
    if (servers === this.#spec.here) return;
    // The point follows at once; its run is on its way.
    this.#spec = { ...this.#spec, here: servers };
    this.#draw();
    this.#onChoose(servers, this.#fresh);
    this.#fresh = false;
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.box;
    const spec = this.#spec;
    if (spec === null || width === 0 || height === 0) return;
    this.plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    if (spec.points.length === 0) {
      this.plot.replaceChildren();
      return;
    }
    const ticks = decades(spec.points);
    this.#scales = scales({ width, height }, spec.range, ticks);
    this.plot.replaceChildren(
      ...this.#zones(spec, this.#scales, height),
      ...this.#axes(spec, this.#scales, ticks, { width, height }),
      ...this.#line(spec, this.#scales),
      ...this.#marks(spec, this.#scales, width),
    );
  }

  /**
   * @param {CurveSpec} spec
   * @param {Scales} to
   * @param {number} height
   */
  #zones({ range, borders }, to, height) {
    if (borders === null) return [];
    return zonesIn(range, borders).flatMap(({ zone, from, to: end }) => {
      const [x, right] = [to.x(from), to.x(end)];
      const middle = (x + right) / 2;
      const box = { x, y: 0, width: right - x, height: height - BOTTOM };
      const lines = right - x < 52 ? [] : words.ZONES[zone].lines;
      return [
        svgElement('rect', { ...box, class: `zone ${zone}` }),
        ...lines.map((line, i) =>
          svgElement('text', { x: middle, y: 16 + 17 * i, class: `zone-words ${zone}`, 'text-anchor': 'middle' }, line),
        ),
      ];
    });
  }

  /**
   * @param {CurveSpec} spec
   * @param {Scales} to
   * @param {number[]} ticks
   * @param {{width: number, height: number}} size
   */
  #axes({ range: [first, last] }, to, ticks, { width, height }) {
    const across = ticks.flatMap((ms) => [
      svgElement('line', { x1: LEFT, x2: width - RIGHT, y1: to.y(ms), y2: to.y(ms), class: 'grid' }),
      svgElement('text', { x: LEFT - 8, y: to.y(ms) + 5, 'text-anchor': 'end', class: 'tick' }, duration(ms)),
    ]);
    const numbers = serverTicks(first, last).map((at) =>
      svgElement('text', { x: to.x(at), y: height - 24, 'text-anchor': 'middle', class: 'tick' }, String(at)),
    );
    const name = { x: (LEFT + width - RIGHT) / 2, y: height - 5, 'text-anchor': 'middle', class: 'tick' };
    return [...across, ...numbers, svgElement('text', name, words.CURVE_AXIS)];
  }

  /**
   * @param {CurveSpec} spec
   * @param {Scales} to
   */
  #line({ points }, to) {
    const up = points.map(({ at, high }) => ({ x: to.x(at), y: to.y(high) }));
    const down = points.map(({ at, low }) => ({ x: to.x(at), y: to.y(low) })).reverse();
    const line = points.map(({ at, ms }) => ({ x: to.x(at), y: to.y(ms) }));
    return [
      svgElement('path', { d: `${path([...up, ...down])}Z`, class: 'spread' }),
      svgElement('path', { d: path(line), class: 'line' }),
      ...line.map(({ x, y }) => svgElement('circle', { cx: x, cy: y, r: 3, class: 'dot' })),
    ];
  }

  /**
   * @param {CurveSpec} spec
   * @param {Scales} to
   * @param {number} width
   */
  #marks({ points, here, start }, to, width) {
    const [from, now] = [start, here].map((servers) => points.find(({ at }) => at === servers));
    const marks = [];
    if (from && start !== here) {
      marks.push(svgElement('circle', { cx: to.x(from.at), cy: to.y(from.ms), r: 6, class: 'from' }));
      marks.push(label(from, to, width, 'from'));
    }
    if (now) {
      marks.push(svgElement('circle', { cx: to.x(now.at), cy: to.y(now.ms), r: 22, class: 'halo' }));
      marks.push(svgElement('circle', { cx: to.x(now.at), cy: to.y(now.ms), r: 11, class: 'now' }));
      marks.push(label(now, to, width, 'now'));
    }
    return marks;
  }
}

/**
 * Beside its point on the side where the curve leaves room: right above, or left above at the end of the plot.
 * @param {Point} point
 * @param {Scales} to
 * @param {number} width
 * @param {string} name
 */
function label({ at, ms }, to, width, name) {
  const text = words.pointLabel(at, ms);
  const [x, y] = [to.x(at), to.y(ms)];
  const fits = x + GAP + text.length * CHARACTER < width - RIGHT;
  return svgElement(
    'text',
    { x: fits ? x + GAP : x - GAP, y: y - GAP, 'text-anchor': fits ? 'start' : 'end', class: `point-words ${name}` },
    text,
  );
}

/**
 * The servers that have a number on the axis: the ends, and every fourth.
 * @param {number} first
 * @param {number} last
 */
export function serverTicks(first, last) {
  const step = Math.max(Math.ceil((last - first) / 4), 1);
  const inner = Array.from({ length: last - first + 1 }, (_unused, i) => first + i).filter((at) => at % step === 0);
  return [...new Set([first, ...inner.filter((at) => at - first > step / 2), last])].filter(
    (at) => at === last || last - at > step / 2,
  );
}
