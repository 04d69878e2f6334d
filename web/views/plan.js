// "How many instances do I need?": targets in, the smallest cluster per TP and the highest rate out.

import { Chart } from '../charts/chart.js';
import { element } from '../dom.js';
import { Pool } from '../engine/pool.js';
import { Planner } from '../plan/planner.js';
import { formatTargets, readTargets, TARGET_FIELDS, targetTexts } from '../plan/targets.js';
import { conclusion, contradictions, planRows } from './plan_results.js';
import { rateChart, sizeChart } from './plan_charts.js';

/** @import {State, Store} from '../state.js' */
/** @import {Plan} from '../plan/planner.js' */

/**
 * @param {typeof TARGET_FIELDS[number]} field
 * @returns {{root: HTMLElement, input: HTMLInputElement, error: HTMLElement}}
 */
function targetField({ id, label, unit, help }) {
  const name = `goal-${id}`;
  const input = element('input', {
    id: name,
    class: 'number',
    inputmode: 'decimal',
    autocomplete: 'off',
    'aria-describedby': `${name}-help ${name}-error`,
  });
  const error = element('p', { class: 'error', id: `${name}-error`, hidden: true });
  const caption = element(
    'label',
    { for: name, class: 'label' },
    `${label} `,
    element('span', { class: 'unit' }, `[${unit}]`),
  );
  const root = element(
    'div',
    { class: 'goal' },
    caption,
    input,
    error,
    element('p', { class: 'note', id: `${name}-help` }, help),
  );
  return { root, input, error };
}

/** The form of the targets. */
function targetForm() {
  const fields = TARGET_FIELDS.map((field) => ({ id: field.id, ...targetField(field) }));
  const steady = element('input', { type: 'checkbox', id: 'goal-steady', 'aria-describedby': 'goal-steady-help' });
  const start = element('button', { type: 'submit', class: 'primary' }, 'Find the cluster');
  const cancel = element('button', { type: 'button', class: 'quiet', hidden: true }, 'Cancel');
  const form = element(
    'form',
    { class: 'goals', 'aria-label': 'Targets', novalidate: true },
    ...fields.map(({ root }) => root),
    element(
      'div',
      { class: 'goal' },
      element('label', { for: 'goal-steady', class: 'label' }, 'No growing queue'),
      steady,
      element('p', { class: 'note', id: 'goal-steady-help' }, 'its p99 would only tell how short the run was'),
    ),
    element('div', { class: 'goal-actions' }, start, cancel),
  );
  return { form, fields, steady, start, cancel };
}

/** @param {ReturnType<typeof targetForm>} parts */
function textsOf({ fields, steady }) {
  const texts = Object.fromEntries(fields.map(({ id, input }) => [id, input.value]));
  return { ...texts, steady: steady.checked ? '1' : '0' };
}

/**
 * @param {ReturnType<typeof targetForm>} parts
 * @param {string} words
 */
function fillForm({ fields, steady }, words) {
  const texts = targetTexts(words);
  for (const { id, input } of fields) input.value = texts[id] ?? (id === 'seeds' ? '5' : '');
  steady.checked = texts.steady !== '0';
}

/**
 * @param {ReturnType<typeof targetForm>} parts
 * @param {Record<string, string>} problems
 */
function explain({ fields }, problems) {
  for (const { id, input, error } of fields) {
    const problem = problems[id];
    error.textContent = problem ? `This ${problem}.` : '';
    error.hidden = !problem;
    if (problem) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }
  fields.find(({ id }) => problems[id])?.input.focus();
}

/**
 * @param {HTMLElement} panel
 * @param {Store} store
 * @param {(error: unknown) => void} onError
 */
export function createPlan(panel, store, onError) {
  const parts = targetForm();
  const outcome = element('p', { class: 'plan-outcome', role: 'status' });
  const results = element('div', { class: 'view-scroll', tabindex: 0, role: 'region', 'aria-label': 'Plan' });
  const charts = element('div', { class: 'plan-charts' });
  panel.append(parts.form, outcome, charts, results);
  const sizes = new Chart(charts, { id: 'plan-sizes', title: 'Latency against GPUs' });
  const rates = new Chart(charts, { id: 'plan-rates', title: 'Latency against the rate' });
  charts.hidden = true;

  /** Workers are only started when the first plan is made. @type {Planner|null} */
  let planner = null;
  const begin = async () => {
    const { config, description } = store.state;
    const { targets, problems } = readTargets(textsOf(parts));
    explain(parts, problems);
    if (Object.keys(problems).length > 0 || config === null) return;
    store.change({ targets: formatTargets(targets) });
    planner ??= new Planner(new Pool(), (plan) => store.change({ plan }));
    try {
      await planner.search(config, targets, description?.catalog ?? null);
    } catch (error) {
      onError(error);
    }
  };
  parts.form.addEventListener('submit', (event) => {
    event.preventDefault();
    begin();
  });
  parts.cancel.addEventListener('click', () => {
    planner?.cancel();
    parts.start.focus();
  });

  const render = (/** @type {Plan} */ plan, /** @type {boolean} */ stale) => {
    parts.cancel.hidden = plan.status !== 'running';
    outcome.textContent = `${conclusion(plan, stale)} ${contradictions(plan)}`.trim();
    results.replaceChildren(planRows(plan));
    charts.hidden = false;
    sizes.update(sizeChart(plan));
    rates.update(rateChart(plan));
  };
  fillForm(parts, store.state.targets);
  // Before the engine has spoken there is nothing to plan for.
  parts.start.disabled = store.state.config === null;
  store.listen((state, before) => follow(state, before));

  /**
   * @param {Readonly<State>} state
   * @param {Readonly<State>} before
   */
  function follow(state, before) {
    if (state.targets !== before.targets) fillForm(parts, state.targets);
    parts.start.disabled = state.config === null;
    const { plan, config } = state;
    if (plan === null) return;
    const stale = config !== plan.config;
    if (stale && plan.status === 'running' && config !== before.config) planner?.cancel();
    else if (plan !== before.plan || config !== before.config) render(plan, stale);
  }
}
