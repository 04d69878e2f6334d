// Draws one moment. Everything on the picture is the state of the simulation at that time; only the pulses on the rails
// are there for the eye.

import { count } from '../format.js';
import { drawCard } from './draw-card.js';
import { pointAlong, railTo } from './layout.js';
import { instanceCount } from './moment.js';
import { text } from './text.js';

/** @import {Layout} from './layout.js' */
/** @import {MomentView} from '../types.d.ts' */
/** @import {Sprites} from './sprites.js' */
/** @import {Pulse} from './pulses.js' */
/** @import {Selection} from './selection.js' */

/**
 * @typedef {object} Scene
 * @property {Layout} layout
 * @property {MomentView} moment
 * @property {Sprites} sprites
 * @property {{limit: number, kvBlocks: number}} bounds
 * @property {Pulse[]} pulses
 * @property {Selection|null} selection where the keyboard is; null if it is elsewhere
 * @property {number|null} request the inspected request
 */

const WORDS = { gateway: 'gateway', admission: 'admission', routing: 'routing' };

/** Marks of a station that is busy. */
const MOST_MARKS = 7;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 */
export function draw(ctx, scene) {
  const { layout } = scene;
  ctx.clearRect(0, 0, layout.width, layout.height);
  drawRails(ctx, scene);
  drawStations(ctx, scene);
  for (let at = 0; at < Math.min(layout.cards.length, instanceCount(scene.moment)); at += 1) drawCard(ctx, scene, at);
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
  const { counts } = moment;
  const details = [`${count(counts[0])} to come`, `${count(counts[1])} here`, `${count(counts[2])} here`];
  layout.stations.forEach(({ name, box }, i) => {
    ctx.fillStyle = sprites.colours['--page'];
    ctx.strokeStyle = sprites.colours['--rule'];
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 6);
    ctx.fill();
    ctx.stroke();
    text(ctx, sprites.colours['--ink'], WORDS[name], box.x + 8, box.y + 16, 'bold 12px');
    text(ctx, sprites.colours['--muted'], details[i], box.x + 8, box.y + 32);
    const here = i === 0 ? 0 : Math.min(counts[i], MOST_MARKS);
    for (let mark = 0; mark < here; mark += 1)
      sprites.draw(ctx, 'transit', box.x + box.width - 9 - mark * 7, box.y + 13, 9);
  });
  drawAsides(ctx, layout, counts, sprites);
}

/**
 * What was refused beside admission, and what is under way beside routing, if there is any.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Layout} layout
 * @param {Uint32Array} counts
 * @param {Sprites} sprites
 */
function drawAsides(ctx, { stations, beside }, counts, sprites) {
  /** @type {[number, number, import('../palette.js').StateName, string][]} */
  const asides = [
    [1, counts[9], 'rejected', 'rejected'],
    [2, counts[3], 'transit', 'on the way'],
  ];
  for (const [station, many, state, words] of asides) {
    if (many === 0) continue;
    const { box } = stations[station];
    const [x, y] = beside ? [box.x + 8, box.y + box.height + 11] : [box.x + 8, box.y + box.height - 2];
    sprites.draw(ctx, state, x + 4, y, 10);
    text(ctx, sprites.colourOf(state), beside ? `${count(many)} ${words}` : count(many), x + 13, y + 4);
  }
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
