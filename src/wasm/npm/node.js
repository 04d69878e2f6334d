// The package in Node: the module is read from the disk, so that it is ready when it has been imported.

import { readFileSync } from 'node:fs';
import { initSync } from './index.js';

const started = initSync({ module: readFileSync(new URL('./blis_playground_bg.wasm', import.meta.url)) });

export * from './index.js';

/** Here for programs that also run in browsers, where the module has to be fetched first. */
export default async function init() {
  return started;
}
