// Two pictures of clusters side by side: what of a moment each of them shows.

import { onThemeChange } from '../../charts/theme.js';
import { element, setWords } from '../../ui/dom.js';
import { count } from '../../shared/format.js';
import { markIcon } from '../../ui/palette.js';
import { typeScale } from '../../ui/type.js';
import { PICTURES, pictureWords } from '../../words/lessons.js';
import { drawStory } from '../cluster/draw_story.js';
import { Sprites } from '../cluster/sprites.js';
import { alikeLayouts, slotsLine } from '../cluster/story_layout.js';
import { instanceName } from '../../words/cluster.js';

/** @import {StopRecord} from '#engine' */
/** @import {Frame} from './frames.js' */
/** @import {StoryLayout} from '../cluster/story_layout.js' */

/** One of the two: what it is called, its wait over the whole run, its frames, the slots of an instance, and when it is over, s. @typedef {{label: string, wait: string, frames: Frame[], fullest: number, stops: StopRecord[], slots: number, end: number}} Side */

class SidePicture {
  #sprites = new Sprites();

  #waiting = element('dd', { class: 'duo-waiting' });

  #answering = element('dd', {});

  /** @type {StoryLayout|null} */
  #layout = null;

  /** Points of the screen for one of the layout. */
  #scale = 1;

  #last = 0;

  /** Said over the picture of a run that has ended. */
  #over;

  /** @type {Frame|null} */
  #frame = null;

  /** @param {Side} side */
  constructor(side) {
    this.side = side;
    this.canvas = element('canvas', { role: 'img' });
    this.#over = element('p', { class: 'duo-over', hidden: true }, PICTURES.over);
    this.box = element('div', { class: 'duo-picture' }, this.canvas, this.#over);
    const figure = (
      /** @type {string} */ name,
      /** @type {HTMLElement} */ value,
      /** @type {Node|null} */ mark = null,
    ) => element('div', {}, element('dt', {}, mark, name), value);
    this.root = element(
      'figure',
      { class: 'duo-side' },
      element('figcaption', {}, side.label),
      this.box,
      element(
        'dl',
        { class: 'duo-figures' },
        figure(PICTURES.waiting, this.#waiting, markIcon('waiting')),
        figure(PICTURES.answering, this.#answering, markIcon('decode')),
        figure(PICTURES.wait, element('dd', { class: 'duo-wait' }, side.wait)),
      ),
    );
  }

  /**
   * @param {StoryLayout} layout
   * @param {number} scale points of the screen for one of the layout
   * @param {number} last number of the last instance of both
   */
  fit(layout, scale, last) {
    this.#layout = layout;
    this.#scale = scale;
    this.#last = last;
    this.canvas.width = Math.round(layout.width * scale);
    this.canvas.height = Math.round(layout.height * scale);
    this.#sprites.refresh(this.canvas, scale);
    // What is printed keeps the ground that it was drawn for.
    this.canvas.style.setProperty('--drawn-on', this.#sprites.colours['--paper']);
    this.draw();
  }

  /** @param {Frame} frame */
  show(frame) {
    if (this.#frame === frame) return;
    this.#frame = frame;
    setWords(this.#waiting, count(frame.allWaiting));
    setWords(this.#answering, count(frame.allRunning));
    this.#over.hidden = frame.seconds < this.side.end || frame.allWaiting + frame.allRunning > 0;
    this.#waiting.classList.toggle('waits', frame.allWaiting > 0);
    this.draw();
  }

  /** Says what the picture shows, where it stands. */
  describe() {
    if (this.#frame !== null) this.canvas.setAttribute('aria-label', pictureWords(this.side.label, this.#frame));
  }

  draw() {
    const ctx = this.canvas.getContext('2d');
    if (ctx === null || this.#layout === null || this.#frame === null) return;
    ctx.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    ctx.clearRect(0, 0, this.#layout.width, this.#layout.height);
    const { waiting, running, seconds } = this.#frame;
    const lostAt = (/** @type {number} */ at) =>
      this.side.stops.find((stop) => stop.instance === at && stop.at <= seconds * 1e6)?.lost ?? null;
    const [layout, sprites] = [this.#layout, this.#sprites];
    const names = { nameOf: instanceName, first: 0, last: this.#last };
    drawStory(ctx, { layout, waiting, running, lostAt, ...names, sprites, slots: this.side.slots });
  }
}

export class Duo {
  /** @type {SidePicture[]} */
  #sides;

  /** @param {Side[]} sides */
  constructor(sides) {
    this.#sides = sides.map((side) => new SidePicture(side));
    this.root = element('div', { class: 'duo' }, ...this.#sides.map(({ root }) => root));
    this.each = element('p', { class: 'note duo-each' });
    new ResizeObserver(() => this.#resize()).observe(this.#sides[0].box);
    onThemeChange(() => this.#resize());
    matchMedia('(forced-colors: active)').addEventListener('change', () => this.#resize());
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#sides[0].box;
    if (width === 0 || height === 0) return;
    const clusters = this.#sides.map(({ side: { frames, fullest } }) => ({
      instances: frames[0].waiting.length,
      fullest,
    }));
    // What is drawn grows with the type around it.
    const larger = typeScale();
    const layouts = alikeLayouts(width / larger, height / larger, clusters);
    const last = Math.max(...clusters.map(({ instances }) => instances)) - 1;
    this.#sides.forEach((side, i) => side.fit(layouts[i], larger * devicePixelRatio, last));
    const marked = this.#sides.filter(
      ({ side }, i) => slotsLine(layouts[i].cards[0].dots, layouts[i], side.slots) !== null,
    );
    const slots = marked.map(({ side }) => side.slots);
    setWords(this.each, PICTURES.legend(layouts[0].each, slots));
  }

  /**
   * @param {(frames: Frame[]) => Frame} frameOf
   * @param {boolean} still whether it stays there, and is described
   */
  show(frameOf, still) {
    for (const side of this.#sides) {
      side.show(frameOf(side.side.frames));
      if (still) side.describe();
    }
  }
}
