// Draws one moment. Everything on the picture is the state of the simulation at that time; only the pulses on the rails
// are there for the eye.

import { count } from '../../shared/format.js';
import { font } from '../../ui/type.js';
import { STATION_WORDS } from '../../words/cluster.js';
import { fitting, text } from './canvas_text.js';
import { drawCard } from './draw_card.js';
import { pointAlong, railTo } from './layout.js';
import { marksOf } from './marks.js';
import { countsByState } from './moment.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Box, Layout} from './layout.js' */
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

/** From this height on a station has a second line. */
const TWO_LINES = 44;

/** Marks of a station that is busy. */
const MAX_MARKS = 4;

/** Between lines of words. */
const LINE = 19;

/** @typedef {'rejected'|'transit'|'done'|'timed-out'|'dropped'|'lost'} AsideState */

/** Those that have left the cluster, the unlucky ones first. */
const ENDED = /** @type {const} */ (['lost', 'timed-out', 'dropped', 'done']);

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 */
export function draw(ctx, scene) {
  const { layout } = scene;
  drawRails(ctx, scene);
  drawStations(ctx, scene);
  const marks = marksOf(layout, scene.moment);
  const cards = Math.min(layout.cards.length, scene.moment.instanceCount);
  for (let at = 0; at < cards; at += 1) drawCard(ctx, scene, at, marks);
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
  const details = [STATION_WORDS.toCome(future), STATION_WORDS.here(admission), STATION_WORDS.here(routing)];
  const short = [future, admission, routing].map(count);
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
    ctx.font = font('bold');
    const inset = Math.max(Math.min(8, (box.width - ctx.measureText(STATION_WORDS[name]).width) / 2), 0);
    const room = box.width - 2 * inset;
    const y = single ? box.y + box.height / 2 + 5 : box.y + 18;
    text(ctx, sprites.colours['--ink'], STATION_WORDS[name], box.x + inset, y, 'bold');
    const detail = fitting(ctx, [details[i], short[i]], room);
    if (!single) text(ctx, sprites.colours['--muted'], detail, box.x + inset, box.y + 18 + LINE);
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
  const below = (/** @type {Box} */ { x, y, height: tall }) =>
    /** @type {[number, number]} */ ([x + 12, beside ? y + tall + 11 : y + tall - 2]);
  const put = (/** @type {AsideState} */ state, /** @type {[number, number]} */ [x, y]) => {
    const requests = counts[state];
    if (requests === 0) return false;
    sprites.draw(ctx, state, x, y, 11);
    const words = beside ? STATION_WORDS.asides[state](requests) : count(requests);
    text(ctx, sprites.colourOf(state), words, x + 10, y + 5);
    return true;
  };
  put('rejected', below(admission));
  put('transit', below(routing));
  if (!beside) return;
  let y = routing.y + routing.height + 11 + LINE;
  for (const state of ENDED) if (y < height - 6 && put(state, [routing.x + 12, y])) y += LINE;
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
