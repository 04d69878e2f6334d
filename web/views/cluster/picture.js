// The canvas: its size, its frames, and how pointer and keyboard choose instances and requests on it.

import { onThemeChange } from '../../charts/theme.js';
import { element, setWords } from '../../ui/dom.js';
import { storyPictureWords } from '../../words/cluster.js';
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

const LABEL =
  'Picture of the cluster. Arrow keys choose an instance, Enter goes to its requests, Enter again inspects one, Escape goes back.';

export class Picture {
  #sprites = new Sprites();

  /** @type {Layout|null} */
  #layout = null;

  /** Instead of the other one, where the picture stands in the Story. @type {StoryLayout|null} */
  #story = null;

  #inStory = false;

  /** @type {MomentView|null} */
  #moment = null;

  /** @type {Selection} */
  #selection = { instance: 0, index: null };

  /** @type {number|null} */
  #request = null;

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
    this.stand(false);
    new ResizeObserver(() => this.#resize()).observe(this.root);
    onThemeChange(() => this.#resize());
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
      : { role: 'application', 'aria-label': LABEL, 'aria-roledescription': 'picture', tabindex: '0' };
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
    if (this.#inStory) this.#story = storyLayout(width, height, this.#instances, this.bounds.fullest);
    else this.#layout = layoutFor(width, height, this.#instances);
    this.redraw();
  }

  redraw() {
    const ctx = this.canvas.getContext('2d');
    if (ctx === null || this.#moment === null) return;
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    if (this.#story !== null) drawStory(ctx, { layout: this.#story, moment: this.#moment, sprites: this.#sprites });
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
  #onClick(event) {
    if (this.#layout === null || this.#moment === null) return;
    const box = this.canvas.getBoundingClientRect();
    const found = under(this.#layout, this.#moment, { x: event.clientX - box.left, y: event.clientY - box.top });
    if (found === null) return;
    this.#selection = found;
    this.#announce();
    if (found.index !== null) this.#onInspect(requestsOf(this.#moment, found.instance)[found.index]);
  }

  #announce() {
    const moment = this.#moment;
    if (moment === null || this.#inStory) return;
    const { instance, index } = this.#selection;
    const words =
      index === null ? instanceInWords(moment, instance, this.bounds) : requestInWords(moment, instance, index);
    setWords(this.readout, words);
    this.redraw();
  }
}

/**
 * @param {MomentView} moment
 * @param {number} instance
 * @param {number} index
 */
function requestInWords(moment, instance, index) {
  const request = requestsOf(moment, instance)[index];
  const queued = moment.queues[instance].length;
  if (request === undefined) return `Instance ${instance}: no request is there any more.`;
  if (index < queued) {
    const state = moment.evicted[instance][index] ? 'preempted, waiting again' : 'waiting';
    return `Request ${request}: ${state}, place ${index + 1} in the queue of instance ${instance}. Enter inspects it.`;
  }
  const state = moment.prefill[instance][index - queued] ? 'in prefill' : 'in decode';
  return `Request ${request}: ${state}, place ${index - queued + 1} in the batch of instance ${instance}. Enter inspects it.`;
}
