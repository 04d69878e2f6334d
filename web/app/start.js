// The first script of the page: gets the engine going with what the address asks for, while the rest still loads.

import { openingPairs } from '../address/opening.js';
import { parseHash } from '../address/url.js';
import { EngineClient } from '../engine/client.js';

performance.mark('start');

/** The engine of the page's own runs. */
export const engine = new EngineClient();

/** What the address asks for; null for the page's opening. */
export const link = parseHash(location.hash);

/** The first run under way. It is taken over by the session, which is there to hear of the proposal. */
export const firstAttempt = engine.attempt({ pairs: link === null ? openingPairs() : link.pairs });
