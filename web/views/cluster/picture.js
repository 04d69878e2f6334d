// The canvas: its size, its frames, and how pointer and keyboard choose instances and requests on it.

import { scaleOf } from '../../charts/picture_file.js';
import { onThemeChange } from '../../charts/theme.js';
import { element, setWords } from '../../ui/dom.js';
import { PICTURE, REQUEST_WORDS, serverName, storyPictureWords } from '../../words/cluster.js';
import { shortClockText } from './clock.js';
import { draw } from './draw.js';
import { drawStory } from './draw_story.js';
import { layoutFor } from './layout.js';
import { instanceInWords } from './moment.js';
import { storyLayout } from './story_layout.js';
import { afterKey, requestsOf, under } from './selection.js';
import { Sprites } from './sprites.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Layout} from './layout.js' */
/** @import {Bounds} from './moment.js' */
/** @import {Pulses} from './pulses.js' */
/** @import {Selection} from './selection.js' */
/** @import {StoryLayout} from './story_layout.js' */

/**
 * A moment as a picture for elsewhere, which can be drawn at any scale.
 * @typedef {object} Snapshot
 * @property {MomentView} moment
 * @property {number} width CSS pixels
 * @property {number} height
 * @property {(ctx: CanvasRenderingContext2D) => void} draw
 */

export class Picture {
  #sprites = new Sprites();

  /** @type {Layout|null} */
  #layout = null;

  /** Instead of the other one, where the picture stands in the Story. @type {StoryLayout|null} */
  #story = null;

  #inStory = false;

  /** The instance that the pointer is on. @type {number|null} */
  #pointed = null;

  /** @type {MomentView|null} */
  #moment = null;

  /** @type {Selection} */
  #selection = { instance: 0, index: null };

  /** @type {number|null} */
  #request = null;

  /** Whether a finger points at it. */
  #coarse = matchMedia('(pointer: coarse)');

  #pulses;

  #onInspect;

  /** The run whose bounds the layout knows. @type {Bounds|null} */
  #laidOutFor = null;

  /** @type {Bounds} */
  bounds = { limit: 1, kvBlocks: 1, stepBudget: 1, fullest: 1 };

  /**
   * @param {Pulses} pulses
   * @param {(request: number) => void} onInspect
   */
  constructor(pulses, onInspect) {
    this.#pulses = pulses;
    this.#onInspect = onInspect;
    this.canvas = element('canvas', { id: 'cluster-picture' });
    this.readout = element('p', { class: 'cluster-readout', 'aria-live': 'polite', id: 'cluster-readout' });
    this.root = element('div', { class: 'cluster-picture' }, this.canvas);
    this.canvas.addEventListener('keydown', (event) => this.#onKey(event));
    this.canvas.addEventListener('focus', () => this.#announce());
    this.canvas.addEventListener('blur', () => this.redraw());
    this.canvas.addEventListener('click', (event) => this.#onClick(event));
    this.canvas.addEventListener('pointermove', (event) => this.#onPoint(event));
    this.canvas.addEventListener('pointerleave', () => this.#onPoint(null));
    this.stand(false);
    new ResizeObserver(() => this.#resize()).observe(this.root);
    onThemeChange(() => this.#resize());
    matchMedia('(forced-colors: active)').addEventListener('change', () => this.#resize());
  }

  /** What is shown. */
  get moment() {
    return this.#moment;
  }

  get #instances() {
    return this.#moment?.instanceCount ?? 0;
  }

  /**
   * In the Story the picture is looked at; elsewhere it is walked through.
   * @param {boolean} inStory
   */
  stand(inStory) {
    this.#inStory = inStory;
    this.#layout = null;
    this.#story = null;
    const attributes = inStory
      ? { role: 'img', 'aria-label': '' }
      : { role: 'application', 'aria-label': PICTURE.label, 'aria-roledescription': PICTURE.role, tabindex: '0' };
    for (const name of ['role', 'aria-label', 'aria-roledescription', 'tabindex']) this.canvas.removeAttribute(name);
    for (const [name, value] of Object.entries(attributes)) this.canvas.setAttribute(name, value);
    setWords(this.readout, '');
    if (this.#moment !== null) this.describe(this.#moment);
    this.#resize();
  }

  /** Requests that a dot of the Story's picture stands for. */
  get dotRequests() {
    return this.#story?.each ?? 1;
  }

  /**
   * Says what the picture of the Story shows.
   * @param {MomentView} moment
   */
  describe({ timeUs, instanceCount, counts }) {
    if (!this.#inStory) return;
    const { waiting, evicted, prefill, decode } = counts;
    const numbers = { servers: instanceCount, waiting: waiting + evicted, answering: prefill + decode };
    this.canvas.setAttribute('aria-label', storyPictureWords({ ...numbers, clock: shortClockText(timeUs) }));
  }

  /**
   * @param {MomentView} moment
   * @param {boolean} now whether to draw at once, not with the next frame
   */
  show(moment, now) {
    const before = this.#instances;
    this.#moment = moment;
    if (before !== this.#instances || this.bounds !== this.#laidOutFor) {
      this.#selection = { instance: 0, index: null };
      this.#resize();
      return;
    }
    if (now) this.redraw();
  }

  /** @param {number|null} request */
  mark(request) {
    this.#request = request;
    this.redraw();
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0 || this.#moment === null) return;
    this.#laidOutFor = this.bounds;
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.#sprites.refresh(this.canvas, devicePixelRatio);
    // What is printed keeps the ground that it was drawn for.
    this.canvas.style.setProperty('--drawn-on', this.#sprites.colours['--paper']);
    if (this.#inStory) this.#story = storyLayout(width, height, this.#instances, this.bounds.fullest);
    else this.#layout = layoutFor(width, height, this.#instances);
    this.redraw();
  }

  redraw() {
    const ctx = this.canvas.getContext('2d');
    if (ctx === null || this.#moment === null) return;
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ctx.clearRect(0, 0, this.root.clientWidth, this.root.clientHeight);
    if (this.#story !== null) this.#drawStory(ctx, this.#story, this.#moment.instances);
    if (this.#layout === null) return;
    draw(ctx, {
      layout: this.#layout,
      moment: this.#moment,
      sprites: this.#sprites,
      bounds: this.bounds,
      pulses: this.#pulses.alive,
      selection: document.activeElement === this.canvas ? this.#selection : null,
      request: this.#request,
    });
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {StoryLayout} layout
   * @param {MomentView['instances']} instances
   */
  #drawStory(ctx, layout, { waiting, prefill, decode, routable, lost }) {
    const running = prefill.map((requests, at) => requests + decode[at]);
    const lostAt = (/** @type {number} */ at) => (routable[at] === 0 ? lost[at] : null);
    const names = { nameOf: serverName, first: 1, last: waiting.length };
    drawStory(ctx, { layout, waiting, running, lostAt, ...names, sprites: this.#sprites });
  }

  /**
   * What is shown, to be drawn elsewhere: without keyboard, and larger.
   * @returns {Snapshot|null} null before there is anything
   */
  snapshot() {
    const [layout, moment, request, bounds] = [this.#layout, this.#moment, this.#request, this.bounds];
    if (layout === null || moment === null) return null;
    const { width, height } = layout;
    const sprites = new Sprites();
    sprites.refresh(this.canvas, scaleOf(width));
    const scene = { layout, moment, sprites, bounds, pulses: [], selection: null, request };
    return { moment, width, height, draw: (ctx) => draw(ctx, scene) };
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const moment = this.#moment;
    if (moment === null || this.#layout === null) return;
    const requests = requestsOf(moment, this.#selection.instance);
    const { index } = this.#selection;
    if (event.key === 'Enter' && index !== null && index < requests.length) {
      event.preventDefault();
      this.#onInspect(requests[index]);
      return;
    }
    const counts = { columns: this.#layout.columns, instances: this.#instances, requests: requests.length };
    const next = afterKey(this.#selection, event.key, counts);
    if (next === null) return;
    event.preventDefault();
    this.#selection = next;
    this.#announce();
  }

  /** @param {MouseEvent} event */
  #under(event) {
    if (this.#layout === null || this.#moment === null) return null;
    const box = this.canvas.getBoundingClientRect();
    return under(this.#layout, this.#moment, { x: event.clientX - box.left, y: event.clientY - box.top });
  }

  /**
   * What the pointer is on is said below the picture: many cards have no room for words.
   * @param {PointerEvent|null} event
   */
  #onPoint(event) {
    const instance = event === null ? null : (this.#under(event)?.instance ?? null);
    if (instance === this.#pointed) return;
    this.#pointed = instance;
    this.#read();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const found = this.#under(event);
    if (found === null || this.#moment === null) return;
    this.#selection = found;
    this.#announce();
    if (found.index !== null) this.#onInspect(requestsOf(this.#moment, found.instance)[found.index]);
  }

  #announce() {
    this.#pointed = null;
    this.#read();
    this.redraw();
  }

  /** Says what the keyboard or the pointer is on. */
  #read() {
    const moment = this.#moment;
    if (moment === null || this.#inStory) return;
    const { instance, index } = this.#pointed === null ? this.#selection : { instance: this.#pointed, index: null };
    setWords(
      this.readout,
      index === null
        ? instanceInWords(moment, instance, this.bounds)
        : requestInWords(moment, instance, index, !this.#coarse.matches),
    );
  }
}

/**
 * @param {MomentView} moment
 * @param {number} instance
 * @param {number} index
 * @param {boolean} keys whether to say what a key does
 */
export function requestInWords(moment, instance, index, keys) {
  const request = requestsOf(moment, instance)[index];
  const queued = moment.queues[instance].length;
  if (request === undefined) return REQUEST_WORDS.gone(instance);
  const place = index - queued;
  const words =
    place < 0
      ? REQUEST_WORDS.queued(request, instance, index + 1, moment.evicted[instance][index] > 0)
      : REQUEST_WORDS.running(request, instance, place + 1, moment.prefill[instance][place] > 0);
  return `${words}${keys ? REQUEST_WORDS.key : ''}`;
}
