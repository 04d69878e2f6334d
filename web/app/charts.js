// The charts of the overview: what each shows is a function of the state.

import { Chart } from '../charts/chart.js';
import { pinWords, runWords } from '../settings/simulated.js';
import { instancesChart } from '../views/overview/instances.js';
import { regretChart } from '../views/overview/regret.js';
import { sweepChart } from '../views/overview/sweep.js';
import { createSweepAction } from '../views/overview/sweep_action.js';
import { createSweepChoice } from '../views/overview/sweep_choice.js';
import { chosenPair } from '../views/overview/sweep_control.js';
import { ttftChart } from '../views/overview/ttft.js';
import { INSTANCES, REGRET, SWEEP, TTFT } from '../words/overview_charts.js';
import { markDrawn } from './marks.js';
import { keepPrevious } from './previous.js';
import { keepSubjects, sweepWords, sweptKeys } from './swept.js';

/** @import {Address} from '../address/address.js' */
/** @import {Session} from './session.js' */
/** @import {State, Store} from './state.js' */
/** @import {ChartSpec} from '../charts/spec.js' */

/**
 * The charts, and which parts of the state each reads.
 * @type {{id: string, title: string, show: (state: Readonly<State>) => ChartSpec|null, parts: (keyof State)[], withPin?: true}[]}
 */
const CHARTS = [
  {
    id: 'sweep',
    title: SWEEP,
    show: sweepChart,
    parts: ['sweep', 'config', 'run', 'sweepMetric', 'pins', 'against', 'theory', 'previous'],
    withPin: true,
  },
  {
    id: 'ttft',
    title: TTFT,
    show: ttftChart,
    parts: ['run', 'pins', 'against', 'theory', 'previous'],
    withPin: true,
  },
  { id: 'regret', title: REGRET, show: regretChart, parts: ['run', 'pins', 'against', 'previous'] },
  { id: 'instances', title: INSTANCES, show: instancesChart, parts: ['run', 'pins', 'against', 'previous'] },
];

/**
 * @param {HTMLElement} parent
 * @param {object} page
 * @param {Store} page.store
 * @param {Session} page.session
 * @param {Pick<Address, 'step'>} page.address in which what is chosen by one press is one step
 */
export function createCharts(parent, { store, session, address }) {
  const subjectOf = keepSubjects(store);
  keepPrevious(store);
  for (const { id, title, show, parts, withPin } of CHARTS) {
    const sweeps = id === 'sweep';
    const simulated = () => {
      const { state } = store;
      const own = sweeps ? sweepWords(state, subjectOf(state.sweep?.config)) : runWords(state);
      return [...own, ...(withPin ? pinWords(state, sweeps ? sweptKeys(state) : []) : [])];
    };
    const onChoose = (/** @type {number} */ at, /** @type {boolean} */ first) => {
      const pair = chosenPair(store.state, at);
      if (pair === null) return;
      // The values on the way come in the place of the first, which may still be on its way itself.
      if (first) address.step();
      session.edit(...pair);
    };
    const chart = new Chart(parent, { id, title, simulated, ...(sweeps ? { onChoose } : {}) });
    if (sweeps) {
      createSweepChoice(chart, store, session);
      createSweepAction(chart, store, session);
    }
    store.follow(parts, (state) => {
      chart.update(show(state));
      markDrawn(id, state);
    });
  }
}
