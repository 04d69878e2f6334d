// The first script of the page: starts the engine with the settings of the address while the rest still loads.

import { openingPairs } from '../address/opening.js';
import { pageState } from '../address/page_state.js';
import { parseHash } from '../address/url.js';
import { EngineClient } from '../engine/client.js';
import { LINK_REQUESTS } from '../shared/budgets.js';
import { isPresented, placeOf } from '../shared/places.js';

performance.mark('start');

// Before anything is drawn, so that no other place is seen first.
const first = pageState(location.hash);
document.documentElement.dataset.place = placeOf(first.tab ?? '');
if (isPresented(first)) document.documentElement.dataset.present = '1';

/** The engine of the page's own runs. */
export const engine = new EngineClient({ ready: true });

/** The settings of the address; null for the page's opening. */
export const link = parseHash(location.hash);

/** The first run under way. The session takes it over before its proposal arrives. */
export const firstAttempt = engine.attempt(
  link === null ? { pairs: openingPairs() } : { pairs: link.pairs, limit: LINK_REQUESTS },
);
