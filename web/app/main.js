// Wires the page together: address, places, the Story, and what comes when it is first wanted.

import { Address } from '../address/address.js';
import { pageState } from '../address/page_state.js';
import { Pool } from '../engine/pool.js';
import { showsSettings } from '../shared/places.js';
import { byId, element } from '../ui/dom.js';
import { keepPins, pinRun } from '../views/compare/pins.js';
import { renderNotice } from '../views/overview/notice.js';
import { createEmbedding } from '../views/share/embedding.js';
import { createShare } from '../views/share/button.js';
import { createStory } from '../views/story/view.js';
import { keepTheory } from '../views/theory/client.js';
import { PIN, PIN_HELP } from '../words/page.js';
import { dialogsWhenOpened } from './lazy_dialogs.js';
import { startExploreWhenShown } from './lazy_explore.js';
import { startViewsWhenShown } from './lazy_views.js';
import { followLinkRules } from './link_rules.js';
import { markDrawn, markSimulation } from './marks.js';
import { NewerBuild } from './newer.js';
import { holdBuild, keepForOfflineLater } from './offline.js';
import { createPlaces, followWithin } from './places.js';
import { followPresentation } from './present.js';
import { Session } from './session.js';
import { engine, firstAttempt, link } from './start.js';
import { Store } from './state.js';
import { Undo } from './undo.js';

/** @import {State} from './state.js' */

/** What the notice shows. @type {(keyof State)[]} */
const NOTICE_PARTS = [
  'tab',
  'embed',
  'config',
  'pairs',
  'drafts',
  'problems',
  'droppedKills',
  'rejectedLink',
  'progress',
  'failure',
  'cancelled',
  'held',
  'estimate',
];

/** See `engineOrSoon`. */
const LONGEST_WAIT_MS = 100;

const store = new Store();
const pool = new Pool({ main: engine });
const session = new Session(store, engine, pool);
const address = new Address(store, session);
const undo = new Undo(store, session, address, byId('notice'));
const dialogs = dialogsWhenOpened({
  store,
  session,
  pool,
  undo,
  onStep: () => address.step(),
  onBring: (files) => bring(files),
});

/** What is done with a file, wherever it is chosen or dropped. @type {(files: File[]) => void} */
let bring = () => {};

/** There once Explore or Plan has been shown. @type {import('../settings/form.js').Form|null} */
let form = null;

/** @param {Readonly<State>} state */
function showNotice(state) {
  // Where no control that is seen can show what is wrong with its value, the notice does.
  const unplaced = form !== null && showsSettings(state) ? form.unplaced(state) : state.problems;
  renderNotice(byId('notice'), state, unplaced, {
    onCancel: () => session.cancelRun(),
    onRunCancelled: () => session.runCancelled(),
    onRunHeld: () => session.runHeld(),
    onRunSmaller: () => session.runSmaller(),
  });
}

/** The notice does not wait for the form, because it also reports why there is none. */
function createNotice() {
  store.watch(NOTICE_PARTS, showNotice);
  store.watch(['run'], (state) => {
    if (state.problems.length > 0) showNotice(state);
  });
  store.watch(['held', 'cancelled', 'run', 'failure'], ({ run, held, cancelled, failure }) => {
    const none = held || cancelled !== null || failure !== null;
    document.body.classList.toggle('without-run', run === null && none);
  });
  store.watch(['run'], ({ run }) => {
    if (run !== null) markSimulation(run.startedAt);
  });
}

/** Which view is shown is part of the state and of the address. */
function createPage() {
  store.change(pageState(location.hash));
  createPlaces(store);
  followPresentation(store);
  followLinkRules(store);
}

function followAddress() {
  address.start();
  // The start script has already sent the first attempt.
  return link === null ? session.startOver(firstAttempt) : session.open(link, '', firstAttempt);
}

/** The tools in the masthead: they keep a run or pass it on. */
function createTools() {
  const toolbar = byId('toolbar');
  const pin = element('button', { type: 'button', class: 'pin' }, PIN);
  pin.title = PIN_HELP;
  pin.addEventListener('click', () => pinRun(store));
  toolbar.append(pin);
  bring = createShare(toolbar, { store, session, pool, dialogs }, () => address.step());
  createEmbedding(store);
  keepPins(store);
}

function createStoryPlace() {
  createStory(store, {
    onCount(key, instances, step) {
      if (step === 'step') address.step();
      else if (step === 'none') address.stay();
      session.edit(key, String(instances));
    },
    onOpening: (words, opener) => undo.offer(words, () => session.startOver(), opener),
    onSweep: () => session.resumeSweep(),
    onDrawn: (state) => markDrawn('story', state),
    follow: followWithin,
  });
}

/** Marks the body while figures are still to come, for tests and scripts that wait. */
function markBusy() {
  const mark = () => {
    document.body.dataset.busy = String(store.state.busy);
  };
  store.watch(['busy'], mark);
  mark();
}

/**
 * While the page is put together, nothing can be handed to the worker that is to run the engine; afterwards the two are
 * busy at the same time. So the page waits until the engine has been handed over, but not long: what comes over a slow
 * line is not waited for.
 */
function engineOrSoon() {
  return Promise.race([engine.begun, new Promise((done) => setTimeout(done, LONGEST_WAIT_MS))]);
}

async function start() {
  // Before anything is waited for: a newer build may come meanwhile.
  holdBuild();
  const newer = new NewerBuild(store);
  // It is for those to whom the scripts do not come.
  document.querySelector('.boot')?.remove();
  await engineOrSoon();
  createStoryPlace();
  const theorist = keepTheory(store, pool);
  const page = { store, session, pool, theorist, dialogs };
  startViewsWhenShown(page, newer);
  createPage();
  createTools();
  markBusy();
  createNotice();
  const described = session.start();
  const explore = startExploreWhenShown({ ...page, address, undo }, described, newer, (made) => {
    form = made;
    showNotice(store.state);
  });
  const opened = followAddress();
  const description = await described.catch((error) => session.report(error));
  if (!description) return;
  await explore;
  keepForOfflineLater();
  await opened;
}

// Not awaited at the top: whatever is loaded late imports this module, and would wait for its end.
start().catch(reportError);
