// Theory beside the run: each closed form, what it predicts, what was measured, and why it holds or fails.

import { costWords } from '../../shared/costs.js';
import { duration, number } from '../../shared/format.js';
import { ActionButton } from '../../ui/action.js';
import { element } from '../../ui/dom.js';
import {
  allowedWords,
  becauseWords,
  FORMS,
  introWords,
  largeWords,
  nothingWords,
  notMeasuredWords,
  offWords,
  percentWords,
  THEORY,
} from '../../words/theory.js';

/** @import {State, Store} from '../../app/state.js' */
/** @import {Overlay, Quantity} from '#engine' */

/** The order of reading: from what an instance can do to what bursts do. */
export const ORDER = /** @type {const} */ ([
  'ceilings',
  'excess',
  'batch',
  'occupancy',
  'little',
  'erlang',
  'fluid',
  'burstiness',
]);

/** Shares are written in percent; the engine gives them no unit. */
const SHARES = new Set(['occupancy.slots', 'occupancy.kv', 'erlang.probability_of_waiting']);

/**
 * A figure of a form with its unit.
 * @param {string} form
 * @param {Pick<Quantity, 'name'|'unit'>} quantity
 * @param {number} value
 */
export function written(form, { name, unit }, value) {
  if (SHARES.has(`${form}.${name}`)) return percentWords(100 * value);
  if (unit === 'ms') return duration(value);
  if (unit === 's') return duration(1000 * value);
  // What is left of rounding in sums of even gaps is nothing to show.
  const shown = number(Math.abs(value) < 1e-9 ? 0 : value);
  if (unit === 'requests/s') return `${shown}/s`;
  return unit === '' ? shown : `${shown} ${unit}`;
}

/**
 * How far the prediction lies from the measured figure, in words.
 * @param {Quantity} quantity
 */
export function difference({ value, measured }) {
  if (measured === null || measured === undefined || measured === 0) return '';
  const percent = Math.round((100 * (value - measured)) / Math.abs(measured));
  return percent === 0 ? THEORY.equal : offWords(percent);
}

/**
 * How far the two may lie apart, in words; empty where nothing is compared.
 * @param {Quantity} quantity
 */
export function boundWords({ bound }) {
  return bound ? allowedWords(bound.share) : '';
}

/**
 * @param {Overlay} overlay
 * @returns {HTMLElement[]}
 */
function figureTable({ name, title, values }) {
  const { figures, measured: otherNames = {} } = FORMS[name];
  const compares = values.some((quantity) => quantity.measured !== null && quantity.measured !== undefined);
  const rows = values.map((quantity) => {
    const { measured } = quantity;
    const shown = measured === null || measured === undefined ? '' : written(name, quantity, measured);
    const other = shown && otherNames[quantity.name] ? ` (${otherNames[quantity.name]})` : '';
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, figures[quantity.name]),
      element('td', {}, written(name, quantity, quantity.value)),
      ...(compares
        ? [element('td', {}, shown + other), element('td', {}, difference(quantity), boundWords(quantity))]
        : []),
    );
  });
  const heads = THEORY.heads
    .slice(0, compares ? THEORY.heads.length : 2)
    .map((head) => element('th', { scope: 'col' }, head));
  const table = element(
    'table',
    {},
    element('caption', { class: 'visually-hidden' }, title),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
  // Said once, and not by columns that are empty.
  return compares ? [table] : [table, element('p', { class: 'note not-measured' }, notMeasuredWords(name))];
}

/**
 * @param {Overlay} overlay
 * @returns {HTMLElement}
 */
export function formCard(overlay) {
  const { name, title, holds, because, values } = overlay;
  const { formula, meaning } = FORMS[name];
  const hidden = element('p', { class: 'note' }, THEORY.misleading);
  return element(
    'section',
    { class: 'form-card', 'data-form': name, 'aria-labelledby': `form-${name}` },
    element('h3', { id: `form-${name}` }, title),
    element(
      'p',
      { class: holds ? 'reason holds' : 'reason fails' },
      element('strong', {}, holds ? THEORY.applies : THEORY.fails),
      becauseWords(because),
    ),
    ...(holds && values.length > 0 ? figureTable(overlay) : [holds ? null : hidden]),
    element(
      'details',
      {},
      element('summary', {}, THEORY.meaning),
      element('p', { class: 'formula' }, formula),
      element('p', {}, meaning),
    ),
  );
}

/**
 * What stands where there is no theory yet.
 * @param {Pick<State, 'theoryWork'|'run'|'held'|'cancelled'>} state
 */
function withoutTheory({ theoryWork, run, held, cancelled }) {
  if (run === null && (held || cancelled)) return THEORY.noRun;
  if (theoryWork === 'stopped') return THEORY.stopped;
  if (theoryWork === 'offered' && run) return largeWords(costWords(run.estimate));
  return THEORY.measuring;
}

/**
 * The view as a function of what is known.
 * @param {Readonly<State>} state
 * @returns {HTMLElement[]}
 */
export function theoryParts(state) {
  const { theory } = state;
  const heading = element('h3', { class: 'theory-title' }, THEORY.title);
  if (theory === null) return [heading, element('p', { class: 'note' }, withoutTheory(state))];
  if (typeof theory === 'string') return [heading, element('p', { class: 'error' }, nothingWords(theory))];
  const { overlays } = theory;
  const all = ORDER.map((name) => overlays[name]);
  const holding = all.filter(({ holds }) => holds).length;
  const intro = introWords(holding, all.length, overlays.binding);
  return [
    element('h3', { class: 'theory-title' }, THEORY.title),
    element('p', { class: 'theory-intro' }, intro),
    element('div', { class: 'forms' }, ...all.map(formCard)),
  ];
}

/** What the button offers, by what is done. @type {Record<State['theoryWork'], string>} */
const OFFERS = { '': '', computing: THEORY.stop, stopped: THEORY.compute, offered: THEORY.compute };

/**
 * @param {HTMLElement} parent
 * @param {Store} store
 * @param {{compute: () => void, stop: () => void}} theorist
 */
export function createTheory(parent, store, theorist) {
  const content = element('div', {
    class: 'theory',
    tabindex: 0,
    role: 'region',
    'aria-label': THEORY.region,
  });
  const button = new ActionButton('theory-action', () => {
    if (store.state.theoryWork === 'computing') theorist.stop();
    else theorist.compute();
  });
  parent.append(element('div', {}, button.root), content);
  const show = (/** @type {Readonly<State>} */ state) => {
    content.setAttribute('aria-busy', String(isStale(state)));
    button.show(OFFERS[state.theoryWork], { soon: state.theoryWork === 'computing' });
  };
  redraw(content, store.state);
  show(store.state);
  store.watch(['theory', 'theoryWork', 'held', 'cancelled'], (state, before) => {
    if (state.theory === null || state.theory !== before.theory) redraw(content, state);
  });
  store.watch(['busy', 'run', 'theory', 'theoryWork'], show);
}

/**
 * Whether what is shown belongs to an earlier run.
 * @param {Readonly<State>} state
 */
function isStale({ run, theory, busy }) {
  if (busy) return true;
  return run !== null && theory !== null && typeof theory !== 'string' && theory.digest !== run.digest;
}

/**
 * Redraws; what a person has unfolded stays unfolded.
 * @param {HTMLElement} content
 * @param {Readonly<State>} state
 */
function redraw(content, state) {
  const open = [...content.querySelectorAll('details[open]')].map(
    (details) => details.closest('section')?.dataset.form ?? '',
  );
  content.replaceChildren(...theoryParts(state));
  for (const name of open) content.querySelector(`[data-form=${name}] details`)?.setAttribute('open', '');
}
