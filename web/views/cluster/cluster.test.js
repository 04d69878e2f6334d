import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPEEDS, advance, clockText, timeAt } from './clock.js';
import { layoutFor, pointAlong, railTo } from './layout.js';
import { gridFor, inside, markAt, marksOf, markUnder } from './marks.js';
import { countsByState, instanceAt, instanceInWords, momentInWords } from './moment.js';
import { Player } from './player.js';
import { requestInWords } from './picture.js';
import { firstAfter, Pulses } from './pulses.js';
import { afterKey, under } from './selection.js';

/** @import {Box} from './layout.js' */

/** @param {object} part @returns {any} */
const momentOf = (part = {}) => ({
  timeUs: 1_500_000,
  nextUs: 1_600_000,
  counts: {
    ...{ future: 5, admission: 1, routing: 0, delivery: 2, waiting: 3, evicted: 1, prefill: 1, decode: 2 },
    ...{ completed: 9, rejected: 4, timed_out: 0, dropped: 0, lost: 0 },
  },
  instanceCount: 2,
  instances: {
    waiting: [3, 1],
    prefill: [1, 0],
    decode: [1, 1],
    usedBlocks: [40, 10],
    inFlight: [6, 2],
    evictions: [2, 0],
    completed: [7, 2],
    lost: [0, 0],
    routable: [1, 1],
    stepTokens: [2048, 1],
    limits: ['step_budget', null],
    tiers: [],
  },
  queues: [Uint32Array.of(10, 11, 12), Uint32Array.of(13)],
  evicted: [Uint32Array.of(0, 0, 0), Uint32Array.of(1)],
  batches: [Uint32Array.of(20, 21), Uint32Array.of(22)],
  prefill: [Uint32Array.of(1, 0), Uint32Array.of(0)],
  ...part,
});

test('time passes at its speed and stops at the end', () => {
  assert.equal(advance(1000, 16, 1, 1e9), 17_000);
  assert.equal(advance(0, 16, 0.01, 1e9), 160);
  assert.equal(advance(0, 16, 1000, 1e6), 1e6);
});

test('a browser that slept does not make time leap', () => {
  assert.equal(advance(0, 60_000, 1, 1e9), 100_000);
  assert.equal(advance(5, -3, 1, 1e9), 5);
});

test('speeds reach from a hundredth to a thousand times', () => {
  assert.equal(SPEEDS[0], 0.01);
  assert.equal(SPEEDS[SPEEDS.length - 1], 1000);
});

test('places on the time line are whole microseconds within the run', () => {
  assert.equal(timeAt(1 / 3, 1000), 333);
  assert.equal(timeAt(-1, 1000), 0);
  assert.equal(timeAt(2, 1000), 1000);
  assert.equal(clockText(1_234_567), '1.235 s');
});

test('no card overlaps another one or leaves the picture, whatever the number of instances', () => {
  for (const [width, height] of [
    [880, 300],
    [340, 480],
  ]) {
    for (const instances of [1, 2, 7, 16, 64, 200]) {
      const { cards } = layoutFor(width, height, instances);
      assert.equal(cards.length, instances);
      for (const [i, { box: a }] of cards.entries()) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height + 1e-6, `${i}`);
        for (const { box: b } of cards.slice(i + 1)) {
          const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          assert.ok(apart, `${instances} instances`);
        }
      }
    }
  }
});

test('sixteen instances stand in rows with queue and batch, on a wide picture and in two on the overview', () => {
  assert.ok(layoutFor(870, 300, 16).cards.every(({ batch, low }) => !low && batch.height >= 26));
  const { cards, columns } = layoutFor(870, 160, 16);
  assert.equal(columns, 8);
  assert.ok(cards.every(({ batch, low }) => !low && batch.height >= 12));
});

test('bars stand beside the name where there is only one line, and never over it', () => {
  for (const instances of [32, 40, 60]) {
    for (const { box, bars, low } of layoutFor(870, 160, instances).cards) {
      for (const { x, y, height } of low ? bars : [])
        assert.ok(x >= box.x + 56 && y >= box.y && y + height <= box.y + box.height, `${instances}`);
    }
  }
  assert.ok(layoutFor(870, 160, 32).cards.every(({ low }) => low));
});

test('the three bars and the line below them stand one under the other within their card, below queue and batch', () => {
  for (const [width, height] of [
    [870, 300],
    [870, 160],
    [340, 480],
  ]) {
    for (const instances of [1, 2, 4, 6, 12, 16, 32, 64, 200]) {
      for (const { box, batch, bars, waits, low } of layoutFor(width, height, instances).cards) {
        const parts = [...(low ? [] : [batch]), ...bars, ...(waits ? [waits] : [])];
        for (const [i, part] of parts.entries()) {
          assert.ok(part.height >= 0 && part.y + part.height <= box.y + box.height + 1e-6, `${instances}`);
          if (i > 0) assert.ok(parts[i - 1].y + parts[i - 1].height <= part.y + 1e-6, `${instances}: ${i}`);
        }
        assert.ok(waits === null || batch.height >= 10, `${instances}: a line costs the batch its place`);
      }
    }
  }
  assert.ok(layoutFor(870, 300, 4).cards.every(({ waits, words }) => waits !== null && words));
});

test('an instance is put into words with its three limits and what its requests wait for', () => {
  const bounds = { limit: 256, kvBlocks: 80, stepBudget: 2048 };
  assert.equal(
    instanceInWords(momentOf(), 0, bounds),
    'Instance 0: 3 waiting, step budget 2,048 of 2,048 tokens, 2 of 256 slots (1 prefill, 1 decode), KV blocks 50% full, 2 preemptions, waits: prompt reading is full.',
  );
  // Nothing is said of a limit at an instance where nothing stands before it.
  const quiet = momentOf();
  Object.assign(quiet.instances, { waiting: [0], usedBlocks: [8], evictions: [0], limits: ['slots'] });
  assert.match(instanceInWords(quiet, 0, bounds), /KV blocks 10% full\.$/);
});

test('a mark is found where it is drawn, in queues from the right and in batches from the left', () => {
  /** @type {Box} */
  const box = { x: 10, y: 20, width: 100, height: 50 };
  for (const fromRight of [true, false]) {
    const grid = gridFor(box, 30);
    assert.ok(grid.capacity >= 30);
    for (let i = 0; i < 30; i += 1) {
      const point = markAt(box, grid, i, fromRight);
      assert.ok(inside(box, point.x, point.y));
      assert.equal(markUnder(box, grid, 30, point, fromRight), i);
    }
    assert.equal(markUnder(box, grid, 5, markAt(box, grid, 7, fromRight), fromRight), -1);
  }
});

test('all cards of a picture draw alike: the fullest decides whether batches are dots or areas', () => {
  const layout = layoutFor(880, 300, 2);
  const full = momentOf();
  const many = Uint32Array.from({ length: 512 }, (_unused, at) => at);
  Object.assign(full.instances, { prefill: [0, 0], decode: [2, 2000] });
  full.batches = [Uint32Array.of(20, 21), many];
  assert.deepEqual(marksOf(layout, momentOf()), { waiting: 3, running: 2, areas: false });
  assert.deepEqual(marksOf(layout, full), { waiting: 3, running: 2000, areas: true });
  // Not even one of two requests is found where an area stands.
  const { batch } = layout.cards[0];
  const point = markAt(batch, gridFor(batch, 2000), 1, false);
  assert.deepEqual(under(layout, full, point), { instance: 0, index: null });
});

test('the four instances of the opening run, with 200 requests in each batch, are dots on the overview, too', () => {
  const { batch } = layoutFor(878, 160, 4).cards[0];
  assert.ok(gridFor(batch, 201).capacity >= 201);
});

test('marks shrink only as far as shapes can be told apart', () => {
  const grid = gridFor({ x: 0, y: 0, width: 60, height: 30 }, 10_000);
  assert.equal(grid.cell, 6);
  assert.equal(grid.capacity, 50);
});

test('a rail begins at routing and ends at its instance, and dots stay on it', () => {
  for (const width of [880, 340]) {
    const layout = layoutFor(width, 400, 6);
    for (let at = 0; at < 6; at += 1) {
      const rail = railTo(layout, at);
      assert.deepEqual(pointAlong(rail, 0), rail[0]);
      const end = pointAlong(rail, 1);
      const { box } = layout.cards[at];
      assert.ok(Math.abs(end.y - box.y) < 1e-6 && end.x > box.x && end.x < box.x + box.width);
      assert.ok(
        rail.slice(1).every(({ x, y }, i) => x === rail[i].x || y === rail[i].y),
        'no slanted rails',
      );
    }
  }
});

test('the numbers of an instance are told apart, and what is on its way is what is in flight but not there yet', () => {
  const { waiting, prefill, decode, running, usedBlocks, onTheWay, evictions, completed } = instanceAt(momentOf(), 0);
  assert.deepEqual([waiting, prefill, decode, running, usedBlocks], [3, 1, 1, 2, 40]);
  assert.deepEqual([onTheWay, evictions, completed], [1, 2, 7]);
});

test('a moment is put into words, with losses only where there are any', () => {
  assert.equal(
    momentInWords(momentOf()),
    'At 1.500 s: 3 waiting, 1 in prefill, 2 in decode, 9 completed, 1 preempted, 4 rejected.',
  );
  assert.equal(countsByState(momentOf()).transit, 3);
});

test('arrow keys go from instance to instance and, inside, from request to request', () => {
  const counts = { columns: 2, instances: 4, requests: 3 };
  assert.deepEqual(afterKey({ instance: 0, index: null }, 'ArrowDown', counts), { instance: 2, index: null });
  assert.deepEqual(afterKey({ instance: 3, index: null }, 'ArrowRight', counts), { instance: 3, index: null });
  assert.deepEqual(afterKey({ instance: 1, index: null }, 'Enter', counts), { instance: 1, index: 0 });
  assert.deepEqual(afterKey({ instance: 1, index: 1 }, 'End', counts), { instance: 1, index: 2 });
  assert.deepEqual(afterKey({ instance: 1, index: 2 }, 'ArrowRight', counts), { instance: 1, index: 2 });
  assert.deepEqual(afterKey({ instance: 1, index: 2 }, 'Escape', counts), { instance: 1, index: null });
  assert.equal(afterKey({ instance: 1, index: null }, ' ', counts), null);
  assert.equal(afterKey({ instance: 1, index: null }, 'Enter', { ...counts, requests: 0 }), null);
});

test('the pointer finds the request that is drawn under it', () => {
  const layout = layoutFor(880, 300, 2);
  const moment = momentOf();
  const { queue, batch, box } = layout.cards[0];
  assert.deepEqual(under(layout, moment, markAt(queue, gridFor(queue, 3), 1, true)), { instance: 0, index: 1 });
  assert.deepEqual(under(layout, moment, markAt(batch, gridFor(batch, 2), 1, false)), { instance: 0, index: 4 });
  assert.deepEqual(under(layout, moment, { x: box.x + 3, y: box.y + 3 }), { instance: 0, index: null });
  assert.equal(under(layout, moment, { x: 1, y: 1 }), null);
});

test('every request that was routed in a span of time sends off one dot, which ends', () => {
  const pulses = new Pulses();
  pulses.load({ routed_us: Float64Array.of(30, 10, NaN, 20), instance: Float64Array.of(3, 1, NaN, 2) });
  pulses.launch(10, 30);
  assert.deepEqual(
    pulses.alive.map(({ instance }) => instance),
    [2, 3],
  );
  pulses.move(10_000);
  assert.deepEqual(pulses.alive, []);
  assert.equal(firstAfter(Float64Array.of(1, 2, 2, 3), 2), 3);
});

test('the player shows only moments that it was given, and leaves out frames while one is under way', async () => {
  /** @type {{timeUs: number, answer: (moment: any) => void}[]} */
  const asked = [];
  const player = new Player((timeUs) => new Promise((answer) => asked.push({ timeUs, answer })));
  /** @type {number[]} */
  const shown = [];
  player.onMoment = ({ timeUs }) => shown.push(timeUs);
  player.open(1_000_000, 0);
  asked[0].answer(momentOf({ timeUs: 0, nextUs: 700 }));
  await new Promise(setImmediate);
  player.play();
  for (let i = 0; i < 5; i += 1) player.frame(10);
  assert.deepEqual(
    asked.map(({ timeUs }) => timeUs),
    [0, 10_000],
  );
  asked[1].answer(momentOf({ timeUs: 10_000 }));
  await new Promise(setImmediate);
  player.frame(10);
  assert.equal(asked[2].timeUs, 60_000);
  assert.deepEqual(shown, [0, 10_000]);
});

test('a step goes to the next event and stops the play; after the last event it stays', async () => {
  /** @type {number[]} */
  const asked = [];
  let nextUs = /** @type {number|null} */ (700);
  const player = new Player((timeUs) => {
    asked.push(timeUs);
    return Promise.resolve(momentOf({ timeUs, nextUs }));
  });
  player.open(1000, 0);
  await new Promise(setImmediate);
  nextUs = null;
  player.step();
  await new Promise(setImmediate);
  player.step();
  await new Promise(setImmediate);
  assert.deepEqual(asked, [0, 700]);
  assert.equal(player.playing, false);
});

test('a request is said to be inspected by a key only to those who have one', () => {
  assert.equal(
    requestInWords(momentOf(), 0, 1, true),
    'Request 11: waiting, place 2 in the queue of instance 0. Enter inspects it.',
  );
  assert.equal(requestInWords(momentOf(), 0, 3, false), 'Request 20: in prefill, place 1 in the batch of instance 0.');
});
