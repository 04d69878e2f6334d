import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRequests } from './workload.js';

const target = (/** @type {object} */ given) =>
  /** @type {any} */ ({ ttft_ms: null, itl_ms: null, e2e_ms: null, ...given });

test('requests take the place of a workload, and targets of the settings go before those of the file', () => {
  const config = /** @type {any} */ ({
    seed: 5,
    cluster: { num_instances: 2, horizon: null },
    workload: { rate: 7, spec: { clients: [] }, concurrency: 3, timeout: 9, requests: null, hash_block: 512 },
    slo: { gold: target({ ttft_ms: 100 }) },
  });
  const list = { digest: 'd1', name: 'a', requests: 3 };
  const targets = { gold: target({ ttft_ms: 500, e2e_ms: 900 }), batch: target({ itl_ms: 40 }) };
  const made = withRequests(config, { requests: list, hashBlock: null, targets, horizon: 8_000_000 });
  assert.deepEqual(made.workload, {
    rate: 7,
    spec: null,
    concurrency: 0,
    timeout: null,
    requests: list,
    hash_block: 512,
  });
  assert.deepEqual(made.cluster, { num_instances: 2, horizon: 8_000_000 });
  assert.deepEqual(made.slo, { gold: { ttft_ms: 100, e2e_ms: 900 }, batch: { itl_ms: 40 } });
  const rows = withRequests(config, { requests: [], hashBlock: 16, targets: {}, horizon: null });
  assert.equal(rows.workload.hash_block, 16);
  assert.equal(rows.cluster, config.cluster);
});
