// Pinned runs beside the current one: where their settings differ, and what came of it.

import { isNamed, MEASURED, nameOfMeasured } from '../../settings/documents.js';
import { noiseOf, spreadOf } from '../../shared/metrics.js';
import { element, setWords } from '../../ui/dom.js';
import { COMPARE, difference, nameOf, notKeptWords, nowWords, perHourWords, withName } from '../../words/compare.js';
import { MAX_NAME_LENGTH, notKept } from './pin_storage.js';
import { comparedMetrics, differing, pinRun, removePin, renamePin } from './pins.js';
import { RoutingsPart } from './routings_view.js';

/** @import {PageParts} from '../../app/lazy_views.js' */
/** @import {Session} from '../../app/session.js' */
/** @import {State, Store} from '../../app/state.js' */
/** @import {Metric, Spread} from '../../shared/metrics.js' */
/** @import {Pair, Setting, Summary} from '../../shared/types.d.ts' */

/**
 * @typedef {object} Row
 * @property {string|null} id null for the current run
 * @property {string} name
 * @property {Pair[]} pairs
 * @property {Summary} summary
 * @property {Spread|null} spread
 */

/**
 * The runs of the table: the pins, then the current one.
 * @param {Readonly<State>} state
 * @returns {Row[]}
 */
export function compareRows({ pins, run, pairs, sweep }) {
  const pinned = pins.map(({ id, name, pairs: settings, summary, spread = null }) => ({
    id,
    name,
    pairs: settings,
    summary,
    spread,
  }));
  if (run === null) return pinned;
  const { summary } = run;
  return [...pinned, { id: null, name: COMPARE.now, pairs, summary, spread: spreadOf(summary, sweep) }];
}

/**
 * @param {string} text
 * @param {Setting|undefined} setting
 */
function shownText(text, setting) {
  if (setting?.path === MEASURED && text !== '') return nameOfMeasured(text);
  if (text !== '') return text;
  return setting?.default_text || COMPARE.unset;
}

/**
 * A figure of a run, and how the current one differs from it.
 * @param {Metric} metric
 * @param {Row} row
 * @param {Row|undefined} now the current run's row, where this is another
 */
function figureCell(metric, row, now) {
  const { cost } = row.summary;
  const value = metric.of(row.summary);
  // What an hour costs stands with what it gives.
  const hour =
    metric.id === 'cost' && cost ? element('span', { class: 'delta-note' }, perHourWords(cost.usd_per_hour)) : null;
  const beside = hour === null ? [] : [element('br'), hour];
  if (now === undefined) return element('td', {}, metric.format(value), ...beside);
  const noise = noiseOf(metric, [row.spread, now.spread]);
  const { change, note, verdict } = difference(metric, value, metric.of(now.summary), noise);
  const words = element('span', {}, nowWords(change));
  const judged = element('span', { class: 'delta-note' }, note);
  return element(
    'td',
    {},
    metric.format(value),
    ...beside,
    element('span', { class: `delta ${verdict}` }, words, element('br'), judged),
  );
}

/**
 * The name of a run; that of a pin can be changed.
 * @param {Row} row
 * @param {Store} store
 */
function nameCell({ id, name }, store) {
  if (id === null) return element('th', { scope: 'row' }, name);
  const input = element('input', {
    class: 'pin-name',
    value: name,
    maxlength: MAX_NAME_LENGTH - 3,
    'aria-label': nameOf(name),
    autocomplete: 'off',
    spellcheck: 'false',
  });
  // Later: the focus is on its way to another control, which must not be made anew under it.
  input.addEventListener('change', () => setTimeout(() => renamePin(store, id, input.value)));
  return element('th', { scope: 'row' }, input);
}

/**
 * @param {Row} row
 * @param {Readonly<State>} state
 * @param {{store: Store, session: Session}} page
 */
function actions({ id, name, pairs }, state, { store, session }) {
  if (id === null) return element('td', { class: 'row-actions' });
  const compare = element(
    'button',
    { type: 'button', 'aria-pressed': String(state.against === id), 'data-action': 'against' },
    COMPARE.compare,
    element('span', { class: 'visually-hidden' }, withName(name)),
  );
  compare.addEventListener('click', () => store.change({ against: state.against === id ? null : id }));
  const open = element(
    'button',
    { type: 'button', 'data-changes': true },
    COMPARE.open,
    element('span', { class: 'visually-hidden' }, ` ${name}`),
  );
  open.addEventListener('click', () => session.open({ pairs, rejected: [] }));
  const remove = element(
    'button',
    { type: 'button', class: 'quiet' },
    COMPARE.remove,
    element('span', { class: 'visually-hidden' }, ` ${name}`),
  );
  remove.addEventListener('click', () => removePin(store, id));
  return element('td', { class: 'row-actions' }, compare, open, remove);
}

/**
 * @param {Readonly<State>} state
 * @param {{store: Store, session: Session}} page
 */
function table(state, page) {
  const rows = compareRows(state);
  const schema = state.description?.schema ?? [];
  const settings = differing(rows.map(({ pairs }) => pairs))
    .map((entry) => ({ ...entry, setting: schema.find(({ key }) => key === entry.key) }))
    // The user's own models and GPUs are named by the settings that choose them.
    .filter(({ setting }) => setting === undefined || !isNamed(setting));
  const metrics = comparedMetrics(rows.map(({ summary }) => summary));
  const head = (/** @type {string} */ text) => element('th', { scope: 'col' }, text);
  const now = rows.find(({ id }) => id === null);
  return element(
    'table',
    { class: 'plain compare-table' },
    element('caption', {}, COMPARE.caption),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        head(COMPARE.run),
        element(
          'th',
          { scope: 'col', class: 'row-actions' },
          element('span', { class: 'visually-hidden' }, COMPARE.actions),
        ),
        ...settings.map(({ key, setting }) => head(setting?.label ?? key)),
        ...metrics.map(({ label }) => head(label)),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row, i) =>
        element(
          'tr',
          { 'data-run': row.name, 'data-pin': row.id },
          nameCell(row, page.store),
          actions(row, state, page),
          ...settings.map(({ texts, setting }) => element('td', {}, shownText(texts[i], setting))),
          ...metrics.map((metric) => figureCell(metric, row, row.id === null ? undefined : now)),
        ),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} panel
 * @param {PageParts} page
 */
export function createCompare(panel, page) {
  const { store } = page;
  const body = element('div', { class: 'view-scroll', tabindex: 0, role: 'region', 'aria-label': COMPARE.region });
  const pin = element('button', { type: 'button', 'data-action': 'pin' }, COMPARE.pin);
  pin.addEventListener('click', () => pinRun(store));
  const help = element('p', { class: 'view-help' }, COMPARE.help);
  const lost = element('p', { class: 'note pins-lost', role: 'status' });
  panel.append(element('div', { class: 'view-head' }, pin, help), lost, body, new RoutingsPart(page).root);
  const render = (/** @type {Readonly<State>} */ state) => {
    pin.disabled = state.run === null;
    const { names, denied } = notKept(state.pins);
    setWords(lost, notKeptWords(names, denied));
    const refocus = focusedControl(body);
    body.replaceChildren(
      state.pins.length === 0 ? element('p', { class: 'view-empty' }, COMPARE.empty) : table(state, page),
    );
    refocus?.();
  };
  store.watch(['pins', 'against', 'run', 'pairs', 'description', 'busy'], render);
  render(store.state);
}

/** Those of a row. @param {Element|null|undefined} row @returns {(HTMLButtonElement|HTMLInputElement)[]} */
const controls = (row) => [...(row?.querySelectorAll('button') ?? []), ...(row?.querySelectorAll('input') ?? [])];

/**
 * How to give the focus back to the same control after the table has been rebuilt; null if none has it.
 * @param {HTMLElement} body
 */
function focusedControl(body) {
  const held = document.activeElement;
  if (!held || !body.contains(held) || held === body) return null;
  const row = held.closest('tr');
  const at = controls(row).findIndex((control) => control === held);
  // What is being typed is not lost.
  const typed = held instanceof HTMLInputElement ? held.value : null;
  return () => {
    const same = [...body.querySelectorAll('tr')].find((tr) => tr.dataset.pin === row?.dataset.pin);
    const control = controls(same)[at];
    (control ?? body).focus();
    if (control instanceof HTMLInputElement && typed !== null) control.value = typed;
  };
}
