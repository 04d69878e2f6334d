// An hour of requests with hash ids (benches/scenarios/mooncake.rs) in a browser: the file read, its list packed and loaded, served.

/** @import {Page} from '@playwright/test' */

/** As in the scenario. */
const CONFIG = {
  model: { name: 'qwen/qwen3-14b', hardware: 'H100', tp: 1 },
  cluster: { num_instances: 8 },
  routing: { policy: 'weighted' },
};

/** Bytes of a piece, as the page reads them. */
const PIECE = 1 << 20;

/**
 * Times of each part and of all of them, ms, in order of the repeats: the first is of code that the browser has not optimised.
 * @param {Page} page a page of the server's origin
 * @param {string} module address of the engine's JavaScript
 * @param {string} text the file
 * @param {number} repeats
 * @returns {Promise<Record<'reading'|'packing and loading'|'serving'|'all', number[]>>}
 */
export function measureTraffic(page, module, text, repeats) {
  return page.evaluate(async ([module, text, repeats, settings, size]) => {
    const engine = await import(module);
    await engine.default();
    const bytes = new TextEncoder().encode(text);
    /** @type {Record<'reading'|'packing and loading'|'serving'|'all', number[]>} */
    const ms = { reading: [], 'packing and loading': [], serving: [], all: [] };
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const start = performance.now();
      const reader = new engine.TraceReader({});
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      const table = reader.finish();
      const read = performance.now();
      const slice = table.slice({});
      const requests = engine.loadRequests(slice.pack(), 'hour');
      const loaded = performance.now();
      const result = engine.simulate({ ...settings, workload: { requests } });
      const end = performance.now();
      ms.reading.push(read - start);
      ms['packing and loading'].push(loaded - read);
      ms.serving.push(end - loaded);
      ms.all.push(end - start);
      for (const held of [result, slice, table]) held.free();
      engine.unloadRequests(requests.digest);
    }
    return ms;
  }, /** @type {[string, string, number, any, number]} */ ([module, text, repeats, CONFIG, PIECE]));
}
