// What the sweep varies and which figure it shows: two choices in the head of its chart.

import { AXES, axisOf, hasRate } from '../../engine/axes.js';
import { METRICS, metric } from '../../shared/metrics.js';
import { element } from '../../ui/dom.js';

/** @import {Session} from '../../app/session.js' */
/** @import {Store} from '../../app/state.js' */
/** @import {Chart} from '../../charts/chart.js' */

/**
 * @param {string} name for screen readers
 * @param {{value: string, label: string}[]} options
 * @param {(value: string) => void} onChange
 */
function choice(name, options, onChange) {
  const select = element(
    'select',
    { 'aria-label': name },
    ...options.map(({ value, label }) => element('option', { value }, label)),
  );
  select.addEventListener('change', () => onChange(select.value));
  return select;
}

/**
 * @param {Chart} chart
 * @param {Store} store
 * @param {Session} session
 */
export function createSweepChoice(chart, store, session) {
  // The first of each is left out of the address.
  const shortest = (/** @type {string} */ id, /** @type {{id: string}[]} */ all) => (id === all[0].id ? '' : id);
  const figure = choice(
    'Figure',
    METRICS.map(({ id, label }) => ({ value: id, label })),
    (id) => store.change({ sweepMetric: shortest(id, METRICS) }),
  );
  const axis = choice(
    'Against',
    AXES.map(({ id, short }) => ({ value: id, label: short })),
    (id) => session.sweepOver(shortest(id, AXES)),
  );
  figure.id = 'sweep-figure';
  axis.id = 'sweep-axis';
  chart.heading.replaceChildren(figure, ' against ', axis);
  store.listen(({ sweepMetric, sweepAxis, config }, before) => {
    const same = sweepMetric === before.sweepMetric && sweepAxis === before.sweepAxis && config === before.config;
    if (same) return;
    figure.value = metric(sweepMetric).id;
    axis.value = axisOf(sweepAxis).id;
    const rate = [...axis.options].find(({ value }) => value === 'rate');
    // Other workloads set their own pace: a rate would change nothing.
    if (rate && config) rate.disabled = !hasRate(config);
  });
}
