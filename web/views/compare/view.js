// Pinned runs beside the current one: where their settings differ, and what came of it.

import { difference } from '../../shared/metrics.js';
import { element } from '../../ui/dom.js';
import { differing, keyFigures, pinRun, removePin } from './pins.js';

/** @import {Session} from '../../app/session.js' */
/** @import {State, Store} from '../../app/state.js' */
/** @import {Pair, Setting, Summary} from '../../shared/types.d.ts' */

/**
 * @typedef {object} Row
 * @property {string|null} id null for the current run
 * @property {string} name
 * @property {Pair[]} pairs
 * @property {Summary} summary
 */

/**
 * The runs of the table: the pins, then the current one.
 * @param {Readonly<State>} state
 * @returns {Row[]}
 */
export function compareRows({ pins, run, pairs }) {
  const pinned = pins.map(({ id, name, pairs: settings, summary }) => ({ id, name, pairs: settings, summary }));
  return run === null ? pinned : [...pinned, { id: null, name: 'Now', pairs, summary: run.summary }];
}

/**
 * @param {string} text
 * @param {Setting|undefined} setting
 */
function shownText(text, setting) {
  if (text !== '') return text;
  return setting?.default_text || 'not set';
}

/**
 * A figure of a run, and how the current one differs from it.
 * @param {ReturnType<typeof keyFigures>[number]} figure
 * @param {number|null} now null in the current run's own row
 */
function figureCell({ metric, value }, now) {
  const change = now === null ? null : difference(metric, value, now);
  return element(
    'td',
    {},
    metric.format(value),
    change
      ? element('span', { class: `delta ${change.verdict}` }, `now ${change.change}`, element('br'), change.note)
      : null,
  );
}

/**
 * @param {Row} row
 * @param {Readonly<State>} state
 * @param {{store: Store, session: Session}} page
 */
function actions({ id, name, pairs }, state, { store, session }) {
  if (id === null) return element('td', {});
  const compare = element(
    'button',
    { type: 'button', 'aria-pressed': String(state.against === id), 'data-action': 'against' },
    'Compare',
    element('span', { class: 'visually-hidden' }, ` with ${name}`),
  );
  compare.addEventListener('click', () => store.change({ against: state.against === id ? null : id }));
  const open = element('button', { type: 'button' }, 'Open', element('span', { class: 'visually-hidden' }, ` ${name}`));
  open.addEventListener('click', () => session.open({ pairs, rejected: [] }));
  const remove = element(
    'button',
    { type: 'button', class: 'quiet' },
    'Remove',
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
  const settings = differing(rows.map(({ pairs }) => pairs)).map((entry) => ({
    ...entry,
    setting: schema.find(({ key }) => key === entry.key),
  }));
  const metrics = keyFigures(rows[0].summary).map(({ metric }) => metric);
  const head = (/** @type {string} */ text) => element('th', { scope: 'col' }, text);
  const now = state.run === null ? null : keyFigures(state.run.summary);
  return element(
    'table',
    { class: 'plain' },
    element('caption', {}, 'Pinned runs and the current one: settings that differ, and key figures'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        head('Run'),
        ...settings.map(({ key, setting }) => head(setting?.label ?? key)),
        ...metrics.map(({ label }) => head(label)),
        element('th', { scope: 'col' }, element('span', { class: 'visually-hidden' }, 'Actions')),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row, i) =>
        element(
          'tr',
          { 'data-run': row.name },
          element('th', { scope: 'row' }, row.name),
          ...settings.map(({ texts, setting }) => element('td', {}, shownText(texts[i], setting))),
          ...keyFigures(row.summary).map((figure, m) =>
            figureCell(figure, row.id === null || now === null ? null : now[m].value),
          ),
          actions(row, state, page),
        ),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} panel
 * @param {{store: Store, session: Session}} page
 */
export function createCompare(panel, page) {
  const { store } = page;
  const body = element('div', { class: 'view-scroll', tabindex: 0, role: 'region', 'aria-label': 'Pinned runs' });
  const pin = element('button', { type: 'button', 'data-action': 'pin' }, 'Pin this run');
  pin.addEventListener('click', () => pinRun(store));
  const help = element(
    'p',
    { class: 'view-help' },
    'A pinned run stays while you change settings: every figure above then also shows the difference from it, and the ' +
      'charts draw it as a dashed line. Pins last until you close this browser tab.',
  );
  panel.append(element('div', { class: 'view-head' }, pin, help), body);
  const render = (/** @type {Readonly<State>} */ state) => {
    pin.disabled = state.run === null;
    const focused = focusedButton(body);
    body.replaceChildren(
      state.pins.length === 0
        ? element('p', { class: 'view-empty' }, 'Nothing is pinned yet. Pin this run, then change a setting.')
        : table(state, page),
    );
    focused?.();
  };
  store.watch(['pins', 'against', 'run', 'pairs', 'description'], render);
  render(store.state);
}

/**
 * How to give the focus back to the same button after the table has been rebuilt; null if none has it.
 * @param {HTMLElement} body
 */
function focusedButton(body) {
  const held = document.activeElement;
  if (!held || !body.contains(held) || held === body) return null;
  const row = held.closest('tr')?.dataset.run;
  const at = [...(held.closest('tr')?.querySelectorAll('button') ?? [])].findIndex((button) => button === held);
  return () => {
    const same = [...body.querySelectorAll('tr')].find((tr) => tr.dataset.run === row);
    (same?.querySelectorAll('button')[at] ?? body).focus();
  };
}
