// Wires the page together: address, form, engine, views.

import { Address } from '../address/address.js';
import { pageState } from '../address/page_state.js';
import { Pool } from '../engine/pool.js';
import { cardName } from '../settings/imported.js';
import { Form } from '../settings/form.js';
import { byId, element, setWords } from '../ui/dom.js';
import { Tabs } from '../ui/tabs.js';
import { keepPins, pinRun } from '../views/compare/pins.js';
import { announcement, renderHeadline } from '../views/overview/headline.js';
import { renderNotice } from '../views/overview/notice.js';
import { createOldFigures } from '../views/overview/old_figures.js';
import { createSelected } from '../views/overview/selected.js';
import { createSimulated } from '../views/overview/simulated.js';
import { createOpening, factorWords } from '../views/overview/opening.js';
import { createEmbedding } from '../views/share/embedding.js';
import { createShare } from '../views/share/button.js';
import { keepTheory } from '../views/theory/client.js';
import { createCharts } from './charts.js';
import { startViewsWhenShown } from './lazy_views.js';
import { markSimulation } from './marks.js';
import { NewerBuild } from './newer.js';
import { holdBuild, keepForOfflineLater } from './offline.js';
import { Session } from './session.js';
import { engine, firstAttempt, link } from './start.js';
import { Store } from './state.js';
import { Undo } from './undo.js';

/** @import {Pair} from '../shared/types.d.ts' */
/** @import {State} from './state.js' */

/** What form and notice show. @type {(keyof State)[]} */
const FORM_PARTS = [
  'config',
  'pairs',
  'drafts',
  'problems',
  'rejectedLink',
  'progress',
  'failure',
  'hide',
  'imported',
  'importedName',
  'fits',
  'cancelled',
  'held',
  'estimate',
];

/** Below this width the settings start folded, so that results are seen first. */
const NARROW = '(max-width: 60rem)';

/** See `engineOrSoon`. */
const LONGEST_WAIT_MS = 100;

const store = new Store();
const pool = new Pool({ main: engine });
const session = new Session(store, engine, pool);
const address = new Address(store, session);
const undo = new Undo(store, session, address, byId('opening'));

function createHeadline() {
  const parent = byId('headline');
  const live = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  parent.after(live);
  const simulated = createSimulated(store);
  const figures = element('div', {});
  store.watch(['run', 'pins', 'against', 'description'], (state) => {
    if (state.run === null) return;
    // The line stays in its place: a button that is put in again loses the focus.
    if (!figures.isConnected) parent.replaceChildren(simulated, figures);
    renderHeadline(figures, state);
  });
  store.watch(['held', 'cancelled', 'run'], ({ run, held, cancelled }) => {
    const without = run === null && (held || cancelled !== null);
    document.body.classList.toggle('without-run', without);
    if (without) parent.querySelectorAll('.on-its-way, .boot').forEach((words) => words.remove());
  });
  store.watch(['run'], ({ run }) => {
    if (run === null) return;
    setWords(live, announcement(run));
    markSimulation(run.startedAt);
  });
}

/** There once the engine has described the settings. @type {Form|null} */
let form = null;

/** @param {Readonly<State>} state */
function showSettings(state) {
  form?.render(state);
  renderNotice(byId('notice'), state, form?.unplaced(state) ?? [], {
    onCancel: () => session.cancelRun(),
    onRunCancelled: () => session.runCancelled(),
    onRunHeld: () => session.runHeld(),
    onRunSmaller: () => session.runSmaller(),
  });
}

/** The notice does not wait for the form, because it also reports why there is none. */
function createNotice() {
  store.watch(FORM_PARTS, showSettings);
  store.watch(['run'], (state) => {
    if (state.problems.length > 0) showSettings(state);
  });
}

/** @param {NonNullable<State['description']>} description */
function createForm(description) {
  const onEdit = (/** @type {string} */ key, /** @type {string} */ text) => {
    address.stay();
    session.edit(key, text);
  };
  form = new Form(byId('form'), description, onEdit, {
    onDoor: (values) => session.editAll(values),
    onRemove: () =>
      undo.offer(`${cardName(store.state)} removed.`, () => session.removeImported(), form?.requests ?? null),
  });
  showSettings(store.state);
}

function createOpeningChoices() {
  const key = store.state.description?.schema.find(({ path }) => path === 'cluster.num_instances')?.key ?? 'instances';
  const choices = createOpening(byId('opening'), {
    onCount(instances) {
      address.step();
      session.edit(key, String(instances));
    },
    onReset: () => undo.offer('Started over.', () => session.startOver(), document.activeElement),
    onSeed() {
      address.step();
      session.drawSeed();
    },
  });
  const mark = () => choices.mark(store.state.config?.cluster.num_instances ?? 0);
  store.watch(['config'], mark);
  mark();
  const factor = byId('opening-factor');
  const tell = () => {
    setWords(factor, factorWords(store.state.sweep));
  };
  store.watch(['sweep'], tell);
  tell();
}

/** The views of the main area; which one is shown is part of the state and of the address. */
function createTabs() {
  const panels = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.tab-panel'))];
  const tabs = new Tabs(byId('tabs'), panels, (name, passing) => {
    const change = () => store.change({ tab: name === tabs.first ? '' : name });
    if (passing) address.within(change);
    else change();
  });
  store.watch(['tab'], ({ tab }) => {
    tabs.show(tab);
    document.body.dataset.tab = tab;
  });
  createSelected(byId('tabs'), store);
  tabs.show('');
  store.change(pageState(location.hash));
}

function followAddress() {
  address.start();
  // The start script has already sent the first attempt.
  return link === null ? session.startOver(firstAttempt) : session.open(link, '', firstAttempt);
}

/** The tools in the masthead: they keep a run or pass it on. */
function createTools() {
  const toolbar = byId('toolbar');
  const pin = element('button', { type: 'button' }, 'Pin');
  pin.title = 'Keep this run to compare with';
  pin.addEventListener('click', () => pinRun(store));
  toolbar.append(pin);
  createShare(toolbar, { store, session, pool }, () => address.step());
  createEmbedding(store);
  keepPins(store);
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
  if (matchMedia(NARROW).matches) byId('settings').removeAttribute('open');
  createCharts(byId('charts'), { store, session, address });
  createHeadline();
  const theorist = keepTheory(store, pool);
  startViewsWhenShown({ store, session, pool, theorist }, newer);
  createTabs();
  createTools();
  createOldFigures(store);
  markBusy();
  createNotice();
  const described = session.start();
  const opened = followAddress();
  const description = await described.catch((error) => session.report(error));
  if (!description) return;
  createForm(description);
  createOpeningChoices();
  keepForOfflineLater();
  await opened;
}

// Not awaited at the top: whatever is loaded late imports this module, and would wait for its end.
start().catch(reportError);
