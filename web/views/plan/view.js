// "How many instances do I need?": targets in, the smallest cluster per TP and the highest rate out.

import { Chart } from '../../charts/chart.js';
import { simulatedBy, simulatedWords } from '../../settings/simulated.js';
import { LATENCY_TARGETS, targetText, uniformTarget } from '../../settings/targets.js';
import { element, setWords } from '../../ui/dom.js';
import { download } from '../../ui/download.js';
import { FORM, PLAN, problemWords } from '../../words/plan.js';
import { rateChart, sizeChart } from './charts.js';
import { planCsv } from './csv.js';
import { gpuChoice } from './gpus.js';
import { byCost, plannedPairs, Planner } from './planner.js';
import { conclusion, planRows } from './results.js';
import { formatTargets, PROPOSED_TTFT_MS, readTargets, TARGET_FIELDS, targetTexts } from './targets.js';

/** @import {PageParts} from '../../app/lazy_views.js' */
/** @import {State} from '../../app/state.js' */
/** @import {Subject} from '../../settings/simulated.js' */
/** @import {Config} from '../../shared/types.d.ts' */
/** @import {SizingPlan} from './planner.js' */

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

/** The form of the targets. @param {HTMLElement} gpus */
function targetForm(gpus) {
  const fields = TARGET_FIELDS.map((field) => ({ id: field.id, ...targetField(field) }));
  const start = element('button', { type: 'submit', class: 'primary' }, FORM.find);
  const cancel = element('button', { type: 'button', class: 'quiet', hidden: true }, FORM.cancel);
  const csv = element('button', { type: 'button', class: 'plan-csv', hidden: true }, FORM.csv);
  const form = element(
    'form',
    { class: 'goals', 'aria-label': FORM.title, novalidate: true },
    ...fields.map(({ root }) => root),
    gpus,
    element('div', { class: 'goal-actions' }, start, cancel),
  );
  return { form, fields, start, cancel, csv };
}

/** @param {ReturnType<typeof targetForm>} parts */
function textsOf({ fields }) {
  return Object.fromEntries(fields.map(({ id, input }) => [id, input.value]));
}

/** @typedef {Pick<import('../../shared/types.d.ts').RunReport, 'targets'|'classes'>} Latencies */

/**
 * What the plan asks for besides the latency targets.
 * @param {ReturnType<typeof targetForm>} parts
 * @param {string} words
 */
function fillForm({ fields }, words) {
  const texts = targetTexts(words);
  for (const { id, input } of fields) if (id in texts) input.value = texts[id];
}

/**
 * The latency targets of the settings: one number where all classes have the same.
 * @param {ReturnType<typeof targetForm>} parts
 * @param {Latencies} latencies
 */
function fillLatencies({ fields }, { targets, classes }) {
  const limits = LATENCY_TARGETS.map(({ id, field }) => ({ id, limit: uniformTarget(targets, classes, field) }));
  const none = limits.every(({ limit }) => limit === null);
  for (const { id, limit } of limits) {
    const input = fields.find((field) => field.id === id)?.input;
    if (!input) continue;
    const proposed = none && id === 'ttft' ? String(PROPOSED_TTFT_MS) : FORM.none;
    input.value = typeof limit === 'number' ? String(limit) : '';
    input.placeholder = limit === 'by class' ? FORM.byClass : proposed;
  }
}

/**
 * The settings that a person has changed in the form.
 * @param {Latencies} latencies
 * @param {Record<string, number|null>} wanted
 */
function latencyEdits({ targets, classes }, wanted) {
  return LATENCY_TARGETS.flatMap(({ id, field, key }) => {
    const limit = uniformTarget(targets, classes, field);
    const ms = wanted[id];
    const same = ms === limit || (ms === null && limit === 'by class');
    return same ? [] : [/** @type {[string, string]} */ ([key, targetText(classes, ms === null ? '' : String(ms))])];
  });
}

/**
 * @param {ReturnType<typeof targetForm>} parts
 * @param {Record<string, string>} problems
 */
function explain({ fields }, problems) {
  for (const { id, input, error } of fields) {
    const problem = problems[id];
    setWords(error, problem ? problemWords(problem) : '');
    error.hidden = !problem;
    if (problem) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }
  fields.find(({ id }) => problems[id])?.input.focus();
}

/**
 * @param {HTMLElement} panel
 * @param {PageParts} page
 */
export function createPlan(panel, { store, session, pool }) {
  const gpus = gpuChoice(store);
  const parts = targetForm(gpus.root);
  const outcome = element('p', { class: 'plan-outcome', role: 'status' });
  const results = element('div', { class: 'view-scroll', tabindex: 0, role: 'region', 'aria-label': PLAN.region });
  const charts = element('div', { class: 'plan-charts' });
  const about = element('p', { class: 'note plan-simulated' });
  const summary = element('div', { class: 'plan-summary' }, outcome, parts.csv);
  panel.append(parts.form, summary, about, results, charts);
  /** What a plan was searched for. @type {WeakMap<Config, Subject>} */
  const subjects = new WeakMap();
  /** The plan that is seen. @type {SizingPlan|null} */
  let seen = null;
  const simulated = (/** @type {SizingPlan|null} */ plan, /** @type {string[]} */ varied) => {
    const subject = plan && subjects.get(plan.config);
    const { description } = store.state;
    return subject && description ? [simulatedWords(simulatedBy(subject, description, varied))] : [];
  };
  /** What the search for sizes varies. */
  const sizeKeys = () => [...(seen !== null && seen.gpus.length > 0 ? ['gpu'] : []), 'instances', 'tp'];
  const chart = (/** @type {string} */ id, /** @type {string} */ title, /** @type {() => string[]} */ varied) =>
    new Chart(charts, { id, title, simulated: () => simulated(seen, varied()) });
  const sizes = chart('plan-sizes', PLAN.sizes, sizeKeys);
  const rates = chart('plan-rates', PLAN.rates, () => ['rate']);
  charts.hidden = true;

  store.follow(['lock'], ({ lock }) => {
    for (const { id, root } of parts.fields)
      root.hidden = lock === '1' && LATENCY_TARGETS.some((each) => each.id === id);
  });

  const planner = new Planner(pool, (plan) => store.change({ plan }));
  /** The last plan with an answer: it stays to be seen, as an old one, until the next has one. @type {SizingPlan|null} */
  let answered = null;
  /** Whether the targets of the form are on their way into the settings. */
  let editing = false;
  const latencies = () => store.state.run ?? { targets: store.state.config?.slo ?? {}, classes: [] };
  const begin = async (/** @type {boolean} */ asked) => {
    const { targets, latencies: wanted, problems } = readTargets(textsOf(parts));
    if (asked || Object.keys(problems).length === 0) explain(parts, problems);
    if (Object.keys(problems).length > 0 || store.state.config === null) return;
    const tried = gpus.chosen();
    store.change({ targets: formatTargets(targets, tried) });
    const edits = asked ? latencyEdits(latencies(), wanted) : [];
    if (edits.length > 0) {
      editing = true;
      try {
        await session.editAll(edits);
      } finally {
        editing = false;
      }
    }
    const { config, description, pairs, imported, importedName, withoutEffect } = store.state;
    if (config === null) return;
    subjects.set(config, {
      pairs: plannedPairs(pairs, description?.schema ?? []),
      imported,
      importedName,
      withoutEffect,
    });
    try {
      await planner.search(config, targets, description?.catalog ?? null, { asked, gpus: tried });
    } catch (error) {
      session.report(error);
    }
  };
  parts.form.addEventListener('submit', (event) => {
    event.preventDefault();
    begin(true);
  });
  parts.cancel.addEventListener('click', () => {
    planner.cancel();
    parts.start.focus();
  });
  parts.csv.addEventListener('click', () => {
    const { plan } = store.state;
    if (plan) download('blis-plan.csv', planCsv(plan, simulated(plan, [...sizeKeys(), 'rate'])[0]), 'text/csv');
  });
  // All of it or nothing: half of a plan is another cluster.
  const use = (/** @type {import('./results.js').Choice} */ choice) => session.editAll(choice);

  const render = (/** @type {SizingPlan} */ plan, /** @type {boolean} */ stale) => {
    const hasAnswer = plan.rate.row?.answer || byCost(plan).length > 0;
    if (hasAnswer) answered = plan;
    const shown = hasAnswer || plan.status === 'done' ? plan : (answered ?? plan);
    const old = stale || shown !== plan;
    seen = shown;
    parts.cancel.hidden = plan.status !== 'running';
    parts.csv.hidden = !hasAnswer || plan.status === 'running';
    setWords(outcome, conclusion(plan, stale));
    setWords(about, simulated(shown, [...sizeKeys(), 'rate'])[0] ?? '');
    results.classList.toggle('old', old);
    charts.classList.toggle('old', old);
    const label = old ? [element('p', { class: 'note old-plan' }, PLAN.earlier)] : [];
    results.replaceChildren(...label, planRows(shown, use));
    charts.hidden = false;
    sizes.update(sizeChart(shown));
    const rate = rateChart(shown);
    rates.update(rate);
    rates.figure.hidden = rate === null;
  };
  fillForm(parts, store.state.targets);
  fillLatencies(parts, latencies());
  // Before the engine has spoken there is nothing to plan for.
  parts.start.disabled = store.state.config === null;
  const planFor = (/** @type {Readonly<State>} */ { tab, config, plan, busy }) => {
    if (tab === 'plan' && config !== null && !busy && !editing && plan?.config !== config) begin(false);
  };
  store.watch(['targets'], ({ targets }) => {
    fillForm(parts, targets);
    gpus.fill();
  });
  store.watch(['run'], () => fillLatencies(parts, latencies()));
  store.watch(['config'], ({ plan, config }) => {
    parts.start.disabled = config === null;
    if (plan?.config !== config) planner.cancel();
  });
  store.watch(['plan', 'config'], ({ plan, config }) => {
    if (plan) render(plan, config !== plan.config);
  });
  store.watch(['config', 'tab', 'busy'], planFor);
  planFor(store.state);
}
