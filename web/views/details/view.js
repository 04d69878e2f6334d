// Details: where the time of requests goes, how latencies are distributed, what single requests and decisions did, and
// what every instance did over time.

import { Chart } from '../../charts/chart.js';
import { HeatMap } from '../../charts/heatmap.js';
import { Notes } from '../../charts/notes.js';
import { EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { runWords } from '../../settings/simulated.js';
import { VIEW_REQUESTS } from '../../shared/budgets.js';
import { costWords } from '../../shared/costs.js';
import { ActionButton } from '../../ui/action.js';
import { element, setWords } from '../../ui/dom.js';
import { selectMenu } from '../../ui/select.js';
import { DETAILS_REGION, replaying, SPLIT, SPLIT_REGION } from '../../words/details.js';
import { theoryNotes } from '../theory/markers.js';
import { createConversations } from './conversations.js';
import { distributionChart, FIGURES } from './distribution.js';
import { goodputChart } from './goodput.js';
import { goodputLimits } from './goodput_limits.js';
import { createLimits } from './limits.js';
import { heatSpec, mapNotes, MAPS, splitSummary, splitTable } from './parts.js';
import { createTier } from './tier.js';
import { decisionsChart, regretByInstanceChart, waitsChart } from './single.js';

/** @import {PageParts} from '../../app/lazy_views.js' */
/** @import {State, Store} from '../../app/state.js' */
/** @import {EngineClient} from '../../engine/client.js' */
/** @import {Details, Estimate, Progress, ShownRun} from '../../shared/types.d.ts' */
/** @import {DistributionChoice} from './distribution.js' */

/**
 * The latency split, whose table is its own picture.
 * @param {HTMLElement} parent
 */
function createSplit(parent) {
  const summary = element('p', { class: 'chart-summary', id: 'split-summary' });
  const notes = new Notes();
  const body = element('div', { class: 'split-body', tabindex: 0, role: 'region', 'aria-label': SPLIT_REGION });
  parent.append(
    element(
      'figure',
      { class: 'chart split', id: 'split', 'aria-labelledby': 'split-title' },
      element('div', { class: 'chart-head' }, element('h3', { id: 'split-title' }, SPLIT)),
      notes.after(summary),
      body,
    ),
  );
  return (/** @type {Details} */ details, /** @type {Readonly<State>} */ { run, theory }) => {
    setWords(summary, splitSummary(details));
    notes.show(theoryNotes(run, theory, 'wait'));
    body.replaceChildren(splitTable(details));
  };
}

/** @param {Progress} progress */
function progressWords({ finishedRequests, totalRequests, simulatedSeconds }) {
  return replaying(finishedRequests, totalRequests, simulatedSeconds);
}

/**
 * The distribution with its three choices.
 * @param {HTMLElement} parent
 * @param {Store} store
 */
function createDistribution(parent, store) {
  const chart = new Chart(parent, {
    id: 'distribution',
    title: 'Distribution',
    simulated: () => runWords(store.state),
  });
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

export class DetailsView {
  #store;

  #pool;

  #panel;

  #status = element('p', { class: 'view-empty', role: 'status' });

  #action = new ActionButton('details-action', () => this.#act());

  #grid = element('div', {
    class: 'details-grid',
    tabindex: 0,
    role: 'region',
    'aria-label': DETAILS_REGION,
    hidden: true,
  });

  #split = createSplit(this.#grid);

  #conversations = createConversations(this.#grid, () => runWords(this.#store.state));

  #limits = createLimits(this.#grid);

  #distribution;

  #goodput;

  #waits;

  #decisions;

  #byInstance;

  #maps;

  #tier;

  /** The last run whose details were only offered. @type {ShownRun|null} */
  #offered = null;

  /** Of the replay under way. */
  #controller = new AbortController();

  /**
   * @param {HTMLElement} panel
   * @param {PageParts} page
   */
  constructor(panel, { store, session, pool }) {
    this.#store = store;
    this.#pool = pool;
    this.#panel = panel;
    const grid = this.#grid;
    const simulated = () => runWords(store.state);
    panel.append(this.#status, this.#action.root, grid);
    this.#distribution = createDistribution(grid, store);
    this.#goodput = new Chart(grid, { id: 'goodput', title: 'Goodput', simulated });
    this.#goodput.heading.append(...goodputLimits(store, (key, text) => session.edit(key, text)));
    this.#waits = new Chart(grid, {
      id: 'waits',
      title: 'Single requests',
      simulated,
      onPick: this.#pickAt('arrivalUs'),
    });
    this.#decisions = new Chart(grid, {
      id: 'decisions',
      title: 'Single decisions',
      simulated,
      onPick: this.#pickAt('routedUs'),
    });
    this.#byInstance = new Chart(grid, { id: 'regret-instances', title: 'Regret by instance', simulated });
    const onPick = (/** @type {number} */ at) => store.change({ at });
    this.#maps = MAPS.map((map) => ({ map, chart: new HeatMap(grid, { ...map, simulated, onPick }) }));
    this.#tier = createTier(grid, simulated, onPick);
    store.watch(['details'], (state) => this.#render(state));
    store.watch(['theory'], (state) => this.#renderTheory(state));
    store.watch(['previous', 'pins', 'against'], () => this.#distribution());
    store.watch(['request', 'at'], (state) => this.#renderSelection(state));
    store.watch(['tab', 'run', 'held', 'cancelled'], (state) => this.#follow(state));
    if (!isWanted(store.state)) this.#render(store.state);
    this.#follow(store.state);
  }

  /**
   * Loads the details of another run, if that does not take too much to do so unasked.
   * @param {Readonly<State>} state
   */
  #follow(state) {
    const { run, details, held, cancelled } = state;
    if (run === null && (held || cancelled)) this.#say('There is no run yet.');
    if (run === null || !isWanted(state) || run === this.#offered) return;
    if (run.estimate.requests <= VIEW_REQUESTS) {
      this.#load();
      return;
    }
    this.#offered = run;
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#panel.dataset.busy = 'false';
    const old = details === null ? '' : ' What stands below is of an earlier run.';
    this.#say(`This run is large: its details take ${costWords(detailsCost(run.estimate))}.${old}`, 'Show the details');
  }

  /**
   * What happens to a request that is chosen in a chart.
   * @param {'arrivalUs'|'routedUs'} time of the chart
   */
  #pickAt(time) {
    return (/** @type {number} */ request) => {
      const at = this.#store.state.details?.curves.requests[time][request] ?? NaN;
      this.#store.change({ request, ...(Number.isFinite(at) ? { at: Math.round(at) } : {}) });
    };
  }

  /**
   * @param {string} words
   * @param {string} [offer] of the button; without one there is nothing to do
   */
  #say(words, offer = '') {
    setWords(this.#status, words);
    this.#action.show(offer);
  }

  /** Gives up the replay under way, or begins one that was offered. */
  #act() {
    if (this.#panel.dataset.busy === 'true') this.#controller.abort();
    else this.#load();
  }

  /** Replays the newest run; a replay under way is given up for it. */
  async #load() {
    const { run } = this.#store.state;
    if (run === null) return;
    this.#controller.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.#say('Replaying the run for details …');
    this.#panel.dataset.busy = 'true';
    const onProgress = (/** @type {Progress} */ progress) => {
      if (!controller.signal.aborted) this.#say(progressWords(progress), 'Cancel');
    };
    try {
      const task = (/** @type {EngineClient} */ client) => client.details(run.config, onProgress);
      const details = await this.#pool.run(task, { signal: controller.signal });
      this.#panel.dataset.busy = 'false';
      this.#say('');
      // The worker sends a copy of the settings, but details are matched with their run by the object itself.
      this.#store.change({ details: { ...details, config: run.config } });
    } catch (error) {
      // A newer replay has replaced it.
      if (controller !== this.#controller) return;
      this.#panel.dataset.busy = 'false';
      if (error instanceof Superseded)
        this.#say('Given up: these are not the details of the present run.', 'Show the details');
      else if (error instanceof EngineFailure || error instanceof RefusedSettings)
        this.#say(`The details could not be computed: ${error.message}.`);
      else throw error;
    }
  }

  /** @param {Readonly<State>} state */
  #render(state) {
    const { details, run } = state;
    if (details === null || run === null) return;
    this.#grid.hidden = false;
    this.#split(details, state);
    this.#conversations(run.summary);
    this.#limits(run.limits);
    this.#distribution();
    this.#goodput.update(goodputChart(details));
    this.#byInstance.update(regretByInstanceChart(details, run));
    for (const { map, chart } of this.#maps) chart.update(heatSpec(details, map, state));
    this.#tier.show(details, run.summary);
    this.#renderSelection(state);
  }

  /**
   * The maps stay as they are, because a person may be reading one.
   * @param {Readonly<State>} state
   */
  #renderTheory(state) {
    const { details, run } = state;
    if (details === null || run === null) return;
    this.#split(details, state);
    this.#distribution();
    this.#waits.update(waitsChart(details, state));
    for (const { map, chart } of this.#maps) chart.notes.show(mapNotes(map, state));
  }

  /** @param {Readonly<State>} state */
  #renderSelection(state) {
    const { details, run, request, at } = state;
    if (details === null || run === null) return;
    this.#waits.update(waitsChart(details, state));
    this.#decisions.update(decisionsChart(details, run, request));
    for (const { chart } of this.#maps) chart.mark(at === null ? null : at / 1e6);
    this.#tier.mark(at === null ? null : at / 1e6);
  }
}

/**
 * The run is simulated twice, and the second time it keeps where it was at some moments.
 * @param {Estimate} estimate of the run
 */
function detailsCost({ bytes, seconds }) {
  return { bytes: 2 * bytes, seconds: 2 * seconds };
}

/**
 * Whether the details of the present run are to be seen, and not known yet.
 * @param {Readonly<State>} state
 */
function isWanted({ tab, run, details }) {
  return tab === 'details' && run !== null && details?.config !== run.config;
}
