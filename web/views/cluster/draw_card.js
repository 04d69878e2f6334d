// Draws one instance: its queue, its batch, how full its three limits are, and what requests wait for.

import { count } from '../../shared/format.js';
import { waitsInWords } from '../../words/limits.js';
import { font } from '../../ui/type.js';
import { STOPPED_WORDS } from '../../words/breaking.js';
import { BAR_WORDS, waitingWords, WAITS_SHORT } from '../../words/cluster.js';
import { fitting, text } from './canvas_text.js';
import { STOPPED_DASH, STOPPED_MARK } from './draw_story.js';
import { LABEL_WIDTH, LINE, LONG_FROM, LOW } from './layout.js';
import { gridFor, markAt } from './marks.js';
import { instanceAt, percent } from './moment.js';

/** @import {Limit} from '#engine' */
/** @import {Scene} from './draw.js' */
/** @import {Box} from './layout.js' */
/** @import {Grid, Marks} from './marks.js' */
/** @import {Sprites} from './sprites.js' */

/** From the upper edge of a line of words to where they stand. */
const BASE = 14;

/** Least height of a queue in which a number has a line of its own. */
const COUNTED = 30;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} at
 * @param {Marks} marks
 */
export function drawCard(ctx, scene, at, marks) {
  const { layout, moment, sprites, selection, request } = scene;
  const { box, queue, batch } = layout.cards[at];
  const numbers = instanceAt(moment, at);
  const chosen = selection?.instance === at;
  ctx.fillStyle = sprites.colours['--paper'];
  // Its ring cannot be seen where there are areas, or only a line.
  const inspected = request !== null && (moment.queues[at].includes(request) || moment.batches[at].includes(request));
  const usual = numbers.stopped ? sprites.colourOf('lost') : sprites.colours['--rule'];
  ctx.strokeStyle = chosen || inspected ? sprites.colours[chosen ? '--focus' : '--ink'] : usual;
  ctx.lineWidth = chosen || inspected || numbers.stopped ? 2 : 1;
  ctx.setLineDash(numbers.stopped ? STOPPED_DASH : []);
  ctx.beginPath();
  ctx.roundRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 5);
  ctx.fill();
  ctx.stroke();
  ctx.setLineDash([]);
  drawHead(ctx, scene, at, numbers);
  drawQueue(ctx, scene, at, queue, numbers.waiting, marks);
  drawBatch(ctx, scene, at, batch, numbers, marks);
  drawBars(ctx, scene, at, numbers);
  drawWaits(ctx, scene, at, numbers);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} at
 * @param {ReturnType<typeof instanceAt>} numbers
 */
function drawHead(ctx, { layout, moment, sprites, bounds }, at, numbers) {
  const { box, words, low } = layout.cards[at];
  const name = `#${at}`;
  // Amber is for what waits now.
  const some = numbers.waiting > 0;
  const ink = some ? sprites.colourOf('waiting') : sprites.colours['--muted'];
  const weight = some ? 'bold' : 'normal';
  if (low) {
    const middle = box.y + box.height / 2 + 5;
    text(ctx, sprites.colours['--ink'], name, box.x + 5, middle, 'bold');
    const after = box.x + 9 + ctx.measureText(name).width;
    if (numbers.waiting < 100) text(ctx, ink, count(numbers.waiting), after, middle);
    return;
  }
  if (box.height < LOW || box.width < 40) return;
  const y = layout.cards[at].batch.y - 2 - LINE + BASE;
  text(ctx, sprites.colours['--ink'], name, box.x + 7, y, 'bold');
  let x = box.x + 14 + ctx.measureText(name).width;
  // The longest decides for all cards; a number without its word says nothing where nothing waits.
  ctx.font = font('bold');
  const longest = ctx.measureText(`#${moment.instanceCount - 1} ${waitingWords(88)}`).width;
  const worded = longest + 18 < box.width;
  const waits = worded ? waitingWords(numbers.waiting) : some ? count(numbers.waiting) : '';
  const said = [STOPPED_WORDS.long(numbers.lost), STOPPED_WORDS.short(numbers.lost), STOPPED_MARK];
  const waiting = numbers.stopped ? fitting(ctx, said, box.x + box.width - 7 - x, 'bold') : waits;
  text(ctx, numbers.stopped ? sprites.colourOf('lost') : ink, waiting, x, y, numbers.stopped ? 'bold' : weight);
  x += ctx.measureText(waiting).width + 8;
  let right = box.x + box.width - 7;
  if (numbers.evictions > 0) {
    const evicted = count(numbers.evictions);
    ctx.font = font();
    const from = right - ctx.measureText(evicted).width;
    if (from - 16 > x) {
      text(ctx, sprites.colourOf('preempted'), evicted, from, y);
      sprites.draw(ctx, 'preempted', from - 8, y - 5, 11);
      right = from - 18;
    }
  }
  // With words, the number stands beside the bar.
  const rest = words ? '' : `${count(numbers.running)}/${count(bounds.limit)}`;
  ctx.font = font();
  if (x + ctx.measureText(rest).width < right) text(ctx, sprites.colours['--muted'], rest, x, y);
}

/**
 * Waiting requests, the next one at the right; what does not fit is counted.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} at
 * @param {Box} box
 * @param {number} waiting
 * @param {Marks} marks
 */
function drawQueue(ctx, { moment, sprites, selection, request }, at, box, waiting, marks) {
  const grid = gridFor(box, marks.waiting);
  if (grid.capacity === 0) return;
  const requests = moment.queues[at];
  const shown = Math.min(waiting, grid.capacity, requests.length);
  const { cell, rows } = grid;
  for (let i = 0; i < shown;) {
    const length = runFrom(moment.evicted[at], i, Math.min(shown, i + rows - (i % rows)));
    const { x, y } = markAt(box, grid, i, true);
    const state = moment.evicted[at][i] ? 'preempted' : 'waiting';
    sprites.fill(ctx, state, x - cell / 2, y - cell / 2, cell, cell * length, cell);
    i += length;
  }
  const queued = { box, grid, first: 0, fromRight: true };
  rings(ctx, sprites, queued, requests.indexOf(request ?? -1), chosenAt(selection, at), shown);
  if (shown === waiting) return;
  const more = `+${count(waiting - shown)}`;
  ctx.font = font();
  const width = ctx.measureText(more).width + 6;
  // All of them are counted beside the name; a number that does not fit would stand on the batch.
  if (width > box.width || box.height < COUNTED) return;
  ctx.fillStyle = sprites.colours['--paper'];
  ctx.fillRect(box.x, box.y + box.height - 17, width, 17);
  text(ctx, sprites.colourOf('waiting'), more, box.x + 2, box.y + box.height - 3);
}

/**
 * The batch in its order; if there are too many to draw, areas for prefill and decode, the whole box being the limit.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} at
 * @param {Box} box
 * @param {ReturnType<typeof instanceAt>} numbers
 * @param {Marks} marks
 */
function drawBatch(ctx, { moment, sprites, bounds, selection, request }, at, box, { prefill, decode, running }, marks) {
  const requests = moment.batches[at];
  const grid = gridFor(box, marks.running);
  if (marks.areas) {
    drawAreas(ctx, sprites, box, prefill, decode, bounds.limit);
    return;
  }
  const { cell, columns } = grid;
  for (let i = 0; i < running;) {
    const length = runFrom(moment.prefill[at], i, Math.min(running, i + columns - (i % columns)));
    const { x, y } = markAt(box, grid, i, false);
    const state = moment.prefill[at][i] ? 'prefill' : 'decode';
    sprites.fill(ctx, state, x - cell / 2, y - cell / 2, cell * length, cell, cell);
    i += length;
  }
  const members = { box, grid, first: moment.queues[at].length, fromRight: false };
  rings(ctx, sprites, members, requests.indexOf(request ?? -1), chosenAt(selection, at), running);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Sprites} sprites
 * @param {Box} box
 * @param {number} prefill
 * @param {number} decode
 * @param {number} limit
 */
function drawAreas(ctx, sprites, box, prefill, decode, limit) {
  if (box.height < 2) return;
  const each = box.width / Math.max(limit, prefill + decode);
  ctx.fillStyle = sprites.hatch(ctx, 'prefill');
  ctx.fillRect(box.x, box.y, each * prefill, box.height);
  ctx.fillStyle = sprites.colourOf('decode');
  ctx.globalAlpha = 0.75;
  ctx.fillRect(box.x + each * prefill, box.y, each * decode, box.height);
  ctx.globalAlpha = 1;
}

/**
 * How full the three limits are; the one that requests wait for stands out.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} at
 * @param {ReturnType<typeof instanceAt>} numbers
 */
function drawBars(ctx, { layout, sprites, bounds }, at, numbers) {
  const { bars, words } = layout.cards[at];
  const { prefill, decode, running, usedBlocks, stepTokens, waiting, limit } = numbers;
  const grey = sprites.colours['--muted'];
  const size = bars[0].width < LONG_FROM ? 'short' : 'long';
  const [name, before] = [BAR_WORDS[size], LABEL_WIDTH[size]];
  /** @type {[Limit, string, number, [number, string|CanvasPattern][]][]} */
  const rows = [
    ['step_budget', name.stepBudget(percent(stepTokens, bounds.stepBudget)), bounds.stepBudget, [[stepTokens, grey]]],
    [
      'slots',
      name.slots(running, bounds.limit),
      bounds.limit,
      [
        [prefill, sprites.hatch(ctx, 'prefill')],
        [decode, sprites.colourOf('decode')],
      ],
    ],
    ['kv_blocks', name.kvBlocks(percent(usedBlocks, bounds.kvBlocks)), bounds.kvBlocks, [[usedBlocks, grey]]],
  ];
  rows.forEach(([reason, label, whole, parts], i) => {
    const { x, y, width, height } = bars[i];
    const refuses = waiting > 0 && limit === reason;
    if (words) text(ctx, refuses ? sprites.colourOf('waiting') : grey, label, x, y + BASE, refuses ? 'bold' : 'normal');
    const box = words
      ? { x: x + before, y: y + 5, width: Math.max(width - before, 1), height: height - 9 }
      : { x, y, width, height };
    bar(ctx, sprites, box, whole, parts);
    if (!refuses) return;
    ctx.strokeStyle = sprites.colourOf('waiting');
    ctx.lineWidth = 1;
    ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  });
}

/**
 * What requests wait for, in words.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {number} at
 * @param {ReturnType<typeof instanceAt>} numbers
 */
function drawWaits(ctx, { layout, sprites }, at, numbers) {
  const { waits } = layout.cards[at];
  if (waits === null) return;
  const ink = numbers.waiting > 0 ? sprites.colourOf('waiting') : sprites.colours['--muted'];
  const { waiting, limit } = numbers;
  const short = waiting > 0 && limit !== null && waits.width < LONG_FROM;
  text(ctx, ink, short ? WAITS_SHORT[limit] : waitsInWords(numbers), waits.x, waits.y + BASE);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Sprites} sprites
 * @param {Box} box
 * @param {number} whole
 * @param {[number, string|CanvasPattern][]} parts
 */
function bar(ctx, sprites, { x, y, width, height }, whole, parts) {
  ctx.fillStyle = sprites.colours['--rule'];
  ctx.fillRect(x, y, width, height);
  let from = x;
  for (const [part, fill] of parts) {
    const length = Math.min((width * part) / Math.max(whole, 1), x + width - from);
    ctx.fillStyle = sprites.colours['--paper'];
    ctx.fillRect(from, y, length, height);
    ctx.fillStyle = fill;
    ctx.fillRect(from, y, length, height);
    from += length;
  }
}

/**
 * How many flags from an index on, and before an end, are the same.
 * @param {Uint32Array} flags
 * @param {number} from
 * @param {number} end
 */
export function runFrom(flags, from, end) {
  let to = from + 1;
  while (to < end && flags[to] === flags[from]) to += 1;
  return to - from;
}

/**
 * The index of the request where the keyboard is, -1 if it is on none of this instance.
 * @param {import('./selection.js').Selection|null} selection
 * @param {number} instance
 */
function chosenAt(selection, instance) {
  return selection !== null && selection.instance === instance ? (selection.index ?? -1) : -1;
}

/**
 * Marks the inspected request and the one where the keyboard is, if they are among those drawn.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Sprites} sprites
 * @param {{box: Box, grid: Grid, first: number, fromRight: boolean}} marks with the index of the first of them
 * @param {number} inspected among these, -1 for none
 * @param {number} chosen among waiting, then running requests
 * @param {number} shown
 */
function rings(ctx, sprites, { box, grid, first, fromRight }, inspected, chosen, shown) {
  for (const index of [inspected, chosen - first]) {
    if (index < 0 || index >= shown) continue;
    const { x, y } = markAt(box, grid, index, fromRight);
    ring(ctx, sprites, grid, x, y, index === inspected, index === chosen - first);
  }
}

/**
 * A ring round the inspected request, a frame round the one where the keyboard is.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Sprites} sprites
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @param {boolean} inspected
 * @param {boolean} chosen
 */
function ring(ctx, sprites, { cell }, x, y, inspected, chosen) {
  if (!inspected && !chosen) return;
  ctx.strokeStyle = sprites.colours[chosen ? '--focus' : '--ink'];
  ctx.lineWidth = 2;
  ctx.beginPath();
  if (chosen) ctx.rect(x - cell / 2 - 1, y - cell / 2 - 1, cell + 2, cell + 2);
  else ctx.arc(x, y, cell / 2 + 2, 0, 2 * Math.PI);
  ctx.stroke();
}
