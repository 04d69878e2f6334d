// Buttons, speed and the time line: everything that moves simulated time.

import { colour, onThemeChange } from '../../charts/theme.js';
import { element, setWords } from '../../ui/dom.js';
import { font } from '../../ui/type.js';
import { CALM, HELP, TIME_BUTTONS, TIME_WORDS } from '../../words/cluster.js';
import { REAL_TIME, SPEEDS, clockText, shortClockText, speedText, timeAt } from './clock.js';
import { icon } from './icons.js';
import { beginningOf } from './opening_play.js';

/** @import {PlaybackInfo} from '../../shared/types.d.ts' */
/** @import {Passage} from './opening_play.js' */
/** @import {Player} from './player.js' */

/** How far an arrow key moves on the time line, as a share of the run. */
const ARROW_SHARE = 1 / 200;

const PAGE_SHARE = 1 / 20;

/**
 * @param {string} id
 * @param {string} label
 * @param {Parameters<typeof icon>[0]} symbol
 * @param {() => void} onClick
 */
function button(id, label, symbol, onClick) {
  const made = element('button', { type: 'button', id, 'aria-label': label, title: label });
  made.append(icon(symbol));
  made.addEventListener('click', onClick);
  return made;
}

export class Transport {
  #player;

  #still;

  /** Of the run that is shown. @type {PlaybackInfo|null} */
  info = null;

  /** What Play plays, if not all of the run. @type {Passage|null} */
  #passage = null;

  #inStory = false;

  /** What Play would do. */
  #label = '';

  /**
   * @param {Player} player
   * @param {MediaQueryList} still whether the person asks for less motion
   */
  constructor(player, still) {
    this.#player = player;
    this.#still = still;
    this.play = button('cluster-play', TIME_BUTTONS.play, 'play', () => this.toggle());
    const start = button('cluster-start', TIME_BUTTONS.start, 'start', () => player.seek(0));
    const step = button('cluster-step', TIME_BUTTONS.step, 'step', () => player.step());
    const end = button('cluster-end', TIME_BUTTONS.end, 'end', () => player.seek(player.endUs));
    this.clock = element('output', { class: 'cluster-clock', for: 'cluster-time' });
    this.time = element('input', {
      type: 'range',
      id: 'cluster-time',
      min: 0,
      max: 1,
      step: 1,
      'aria-label': TIME_WORDS.line,
    });
    this.speed = element('input', {
      type: 'range',
      id: 'cluster-speed',
      min: 0,
      max: SPEEDS.length - 1,
      step: 1,
      value: REAL_TIME,
      'aria-label': TIME_WORDS.speed,
    });
    this.speedText = element('span', { class: 'cluster-speed-text' });
    this.depth = element('canvas', { class: 'cluster-depth', 'aria-hidden': 'true' });
    this.calm = element('p', { class: 'cluster-calm' }, CALM);
    this.question = element('button', { type: 'button', class: 'question', 'aria-expanded': 'false' }, '?');
    this.question.setAttribute('aria-label', TIME_WORDS.help);
    this.help = element('p', { class: 'help', hidden: true }, HELP);
    this.question.addEventListener('click', () => this.#openHelp(this.help.hidden === true));
    const speed = element('span', { class: 'cluster-speed' }, this.speed, this.speedText);
    this.buttons = element(
      'div',
      { class: 'cluster-buttons' },
      start,
      this.play,
      step,
      end,
      this.clock,
      speed,
      this.question,
    );
    this.root = element(
      'div',
      { class: 'transport', role: 'group', 'aria-label': TIME_WORDS.group },
      this.buttons,
      element('div', { class: 'cluster-line' }, this.depth, this.time),
      this.calm,
      this.help,
    );
    this.#listen();
    this.#showSpeed();
    this.showPlaying();
  }

  #listen() {
    this.time.addEventListener('input', () => {
      this.#player.pause();
      this.#player.seek(Number(this.time.value));
    });
    this.time.addEventListener('keydown', (event) => this.#onTimeKey(event));
    this.speed.addEventListener('input', () => {
      this.#player.speed = SPEEDS[Number(this.speed.value)];
      this.#showSpeed();
    });
    this.#still.addEventListener('change', () => {
      if (this.#still.matches) this.#player.pause();
      this.showPlaying();
    });
    onThemeChange(() => this.drawDepth());
    new ResizeObserver(() => this.drawDepth()).observe(this.depth);
  }

  /** @param {KeyboardEvent} event */
  #onTimeKey(event) {
    const { timeUs } = this.#player;
    const endUs = this.#endUs;
    const shares = { ArrowRight: ARROW_SHARE, ArrowUp: ARROW_SHARE, ArrowLeft: -ARROW_SHARE, ArrowDown: -ARROW_SHARE };
    const share = { ...shares, PageUp: PAGE_SHARE, PageDown: -PAGE_SHARE }[event.key];
    if (share === undefined) return;
    event.preventDefault();
    this.#player.pause();
    this.#player.seek(timeAt(timeUs / Math.max(endUs, 1) + share, endUs));
  }

  /** Space, Home, End and the point, wherever in the view the keyboard is. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const types = target.matches('input:not([type=range]), select, textarea');
    const presses = target.matches('button, summary, a');
    if (types || (event.key === ' ' && presses)) return;
    const player = this.#player;
    /** @type {Record<string, () => void>} */
    const actions = {
      ' ': () => this.toggle(),
      '.': () => player.step(),
      Home: () => player.seek(0),
      End: () => player.seek(this.#endUs),
    };
    if (!Object.hasOwn(actions, event.key) || (target === this.speed && event.key !== ' ')) return;
    event.preventDefault();
    actions[event.key]();
  }

  /** @param {boolean} inStory */
  stand(inStory) {
    this.#inStory = inStory;
    this.#passage = null;
    this.#openHelp(false);
    this.showPlaying();
    this.showTime();
    this.drawDepth();
  }

  /** Where the time line ends, µs: in the Story with the arrivals, as what comes after them is none of its subject. */
  get #endUs() {
    const { endUs } = this.#player;
    return this.#passage === null ? endUs : Math.min(Math.max(this.#passage.toUs, this.#passage.restUs, 1), endUs);
  }

  /** @param {boolean} open */
  #openHelp(open) {
    this.help.hidden = !open;
    this.question.setAttribute('aria-expanded', String(open));
  }

  toggle() {
    const player = this.#player;
    if (player.playing) player.pause();
    else if (this.#passage !== null) player.playThrough(this.#passage, beginningOf(player.timeUs, this.#passage));
    else player.play();
  }

  /**
   * @param {PlaybackInfo} info
   * @param {Passage|null} passage
   */
  open(info, passage) {
    this.info = info;
    this.#passage = passage;
    this.showPlaying();
    this.time.max = String(this.#endUs);
    this.drawDepth();
    this.showTime();
  }

  showTime() {
    const { timeUs } = this.#player;
    const words = TIME_WORDS.clock(clockText(timeUs), clockText(this.#endUs));
    setWords(this.clock, this.#inStory ? shortClockText(timeUs) : words);
    if (this.#inStory && !this.#player.playing) this.showPlaying();
    this.time.value = String(timeUs);
    this.time.setAttribute('aria-valuetext', words);
  }

  showPlaying() {
    const { playing, timeUs } = this.#player;
    const again = this.#passage !== null && beginningOf(timeUs, this.#passage) === 0 && timeUs > 0;
    const label = playing ? TIME_BUTTONS.pause : again ? TIME_BUTTONS.replay : TIME_BUTTONS.play;
    this.calm.hidden = !this.#still.matches;
    if (label === this.#label && this.#inStory === this.play.classList.contains('worded')) return;
    this.#label = label;
    this.play.classList.toggle('worded', this.#inStory);
    this.play.replaceChildren(icon(playing ? 'pause' : 'play'), ...(this.#inStory ? [element('span', {}, label)] : []));
    this.play.setAttribute('aria-label', label);
    this.play.title = label;
  }

  #showSpeed() {
    const words = speedText(this.#player.speed);
    setWords(this.speedText, words);
    this.speed.setAttribute('aria-valuetext', TIME_WORDS.speedIs(words));
  }

  /** The number of waiting requests over time, as an area. */
  drawDepth() {
    const { clientWidth: width, clientHeight: height } = this.depth;
    const ctx = this.depth.getContext('2d');
    if (this.info === null || ctx === null || width === 0) return;
    const { waiting, running } = this.info;
    this.depth.width = Math.round(width * devicePixelRatio);
    this.depth.height = Math.round(height * devicePixelRatio);
    ctx.scale(devicePixelRatio, devicePixelRatio);
    const max = Math.max(...waiting, 1);
    const whole = (width * this.#player.endUs) / this.#endUs;
    area(ctx, waiting, max, whole, height, colour(this.depth, '--state-waiting'));
    ctx.font = font();
    ctx.fillStyle = colour(this.depth, '--muted');
    const deepest = Math.max(...waiting);
    const words = this.#inStory ? TIME_WORDS.depthInStory : TIME_WORDS.depth(deepest);
    // The queues are empty at the end of a run, and low at the beginning: there the words cover nothing.
    ctx.textAlign = this.#inStory ? 'left' : 'right';
    const room = !this.#inStory || width > 2 * ctx.measureText(words).width;
    if (running.length > 0 && room) ctx.fillText(words, this.#inStory ? 4 : width - 4, 14);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Uint32Array} values
 * @param {number} max
 * @param {number} width
 * @param {number} height
 * @param {string} fill
 */
function area(ctx, values, max, width, height, fill) {
  const y = (/** @type {number} */ value) => height - (value / max) * (height - 4);
  ctx.beginPath();
  ctx.moveTo(0, height);
  values.forEach((value, i) => ctx.lineTo((width * i) / (values.length - 1), y(value)));
  ctx.lineTo(width, height);
  ctx.fillStyle = fill;
  ctx.globalAlpha = 0.35;
  ctx.fill();
  ctx.globalAlpha = 1;
}
