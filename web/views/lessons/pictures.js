// The two pictures of a lesson in motion: on one time, with one button, for a few seconds. Their frames are computed before
// they play, so that neither waits for the other.

import { EngineFailure, Superseded } from '../../engine/client.js';
import { PRIORITY } from '../../engine/pool.js';
import { element, setWords } from '../../ui/dom.js';
import { PICTURES, clockWords, failureWords, momentsWords } from '../../words/lessons.js';
import { CALM_FRAME_MS } from '../cluster/clock.js';
import { icon } from '../cluster/icons.js';
import { numberAt } from './claim.js';
import { Duo } from './duo.js';
import { frameAt, framesOf, framesToPlay, fullestOf, placeAfter, pointsFor } from './frames.js';
import { metricText } from './metrics.js';
import { sceneConfig } from './runner.js';

/** @import {StopRecord} from '#engine' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Side} from './duo.js' */
/** @import {Attempt} from './types.d.ts' */

/** Steps of the time line. */
const STEPS = 100;

/** So much of the pictures has to be in sight before they play by themselves. */
const IN_SIGHT = 0.6;

export class Pictures {
  #pool;

  #controller = new AbortController();

  /** Whether the person asks for less motion. */
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  /** @type {Duo|null} */
  #duo = null;

  /** @type {Side[]} */
  #sides = [];

  /** From 0 to 1. */
  #place = 1;

  #playing = false;

  /** When the last frame was drawn, ms. */
  #lastFrame = 0;

  /** Whether they have played by themselves. */
  #played = false;

  #sight = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.#begin(), { threshold: IN_SIGHT });

  #press = element('button', { type: 'button', class: 'primary duo-play' });

  #line = element('input', {
    type: 'range',
    min: 0,
    max: STEPS,
    step: 1,
    'aria-label': PICTURES.time,
    class: 'duo-line',
  });

  #clock = element('output', { class: 'duo-clock' });

  #live = element('p', { class: 'visually-hidden', role: 'status' });

  #room = element('div', { class: 'duo-room' });

  /** @param {Pool} pool */
  constructor(pool) {
    this.#pool = pool;
    this.#press.addEventListener('click', () => this.toggle());
    this.#line.addEventListener('input', () => this.#seek(Number(this.#line.value) / STEPS));
    this.root = element('div', { class: 'lesson-pictures' }, this.#room, this.#live);
    document.addEventListener('visibilitychange', () => document.hidden && this.pause());
  }

  /** Forgets the run before. */
  close() {
    this.pause();
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#sight.disconnect();
    this.#duo = null;
    this.#sides = [];
    this.#played = false;
    setWords(this.#live, '');
    this.#room.replaceChildren();
    this.root.dataset.settled = 'false';
  }

  /**
   * Computes the pictures of a lesson's runs; they play when they are first seen.
   * @param {Attempt} attempt
   */
  async open(attempt) {
    this.close();
    const { pictures } = attempt.lesson;
    if (pictures === undefined) return;
    const { signal } = this.#controller;
    this.#room.replaceChildren(element('p', { class: 'note', role: 'status' }, PICTURES.opening));
    try {
      const sides = await Promise.all(pictures.scenes.map((name) => this.#side(attempt, name, signal)));
      if (signal.aborted) return;
      const play = framesToPlay(sides.map(({ frames }) => frames));
      this.#stage(sides.map((side) => ({ ...side, frames: side.frames.slice(0, play) })));
    } catch (error) {
      if (signal.aborted || error instanceof Superseded) return;
      if (!(error instanceof EngineFailure)) throw error;
      this.#room.replaceChildren(element('p', { class: 'error', role: 'alert' }, failureWords(error.message)));
    }
  }

  /**
   * @param {Attempt} attempt
   * @param {string} name of a scene
   * @param {AbortSignal} signal
   * @returns {Promise<Side>}
   */
  async #side({ lesson, scenes, seed }, name, signal) {
    const scene = lesson.scenes.find((each) => each.name === name);
    const { seconds } = lesson.pictures ?? {};
    if (scene === undefined || seconds === undefined || scenes === null) throw new Error(`no pictures of ${name}`);
    const wanted = { endUs: Math.round(seconds[1] * 1e6), points: pointsFor(seconds) };
    const { found, slots } = await this.#pool.run(
      async (client) => {
        const config = await sceneConfig(client, lesson, scene, seed, signal);
        const found = await client.query('frames', { config, ...wanted }, signal);
        return { found, slots: config.instance.max_num_running_reqs };
      },
      { priority: PRIORITY.view, signal },
    );
    const frames = framesOf(found, seconds);
    const stops = /** @type {StopRecord[]} */ (scenes[name].stops ?? []);
    const wait = metricText(scenes, name, 'ttft.p99_ms');
    const end = numberAt(scenes, `${name}.simulated_s`);
    return { label: scene.label, wait, frames, fullest: fullestOf(frames), stops, slots, end };
  }

  /** @param {Side[]} sides */
  #stage(sides) {
    this.#sides = sides;
    const duo = new Duo(sides);
    this.#duo = duo;
    const time = element('div', { class: 'duo-time' }, this.#press, this.#line, this.#clock);
    this.#room.replaceChildren(duo.root, time, duo.each);
    this.#seek(this.#still.matches ? 1 : 0);
    this.#sight.observe(duo.root);
  }

  /** By themselves they play once, and not where less motion is asked for. */
  #begin() {
    if (this.#played || this.#still.matches || document.hidden) return;
    this.play();
  }

  get playing() {
    return this.#playing;
  }

  toggle() {
    if (this.#playing) this.pause();
    else this.play();
  }

  play() {
    if (this.#duo === null || this.#playing) return;
    this.#played = true;
    if (this.#place >= 1) this.#place = 0;
    this.#playing = true;
    this.root.dataset.settled = 'false';
    this.#lastFrame = performance.now();
    this.#show();
    this.#ask();
  }

  pause() {
    if (!this.#playing) return;
    this.#playing = false;
    this.#show();
  }

  #ask() {
    requestAnimationFrame((now) => {
      if (!this.#playing) return;
      // What is not seen does not play on: another step, or another place.
      if (!this.root.checkVisibility()) this.pause();
      else this.#frame(now);
      if (this.#playing) this.#ask();
    });
  }

  /** @param {number} now ms */
  #frame(now) {
    const elapsed = now - this.#lastFrame;
    if (this.#still.matches && elapsed < CALM_FRAME_MS) return;
    this.#lastFrame = now;
    this.#place = placeAfter(this.#place, elapsed);
    if (this.#place >= 1) this.#playing = false;
    this.#show();
  }

  /** @param {number} place */
  #seek(place) {
    this.#playing = false;
    this.#place = place;
    this.#show();
  }

  #show() {
    const still = !this.#playing;
    const at = frameAt(this.#place, this.#sides[0]?.frames.length ?? 1);
    const moments = this.#sides.map(({ label, frames }) => ({ label, frame: frames[Math.min(at, frames.length - 1)] }));
    if (moments.length === 0) return;
    this.#duo?.show((frames) => frames[Math.min(at, frames.length - 1)], still);
    const words = clockWords(moments[0].frame.seconds);
    setWords(this.#clock, words);
    this.#line.value = String(Math.round(this.#place * STEPS));
    this.#line.setAttribute('aria-valuetext', words);
    const label = this.#playing ? PICTURES.pause : this.#place >= 1 ? PICTURES.again : PICTURES.play;
    if (this.#press.textContent !== label) this.#press.replaceChildren(icon(this.#playing ? 'pause' : 'play'), label);
    if (!still) return;
    this.root.dataset.settled = 'true';
    setWords(this.#live, this.#played || this.#still.matches ? momentsWords(moments) : '');
  }
}
