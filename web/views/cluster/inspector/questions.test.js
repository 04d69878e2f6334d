import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Superseded } from '../../../engine/connection.js';
import { Pool } from '../../../engine/pool.js';
import { start } from '../../../engine/scripted_worker.js';
import { Questions } from './questions.js';

/** Lets promises settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Questions to one worker. */
function questions() {
  const { client, workers } = start();
  /** @type {string[][]} */
  const seen = [];
  const pool = new Pool({ size: 1, makeClient: () => client });
  const asked = new Questions(pool, () => seen.push(asked.kinds));
  return { asked, workers, seen };
}

const about = (/** @type {number} */ request) => /** @type {any} */ ({ config: {}, request });

test('questions are stopped together, and a worker that goes on with one is replaced', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { asked, workers, seen } = questions();
  const both = [asked.ask('explain', about(1)), asked.ask('fork', about(1))];
  assert.deepEqual(asked.kinds, ['explain', 'fork']);
  asked.giveUp();
  for (const each of both) await assert.rejects(each, Superseded);
  assert.deepEqual(seen.at(-1), []);
  t.mock.timers.tick(1000);
  assert.ok(workers[0].terminated);
  const again = asked.ask('explain', about(1));
  workers[1].answer({ value: 'why' });
  assert.equal(/** @type {any} */ (await again), 'why');
});

test('what is asked about a request that was left has a moment to end, and then makes room', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { asked, workers } = questions();
  const first = asked.ask('explain', about(1));
  asked.leave();
  const second = asked.ask('explain', about(2));
  asked.leave();
  const third = asked.ask('explain', about(3));
  await assert.rejects(second, Superseded);
  assert.deepEqual(workers[0].operations, ['explain'], 'the first may still end');
  t.mock.timers.tick(500);
  await assert.rejects(first, Superseded);
  await settled();
  assert.deepEqual(workers[0].received.at(-1).argument, about(3));
  workers[0].answer({ value: 'why' });
  assert.equal(/** @type {any} */ (await third), 'why');
});
