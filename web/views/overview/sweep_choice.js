// What the sweep varies and which figure it shows: two choices in the head of its chart.

import { AXES, axisOf, hasRate } from '../../engine/axes.js';
import { CONVERSATION_METRICS, METRICS, metric, SWEPT_METRICS } from '../../shared/metrics.js';
import { selectMenu } from '../../ui/select.js';
import { AGAINST, BETWEEN, FIGURE } from '../../words/overview_charts.js';

/** @import {Session} from '../../app/session.js' */
/** @import {Store} from '../../app/state.js' */
/** @import {Chart} from '../../charts/chart.js' */

/**
 * @template {{id: string}} Named
 * @param {Named[]} all
 * @param {(each: Named) => string} words
 */
const wordsById = (all, words) => Object.fromEntries(all.map((each) => [each.id, words(each)]));

/**
 * @param {Chart} chart
 * @param {Store} store
 * @param {Session} session
 */
export function createSweepChoice(chart, store, session) {
  // The first of each is left out of the address.
  const shortest = (/** @type {string} */ id, /** @type {{id: string}[]} */ all) => (id === all[0].id ? '' : id);
  const figure = selectMenu(
    FIGURE,
    wordsById(SWEPT_METRICS, ({ label, short = label }) => short),
    (id) => store.change({ sweepMetric: shortest(id, METRICS) }),
  );
  const axis = selectMenu(
    AGAINST,
    wordsById(AXES, ({ short }) => short),
    (id) => session.sweepOver(shortest(id, AXES)),
  );
  figure.id = 'sweep-figure';
  axis.id = 'sweep-axis';
  chart.heading.replaceChildren(figure, BETWEEN, axis);
  const ofConversations = [...figure.options].filter(({ value }) =>
    CONVERSATION_METRICS.some(({ id }) => id === value),
  );
  store.follow(['sweepMetric', 'run'], ({ sweepMetric, run }) => {
    // What is chosen stays in the list, as in a link.
    const away = (/** @type {HTMLOptionElement} */ { value }) =>
      run !== null && !run.summary.conversations && value !== metric(sweepMetric).id;
    for (const option of ofConversations) option.hidden = option.disabled = away(option);
  });
  store.follow(['sweepMetric', 'sweepAxis', 'config'], ({ sweepMetric, sweepAxis, config }) => {
    figure.value = metric(sweepMetric).id;
    axis.value = axisOf(sweepAxis).id;
    const rate = [...axis.options].find(({ value }) => value === 'rate');
    // Other workloads set their own pace: a rate would change nothing.
    if (rate && config) rate.disabled = !hasRate(config);
  });
}
