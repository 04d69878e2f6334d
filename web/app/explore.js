// Explore and the settings beside it and beside Plan: they come when a person first goes there.

import { MEASURED } from '../settings/documents.js';
import { cardName } from '../settings/imported.js';
import { Form } from '../settings/form.js';
import { EXPLORE_VIEWS, placeOf } from '../shared/places.js';
import { byId, element, setWords } from '../ui/dom.js';
import { Tabs } from '../ui/tabs.js';
import { announcement, renderHeadline } from '../views/overview/headline.js';
import { createOldFigures } from '../views/overview/old_figures.js';
import { createSelected } from '../views/overview/selected.js';
import { createSimulated } from '../views/overview/simulated.js';
import { NEW_SEED, START_OVER, STARTED_OVER, removed } from '../words/page.js';
import { AskedFits } from './asked_fits.js';
import { createCharts } from './charts.js';

/** @import {Address} from '../address/address.js' */
/** @import {Description} from '../shared/types.d.ts' */
/** @import {PageParts} from './lazy_views.js' */
/** @import {State} from './state.js' */
/** @import {Undo} from './undo.js' */

/** @typedef {PageParts & {address: Address, undo: Undo}} ExploreParts */

/** What the form shows. @type {(keyof State)[]} */
const FORM_PARTS = [
  'config',
  'pairs',
  'drafts',
  'problems',
  'hide',
  'imported',
  'importedName',
  'fits',
  'fitsRoofline',
];

/** Below this width the settings start folded, so that results are seen first. */
const NARROW = '(max-width: 60rem)';

/** @param {ExploreParts} page */
function createHeadline({ store }) {
  const parent = byId('headline');
  const live = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  parent.after(live);
  const simulated = createSimulated(store);
  const figures = element('div', {});
  store.follow(['run', 'pins', 'against', 'description', 'busy'], (state) => {
    if (state.run === null) return;
    // The line stays in its place: a button that is put in again loses the focus.
    if (!figures.isConnected) parent.replaceChildren(simulated, figures);
    renderHeadline(figures, state);
  });
  store.watch(['run'], ({ run }) => {
    if (run !== null) setWords(live, announcement(run));
  });
}

/**
 * @param {ExploreParts} page
 * @param {Description} description
 */
export function buildForm({ store, session, pool, address, undo, dialogs }, description) {
  const onEdit = (/** @type {string} */ key, /** @type {string} */ text) => {
    address.stay();
    session.edit(key, text);
  };
  const lock = element('fieldset', { class: 'form-lock', 'aria-labelledby': 'panel-title' });
  byId('form').append(lock);
  const form = new Form(lock, description, onEdit, {
    onDoor: (values) => session.editAll(values),
    onRemove: () => undo.offer(removed(cardName(store.state)), () => session.removeImported(), form.traffic),
    onDialog: (name, given) => dialogs[name](given),
    onUnfit: (unfit) => {
      if (unfit !== Boolean(store.state.unfit)) store.change({ unfit });
    },
    onRemoveMeasured: () => {
      const { config } = store.state;
      const key = description.schema.find(({ path }) => path === MEASURED)?.key ?? '';
      undo.offer(
        removed(config?.model.measured?.name ?? ''),
        () => session.editAll([[key, '']]),
        document.activeElement,
      );
    },
  });
  new AskedFits(store, pool, (error) => session.report(error));
  store.follow(FORM_PARTS, (state) => form.render(state));
  store.follow(['lock'], (state) => {
    lock.disabled = state.lock === '1';
  });
  return form;
}

/** What is done to all settings at once. @param {ExploreParts} page */
function createOpeningChoices({ session, address, undo }) {
  const seed = element('button', { type: 'button', class: 'quiet' }, NEW_SEED);
  const reset = element('button', { type: 'button', class: 'quiet' }, START_OVER);
  const choices = byId('opening');
  seed.addEventListener('click', () => {
    address.step();
    session.drawSeed();
  });
  reset.addEventListener('click', () =>
    undo.offer(STARTED_OVER, () => session.startOver(), document.activeElement, choices),
  );
  choices.replaceChildren(seed, reset);
}

/** The views of Explore; which one is shown is part of the state and of the address. @param {ExploreParts} page */
function createTabs({ store, address }) {
  const panels = ['overview', ...EXPLORE_VIEWS].map((name) => byId(`panel-${name}`));
  const tabs = new Tabs(byId('tabs'), panels, (name, passing) => {
    const change = () => store.change({ tab: name === tabs.first ? '' : name });
    if (passing) address.within(change);
    else change();
  });
  tabs.show('');
  store.follow(['tab'], ({ tab }) => {
    if (placeOf(tab) === 'explore') tabs.show(tab);
  });
  createSelected(byId('tabs'), store);
}

/** What does not need the description of the engine. @param {ExploreParts} page */
export function buildViews(page) {
  if (matchMedia(NARROW).matches) byId('settings').removeAttribute('open');
  createCharts(byId('charts'), page);
  createHeadline(page);
  createTabs(page);
  createOldFigures(page.store);
  createOpeningChoices(page);
}
