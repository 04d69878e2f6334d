import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Superseded } from '../engine/client.js';
import { start } from '../engine/scripted_worker.js';
import { Imports } from './imports.js';

const store = /** @type {any} */ ({ state: { config: { workload: { requests: null } }, description: null } });

/** Ways to bring a file in, each with its name. @type {Record<string, (imports: Imports) => Promise<unknown>>} */
const WAYS = {
  settings: (imports) => imports.settings('{}', 'a.json'),
  specification: (imports) => imports.specification('', 'a.yaml'),
};

for (const [name, bring] of Object.entries(WAYS)) {
  test(`a file that is being read can be stopped: ${name}`, async () => {
    const { client, workers } = start();
    const imports = new Imports(store, client, () => assert.fail('it was taken'));
    const [first, second] = [bring(imports), bring(imports)];
    imports.stop();
    await assert.rejects(first, Superseded);
    await assert.rejects(second, Superseded);
    assert.equal(workers[0].operations.filter((operation) => operation.startsWith('import')).length, 1);
    assert.ok(client.idle);
  });
}
