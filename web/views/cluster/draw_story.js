// Draws one moment as the Story and the lessons show it: a card per instance with what waits and what is answered, and
// nothing else.

import { count } from '../../shared/format.js';
import { font } from '../../ui/type.js';
import { STOPPED_WORDS } from '../../words/breaking.js';
import { waitingWords } from '../../words/cluster.js';
import { fitting, text } from './canvas_text.js';
import { rowsOfDots, slotsLine } from './story_layout.js';

/** @import {Box} from './layout.js' */
/** @import {StoryLayout} from './story_layout.js' */
/** @import {Sprites} from './sprites.js' */

/**
 * @typedef {object} StoryScene
 * @property {StoryLayout} layout
 * @property {ArrayLike<number>} waiting requests of every instance
 * @property {ArrayLike<number>} running
 * @property {(at: number) => string} nameOf an instance, where there is room for it
 * @property {(at: number) => number|null} lostAt requests that an instance has lost, if it has stopped, else null
 * @property {number} first number of the first instance, where there is none
 * @property {number} last number of the last one, of this picture and those beside it: their heads are alike
 * @property {Sprites} sprites
 * @property {number} [slots] requests that an instance answers at a time, where a line marks their place
 */

const INSET = 8;

/** Around an instance that takes no more requests, so that it is told without colour. */
export const STOPPED_DASH = [5, 4];

/** Where there is no room for a word. */
export const STOPPED_MARK = '✕';

/** From the line of name and number to the dots. */
const BELOW_LINE = 5;

/** Least height of that line. */
const LINE = 18;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {StoryScene} scene
 */
export function drawStory(ctx, scene) {
  const { layout, sprites } = scene;
  const shown = Math.min(layout.cards.length, scene.waiting.length);
  const heads = headsFor(ctx, scene);
  for (let at = 0; at < shown; at += 1) {
    const { box, dots } = layout.cards[at];
    const [waiting, running] = [scene.waiting[at], scene.running[at]];
    ctx.fillStyle = sprites.colours['--paper'];
    const stopped = scene.lostAt(at) !== null;
    ctx.strokeStyle = stopped ? sprites.colourOf('lost') : sprites.colours['--rule'];
    ctx.lineWidth = stopped ? 2 : 1;
    ctx.setLineDash(stopped ? STOPPED_DASH : []);
    ctx.beginPath();
    ctx.roundRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 6);
    ctx.fill();
    ctx.stroke();
    ctx.setLineDash([]);
    if (dots.y - box.y > LINE) drawHead(ctx, scene, at, waiting, heads);
    // What is printed at the head need not be a dot when it is less than a half of one.
    const whole = dots.y - box.y > LINE ? Math.round : Math.ceil;
    const answered = drawDots(ctx, scene, at, 'decode', Math.ceil(running / layout.each), layout.grid.rows);
    drawDots(ctx, scene, at, 'waiting', whole(waiting / layout.each), layout.grid.rows - answered);
    if (scene.slots !== undefined && !stopped) drawSlots(ctx, scene, layout.cards[at].dots, scene.slots);
  }
}

/**
 * What there is room for at the head of every card: the same on all of them, and all through a run.
 * @param {CanvasRenderingContext2D} ctx
 * @param {StoryScene} scene
 */
function headsFor(ctx, { layout, nameOf, first, last }) {
  const room = (layout.cards[0]?.box.width ?? 0) - 2 * INSET - INSET;
  ctx.font = font('bold');
  const [long, short] = [ctx.measureText(nameOf(last - first)).width, ctx.measureText(String(last)).width];
  ctx.font = font();
  const words = ctx.measureText(waitingWords(888)).width;
  return { named: long + words <= room, worded: short + words <= room };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {StoryScene} scene
 * @param {number} at
 * @param {number} waiting
 * @param {{named: boolean, worded: boolean}} heads
 */
function drawHead(ctx, { layout, sprites, nameOf, first, lostAt }, at, waiting, { named, worded }) {
  const { box, dots } = layout.cards[at];
  const y = dots.y - BELOW_LINE;
  const name = named ? nameOf(at) : String(at + first);
  text(ctx, sprites.colours['--ink'], name, box.x + INSET, y, 'bold');
  const lost = lostAt(at);
  if (lost !== null) {
    const room = box.width - 3 * INSET - ctx.measureText(name).width;
    const said = fitting(ctx, [STOPPED_WORDS.long(lost), STOPPED_WORDS.short(lost), STOPPED_MARK], room, 'bold');
    const from = box.x + box.width - INSET - ctx.measureText(said).width;
    text(ctx, sprites.colourOf('lost'), said, from, y, 'bold');
    return;
  }
  // A number without its word says nothing where nothing waits.
  if (!worded && waiting === 0) return;
  const words = worded ? waitingWords(waiting) : count(waiting);
  const ink = waiting > 0 ? sprites.colourOf('waiting') : sprites.colours['--muted'];
  ctx.font = font(waiting > 0 ? 'bold' : 'normal');
  const x = box.x + box.width - INSET - ctx.measureText(words).width;
  text(ctx, ink, words, x, y, waiting > 0 ? 'bold' : 'normal');
  // Without the word, the mark of the legend says what is counted.
  if (!worded) sprites.draw(ctx, 'waiting', x - 9, y - 5, 11);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {StoryScene} scene
 * @param {number} at
 * @param {'waiting'|'decode'} state
 * @param {number} dots
 * @param {number} most rows that there is room for
 * @returns {number} rows that were drawn
 */
function drawDots(ctx, { layout, sprites }, at, state, dots, most) {
  const { grid, cards } = layout;
  const { cell } = grid;
  const rows = rowsOfDots(cards[at].dots, grid, dots, state === 'waiting', most);
  for (const { x, y, length } of rows) sprites.fill(ctx, state, x, y, cell * length, cell, cell);
  return rows.length;
}

/**
 * A line above the place of the last slot, with a step where its row is not full.
 * @param {CanvasRenderingContext2D} ctx
 * @param {StoryScene} scene
 * @param {Box} box of the dots
 * @param {number} slots
 */
function drawSlots(ctx, { layout, sprites }, box, slots) {
  const points = slotsLine(box, layout, slots);
  if (points === null) return;
  ctx.strokeStyle = sprites.colours['--muted'];
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const { x, y } of points) ctx.lineTo(x, y);
  ctx.stroke();
}
