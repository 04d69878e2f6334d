// Where the time of a request goes, and what every instance did over time.

import { HeatMap } from '../charts/heatmap.js';
import { element } from '../dom.js';
import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../engine/client.js';
import { count, duration, number, plural } from '../format.js';

/** @import {State, Store} from '../state.js' */
/** @import {Details, Progress} from '../types.d.ts' */
/** @import {HeatSpec} from '../charts/heatmap.js' */

/** What each stretch of a request's way is, for someone who meets it for the first time. */
const PHASES = {
  admission: 'until the gateway lets it in',
  routing: 'until an instance is chosen',
  queueing: 'until a batch has room',
  prefill: 'until the first token',
  decode: 'from first to last token',
};

/** What the maps show: which of the three numbers of a sample, and of how much. */
const MAPS = /** @type {const} */ ([
  { id: 'queue-map', title: 'Queue depth', offset: 0, unit: 'waiting requests', colour: '--state-waiting' },
  { id: 'batch-map', title: 'Batch size', offset: 1, unit: 'running requests', colour: '--state-decode' },
  { id: 'kv-map', title: 'KV cache in use', offset: 2, unit: '% of the blocks', colour: '--main' },
]);

/**
 * @param {Details} details
 * @param {typeof MAPS[number]} map
 * @returns {HeatSpec}
 */
export function heatSpec({ samples, seconds, instances, kvBlocks, config }, { offset, unit, colour }) {
  const at = (/** @type {number} */ column, /** @type {number} */ row) =>
    samples[3 * (column * instances + row) + offset];
  const kv = offset === 2;
  const value = kv ? (/** @type {number} */ c, /** @type {number} */ r) => (100 * at(c, r)) / kvBlocks : at;
  let [most, where, when] = [0, 0, 0];
  for (let column = 0; column < seconds.length; column += 1) {
    for (let row = 0; row < instances; row += 1) {
      if (value(column, row) > most) [most, where, when] = [value(column, row), row, column];
    }
  }
  const format = kv ? number : count;
  const limit = offset === 1 ? ` of at most ${count(config.instance.max_num_running_reqs)}` : '';
  const summary =
    most === 0
      ? `Always 0 ${unit}.`
      : `At most ${format(most)} ${unit}${limit}, on instance ${where} at ${number(seconds[when])} s.`;
  return { summary, unit, colour, seconds, rows: instances, value, max: kv ? 100 : most, format };
}

/**
 * @param {Details} details
 */
export function splitSummary({ completed, phases }) {
  if (completed === 0) return 'No request was completed.';
  const total = phases.reduce((sum, { meanMs }) => sum + meanMs, 0);
  const longest = phases.reduce((a, b) => (b.meanMs > a.meanMs ? b : a));
  return `Of ${duration(total)} on average over ${plural(completed, 'completed request')}, ${number((100 * longest.meanMs) / total)} % are ${longest.name}.`;
}

/** @param {Progress} progress */
function progressWords({ finishedRequests, totalRequests, simulatedSeconds }) {
  return `Looking at the run: ${count(finishedRequests)} of ${count(totalRequests)} requests, ${number(simulatedSeconds)} s simulated.`;
}

/**
 * The stretches as a table with bars, which is its own text.
 * @param {Details} details
 */
function splitTable({ phases }) {
  const total = phases.reduce((sum, { meanMs }) => sum + meanMs, 0);
  const rows = phases.map(({ name, meanMs }) => {
    const share = total > 0 ? meanMs / total : 0;
    const bar = element('span', { class: `split-bar ${name}` });
    bar.style.width = `${100 * share}%`;
    return element(
      'tr',
      { 'data-phase': name },
      element(
        'th',
        { scope: 'row' },
        name,
        element('span', { class: 'meaning' }, PHASES[/** @type {keyof typeof PHASES} */ (name)]),
      ),
      element('td', {}, duration(meanMs)),
      element('td', {}, `${number(100 * share)} %`),
      element('td', { class: 'split-track' }, bar),
    );
  });
  const heads = ['Stretch', 'Mean', 'Share', 'Bar'];
  return element(
    'table',
    { class: 'plain split-table' },
    element('caption', { class: 'visually-hidden' }, 'Mean time of each stretch of a request’s way'),
    element(
      'thead',
      { class: 'visually-hidden' },
      element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element('tbody', {}, ...rows),
  );
}

/**
 * @param {HTMLElement} panel
 * @param {Store} store
 */
export function createDetails(panel, store) {
  const summary = element('p', { class: 'chart-summary', id: 'split-summary' });
  const body = element('div', { class: 'split-body', tabindex: 0, role: 'region', 'aria-label': 'Latency split' });
  const split = element(
    'figure',
    { class: 'chart split', id: 'split', 'aria-labelledby': 'split-title' },
    element('div', { class: 'chart-head' }, element('h3', { id: 'split-title' }, 'Where the time goes')),
    summary,
    body,
  );
  const grid = element('div', { class: 'details-grid' }, split);
  const status = element('p', { class: 'view-empty', role: 'status' });
  panel.append(status, grid);
  const maps = MAPS.map((map) => ({ map, chart: new HeatMap(grid, map) }));
  grid.hidden = true;

  const button = element('button', { type: 'button', class: 'quiet', hidden: true });
  button.addEventListener('click', () => (panel.dataset.busy === 'true' ? engine?.cancel() : load()));
  status.after(button);
  const say = (/** @type {string} */ words, /** @type {string} */ offer = '') => {
    status.textContent = words;
    button.textContent = offer;
    button.hidden = offer === '';
  };

  /** Has a worker of its own, which starts when the tab is first opened. @type {EngineClient|null} */
  let engine = null;
  const load = async () => {
    const { run } = store.state;
    if (run === null) return;
    say('Looking at the run …');
    panel.dataset.busy = 'true';
    try {
      engine ??= new EngineClient();
      const details = await engine.details(run.config, (progress) => say(progressWords(progress), 'Cancel'));
      panel.dataset.busy = 'false';
      say('');
      store.change({ details });
    } catch (error) {
      // Replaced by a look at a newer run, or given up by the person.
      const replaced = error instanceof Superseded && store.state.run !== run;
      if (replaced) return;
      panel.dataset.busy = 'false';
      if (error instanceof Superseded)
        say('Given up: these are not the details of the present run.', 'Show the details');
      else if (error instanceof EngineFailure || error instanceof RefusedSettings)
        say(`The details could not be computed: ${error.message}.`);
      else throw error;
    }
  };

  const render = (/** @type {Details} */ details) => {
    grid.hidden = false;
    summary.textContent = splitSummary(details);
    body.replaceChildren(splitTable(details));
    for (const { map, chart } of maps) chart.update(heatSpec(details, map));
  };
  const wanted = (/** @type {Readonly<State>} */ { tab, run, details }) =>
    tab === 'details' && run !== null && details?.config !== run.config;
  store.listen((state, before) => {
    if (state.details !== before.details && state.details) render(state.details);
    if ((state.tab !== before.tab || state.run !== before.run) && wanted(state)) load();
  });
  if (wanted(store.state)) load();
}
