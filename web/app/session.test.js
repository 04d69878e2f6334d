import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pool } from '../engine/pool.js';
import { start } from '../engine/scripted_worker.js';
import { Session } from './session.js';
import { Store } from './state.js';

const config = { seed: 42, workload: { requests: null } };
const proposal = { problems: [], config, pairs: [['rate', '5']], imported: null, estimate: null, held: false };

test('settings whose run ended without a result are shown as cancelled, and can be run after all', async () => {
  const { client, workers } = start();
  const store = new Store();
  const session = new Session(store, client, new Pool({ size: 1, makeClient: () => client }));
  const edited = session.edit('rate', '5');
  workers[0].tell({ proposal });
  workers[0].answer({ value: null });
  await edited;
  assert.deepEqual(store.state.cancelled, { pairs: proposal.pairs, importedName: '' });
  assert.equal(store.state.busy, false);
});

test('cancelling gives up what waits to be checked, too', async () => {
  const { client, workers } = start();
  const store = new Store();
  const session = new Session(store, client, new Pool({ size: 1, makeClient: () => client }));
  const first = session.edit('rate', '5');
  workers[0].tell({ proposal });
  await new Promise((resolve) => setImmediate(resolve));
  const later = [session.edit('rate', '6'), session.edit('rate', '7')];
  session.cancelRun();
  await Promise.all([first, ...later]);
  assert.deepEqual(store.state.cancelled, { pairs: proposal.pairs, importedName: '' });
  assert.equal(workers[0].operations.filter((operation) => operation === 'attempt').length, 2);
  assert.ok(client.idle && session.isSettled);
});

test('a first run that was cancelled is not swept by going to another place', async () => {
  const { client, workers } = start();
  const store = new Store();
  const session = new Session(store, client, new Pool({ size: 1, makeClient: () => client }));
  store.change({ tab: 'story', sweepAxis: 'rate' });
  const opened = session.edit('rate', '5');
  workers[0].tell({ proposal });
  await new Promise((resolve) => setImmediate(resolve));
  session.cancelRun();
  await opened;
  assert.ok(store.state.cancelled !== null && store.state.run === null);
  store.change({ tab: '' });
  store.change({ tab: 'story' });
  assert.equal(store.state.sweep, null);
  assert.ok(client.idle);
  assert.ok(!workers.some(({ operations }) => operations.includes('sweep')));
});
