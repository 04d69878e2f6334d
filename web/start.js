// The first script of the page: gets the engine going with what the address asks for, then the rest of the page.

import { EngineClient } from './engine/client.js';
import { storyPairs } from './opening.js';
import { parseHash } from './url.js';

performance.mark('start');

/** See `page`. */
const LONGEST_WAIT_MS = 100;

/** The engine of the page's own runs. */
export const engine = new EngineClient();

/** What the address asks for; null for the opening story. */
export const link = parseHash(location.hash);

/** The first run under way. It is taken over by the session, which is there to hear of the proposal. */
export const firstAttempt = engine.attempt({ pairs: link === null ? storyPairs() : link.pairs });

/**
 * As long as the page's own scripts are busy, the browser can neither start the engine's worker nor hand it the engine;
 * once it has, both are busy at the same time. So they wait for that, but not long: what comes over a slow line is not
 * waited for.
 */
async function page() {
  await Promise.race([engine.begun, new Promise((done) => setTimeout(done, LONGEST_WAIT_MS))]);
  if (document.readyState === 'loading') {
    await new Promise((done) => document.addEventListener('DOMContentLoaded', done, { once: true }));
  }
  await import('./main.js');
}

// Not awaited: the page's scripts wait for this one.
page();
