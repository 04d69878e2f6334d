// Details: where the time of requests goes, how latencies are distributed, what single requests and decisions did, and
// what every instance did over time.

import { Chart } from '../../charts/chart.js';
import { HeatMap } from '../../charts/heatmap.js';
import { Notes } from '../../charts/notes.js';
import { EngineClient, EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { count, number } from '../../shared/format.js';
import { element } from '../../ui/dom.js';
import { selectMenu } from '../../ui/select.js';
import { theoryNotes } from '../theory/markers.js';
import { distributionChart, FIGURES } from './distribution.js';
import { goodputChart } from './goodput.js';
import { goodputLimits } from './goodput_limits.js';
import { createLimits } from './limits.js';
import { heatSpec, mapNotes, MAPS, splitSummary, splitTable } from './parts.js';
import { decisionsChart, regretByInstanceChart, waitsChart } from './single.js';

/** @import {State, Store} from '../../app/state.js' */
/** @import {Details, Progress} from '../../shared/types.d.ts' */
/** @import {DistributionChoice} from './distribution.js' */

/**
 * The latency split, whose table is its own picture.
 * @param {HTMLElement} parent
 */
function createSplit(parent) {
  const summary = element('p', { class: 'chart-summary', id: 'split-summary' });
  const notes = new Notes();
  const body = element('div', { class: 'split-body', tabindex: 0, role: 'region', 'aria-label': 'Latency split' });
  parent.append(
    element(
      'figure',
      { class: 'chart split', id: 'split', 'aria-labelledby': 'split-title' },
      element('div', { class: 'chart-head' }, element('h3', { id: 'split-title' }, 'Where the time goes')),
      notes.after(summary),
      body,
    ),
  );
  return (/** @type {Details} */ details, /** @type {Readonly<State>} */ { run, theory }) => {
    summary.textContent = splitSummary(details);
    notes.show(theoryNotes(run, theory, 'wait'));
    body.replaceChildren(splitTable(details));
  };
}

/** @param {Progress} progress */
function progressWords({ finishedRequests, totalRequests, simulatedSeconds }) {
  return `Replaying the run for details: ${count(finishedRequests)} of ${count(totalRequests)} requests, ${number(simulatedSeconds)} s simulated.`;
}

/**
 * The distribution with its three choices.
 * @param {HTMLElement} parent
 * @param {Store} store
 */
function createDistribution(parent, store) {
  const chart = new Chart(parent, { id: 'distribution', title: 'Distribution' });
  /** @type {DistributionChoice} */
  let chosen = { figure: 'ttft', form: 'share', scale: 'log' };
  const draw = () => {
    const { state } = store;
    if (state.details) chart.update(distributionChart(state.details, chosen, state));
  };
  const set = (/** @type {Partial<DistributionChoice>} */ part) => {
    chosen = { ...chosen, ...part };
    draw();
  };
  const labels = Object.fromEntries(Object.entries(FIGURES).map(([id, { label }]) => [id, label]));
  chart.heading.replaceChildren(
    selectMenu('Figure of the distribution', labels, (figure) => set({ figure })),
    ' ',
    selectMenu('Form', { share: 'share within', histogram: 'histogram' }, (form) => set({ form })),
    ' ',
    selectMenu('Scale', { log: 'log', linear: 'linear' }, (scale) => set({ scale })),
  );
  return draw;
}

/**
 * @param {HTMLElement} panel
 * @param {Store} store
 * @param {(key: string, text: string) => unknown} edit of a setting
 */
export function createDetails(panel, store, edit) {
  const grid = element('div', {
    class: 'details-grid',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Details of the run',
    hidden: true,
  });
  const status = element('p', { class: 'view-empty', role: 'status' });
  panel.append(status, grid);
  const split = createSplit(grid);
  const limits = createLimits(grid);
  const distribution = createDistribution(grid, store);
  const goodput = new Chart(grid, { id: 'goodput', title: 'Goodput' });
  goodput.heading.append(...goodputLimits(store, edit));
  const pick = (/** @type {'arrivalUs'|'routedUs'} */ time) => (/** @type {number} */ request) => {
    const at = store.state.details?.curves.requests[time][request] ?? NaN;
    store.change({ request, ...(Number.isFinite(at) ? { at: Math.round(at) } : {}) });
  };
  const waits = new Chart(grid, { id: 'waits', title: 'Single requests', onPick: pick('arrivalUs') });
  const decisions = new Chart(grid, { id: 'decisions', title: 'Single decisions', onPick: pick('routedUs') });
  const byInstance = new Chart(grid, { id: 'regret-instances', title: 'Regret by instance' });
  const maps = MAPS.map((map) => ({ map, chart: new HeatMap(grid, { ...map, onPick: (at) => store.change({ at }) }) }));

  const button = element('button', { type: 'button', class: 'quiet', hidden: true });
  button.addEventListener('click', () => (panel.dataset.busy === 'true' ? engine?.cancel() : load()));
  status.after(button);
  const say = (/** @type {string} */ words, /** @type {string} */ offer = '') => {
    status.textContent = words;
    button.textContent = offer;
    button.hidden = offer === '';
  };

  /** A worker for the details, which starts when the tab is first opened. @type {EngineClient|null} */
  let engine = null;
  let replays = 0;
  const load = async () => {
    const { run } = store.state;
    if (run === null) return;
    replays += 1;
    const replay = replays;
    say('Replaying the run for details …');
    panel.dataset.busy = 'true';
    try {
      engine ??= new EngineClient();
      const details = await engine.details(run.config, (progress) => say(progressWords(progress), 'Cancel'));
      panel.dataset.busy = 'false';
      say('');
      // The worker sends a copy of the settings, but details are matched with their run by the object itself.
      store.change({ details: { ...details, config: run.config } });
    } catch (error) {
      // Replaced by a newer replay, or given up by the person.
      if (error instanceof Superseded && replay !== replays) return;
      panel.dataset.busy = 'false';
      if (error instanceof Superseded)
        say('Given up: these are not the details of the present run.', 'Show the details');
      else if (error instanceof EngineFailure || error instanceof RefusedSettings)
        say(`The details could not be computed: ${error.message}.`);
      else throw error;
    }
  };

  const renderSelection = (/** @type {Readonly<State>} */ state) => {
    const { details, run, request, at } = state;
    if (details === null || run === null) return;
    waits.update(waitsChart(details, state));
    decisions.update(decisionsChart(details, run, request));
    for (const { chart } of maps) chart.mark(at === null ? null : at / 1e6);
  };
  const render = (/** @type {Readonly<State>} */ state) => {
    const { details, run } = state;
    if (details === null || run === null) return;
    grid.hidden = false;
    split(details, state);
    limits(run.limits);
    distribution();
    goodput.update(goodputChart(details));
    byInstance.update(regretByInstanceChart(details, run));
    for (const { map, chart } of maps) chart.update(heatSpec(details, map, state));
    renderSelection(state);
  };
  // The maps stay as they are, because a person may be reading one.
  const renderTheory = (/** @type {Readonly<State>} */ state) => {
    const { details, run } = state;
    if (details === null || run === null) return;
    split(details, state);
    distribution();
    waits.update(waitsChart(details, state));
    for (const { map, chart } of maps) chart.notes.show(mapNotes(map, state));
  };
  const wanted = (/** @type {Readonly<State>} */ { tab, run, details }) =>
    tab === 'details' && run !== null && details?.config !== run.config;
  store.listen((state, before) => {
    if (state.details !== before.details) render(state);
    else if (state.theory !== before.theory) renderTheory(state);
    else if (state.request !== before.request || state.at !== before.at) renderSelection(state);
    const asked = state.tab !== before.tab || state.run !== before.run;
    if (asked && wanted(state)) load();
  });
  if (wanted(store.state)) load();
  else render(store.state);
}
