// Draws one moment. Everything on the picture is the state of the simulation at that time; only the pulses on the rails
// are there for the eye.

import { count } from '../../shared/format.js';
import { text } from './canvas_text.js';
import { drawCard } from './draw_card.js';
import { pointAlong, railTo } from './layout.js';
import { countsByState } from './moment.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Layout} from './layout.js' */
/** @import {Bounds} from './moment.js' */
/** @import {Pulse} from './pulses.js' */
/** @import {Selection} from './selection.js' */
/** @import {Sprites} from './sprites.js' */

/**
 * @typedef {object} Scene
 * @property {Layout} layout
 * @property {MomentView} moment
 * @property {Sprites} sprites
 * @property {Bounds} bounds
 * @property {Pulse[]} pulses
 * @property {Selection|null} selection where the keyboard is; null if it is elsewhere
 * @property {number|null} request the inspected request
 */

const WORDS = { gateway: 'gateway', admission: 'admission', routing: 'routing' };

/** From this height on a station has a second line. */
const TWO_LINES = 38;

/** Marks of a station that is busy. */
const MAX_MARKS = 7;

/** @typedef {'rejected'|'transit'|'done'|'timed-out'|'dropped'} AsideState */

/** Those that have left the cluster, the unlucky ones first. @type {[AsideState, string][]} */
const ENDED = [
  ['timed-out', 'timed out'],
  ['dropped', 'too large'],
  ['done', 'completed'],
];

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 */
export function draw(ctx, scene) {
  const { layout } = scene;
  ctx.clearRect(0, 0, layout.width, layout.height);
  drawRails(ctx, scene);
  drawStations(ctx, scene);
  for (let at = 0; at < Math.min(layout.cards.length, scene.moment.instanceCount); at += 1) drawCard(ctx, scene, at);
  drawPulses(ctx, scene);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 */
function drawRails(ctx, { layout, sprites }) {
  ctx.strokeStyle = sprites.colours['--rule'];
  ctx.lineWidth = 1.5;
  ctx.lineJoin = 'round';
  ctx.beginPath();
  for (let at = 0; at < layout.cards.length; at += 1) {
    const [first, ...rest] = railTo(layout, at);
    ctx.moveTo(first.x, first.y);
    for (const { x, y } of rest) ctx.lineTo(x, y);
  }
  const [gateway, admission, routing] = layout.stations.map(({ box }) => box);
  for (const [from, to] of [
    [gateway, admission],
    [admission, routing],
  ]) {
    if (layout.beside) {
      ctx.moveTo(from.x + from.width / 2, from.y + from.height);
      ctx.lineTo(to.x + to.width / 2, to.y);
    } else {
      ctx.moveTo(from.x + from.width, from.y + from.height / 2);
      ctx.lineTo(to.x, to.y + to.height / 2);
    }
  }
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 */
function drawStations(ctx, { layout, moment, sprites }) {
  const { future, admission, routing } = moment.counts;
  const details = [`${count(future)} to come`, `${count(admission)} here`, `${count(routing)} here`];
  const marks = [0, admission, routing];
  layout.stations.forEach(({ name, box }, i) => {
    ctx.fillStyle = sprites.colours['--page'];
    ctx.strokeStyle = sprites.colours['--rule'];
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 6);
    ctx.fill();
    ctx.stroke();
    const single = box.height < TWO_LINES;
    text(ctx, sprites.colours['--ink'], WORDS[name], box.x + 8, box.y + (single ? box.height / 2 + 4 : 16), 'bold', 12);
    if (!single) text(ctx, sprites.colours['--muted'], details[i], box.x + 8, box.y + 32, 'normal', 11);
    const here = Math.min(marks[i], MAX_MARKS);
    for (let mark = 0; mark < here; mark += 1)
      sprites.draw(ctx, 'transit', box.x + box.width - 9 - mark * 7, box.y + 13, 9);
  });
  drawAsides(ctx, layout, moment, sprites);
}

/**
 * What was refused below admission, what is under way below routing, and below both those that have left the cluster.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Layout} layout
 * @param {MomentView} moment
 * @param {Sprites} sprites
 */
function drawAsides(ctx, { stations, beside, height }, moment, sprites) {
  /** Only what is in delivery stands below routing: the rest of what is under way is at its stations. */
  const counts = { ...countsByState(moment), transit: moment.counts.delivery };
  const [, admission, routing] = stations.map(({ box }) => box);
  const below = (/** @type {import('./layout.js').Box} */ { x, y, height: tall }) =>
    /** @type {[number, number]} */ ([x + 12, beside ? y + tall + 9 : y + tall - 2]);
  const put = (
    /** @type {AsideState} */ state,
    /** @type {string} */ words,
    /** @type {[number, number]} */ [x, y],
  ) => {
    const requests = counts[state];
    if (requests === 0) return false;
    sprites.draw(ctx, state, x, y, 10);
    text(
      ctx,
      sprites.colourOf(state),
      beside ? `${count(requests)} ${words}` : count(requests),
      x + 9,
      y + 4,
      'normal',
      11,
    );
    return true;
  };
  put('rejected', 'rejected', below(admission));
  put('transit', 'on the way', below(routing));
  if (!beside) return;
  let y = routing.y + routing.height + 26;
  for (const [state, words] of ENDED) if (y < height - 4 && put(state, words, [routing.x + 12, y])) y += 15;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 */
function drawPulses(ctx, { layout, sprites, pulses }) {
  for (const { instance, age } of pulses) {
    if (instance >= layout.cards.length) continue;
    const { x, y } = pointAlong(railTo(layout, instance), age);
    sprites.draw(ctx, 'transit', x, y, 10);
  }
}
