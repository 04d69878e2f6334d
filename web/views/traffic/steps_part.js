// The steps of cutting and scaling, as chips that can be changed and removed, and a menu of those that can be added.

import { element, setWords } from '../../ui/dom.js';
import {
  COMPARISONS,
  FILTER_FIELDS,
  removeStepWords,
  rowsLeftWords,
  STEP_WORDS,
  STEPS,
} from '../../words/traffic_steps.js';
import { keyed, labelled, section, select } from './parts.js';
import {
  addable,
  FIELDS,
  isNumeric,
  stepOfProblem,
  stepsOf,
  textOf,
  withFilter,
  withoutStep,
  withStep,
  withValue,
  WrongText,
} from './steps.js';

/** @import {TraceReport, TraceSliceReport} from '#engine' */
/** @import {Problem} from '../../shared/types.d.ts' */
/** @import {Reading} from './reading.js' */
/** @import {Field, Step} from './steps.js' */

/** The id of a chip. @param {Step} step */
const chipId = ({ id, place }) => `traffic-step-${id}-${place}`;

/** What the chip of a step is labelled with: it is a key of the table of words. @param {string} id */
const wordsOf = (id) =>
  /** @type {{name: string, add: string, help: string, fields: Record<string, string>, unit?: string}} */ (
    STEP_WORDS[/** @type {keyof typeof STEP_WORDS} */ (id)]
  );

/**
 * @param {Reading} reading
 */
export function stepsPart(reading) {
  const list = element('ol', { class: 'traffic-steps', 'aria-label': STEPS.list });
  const none = element('p', { class: 'note' }, STEPS.none);
  const adder = element('span', { class: 'traffic-adder' });
  const general = element('p', { class: 'traffic-error', role: 'alert', hidden: true });
  const root = section(
    'traffic-steps-part',
    STEPS.title,
    element('p', { class: 'note' }, STEPS.intro),
    general,
    none,
    list,
    element('div', { class: 'traffic-field' }, element('label', { for: 'traffic-add' }, STEPS.add), adder),
  );
  const showList = keyed(list);
  const showAdder = keyed(adder);
  /** The rows left and what is wrong, by step. @type {Map<string, {rows: HTMLElement, error: HTMLElement}>} */
  const marks = new Map();

  const explain = (/** @type {Step} */ step, /** @type {string} */ words) => {
    const error = marks.get(chipId(step))?.error;
    if (!error) return;
    error.hidden = words === '';
    setWords(error, words);
  };
  const change = (/** @type {Step} */ step, /** @type {() => import('./steps.js').Slices} */ make) => {
    try {
      const slices = make();
      explain(step, '');
      reading.cut(slices);
    } catch (error) {
      if (!(error instanceof WrongText)) throw error;
      explain(step, error.message);
    }
  };
  const fieldOf = (/** @type {Step} */ step, /** @type {Field} */ field) => {
    const { fields, unit } = wordsOf(step.id);
    const label = fields[field.name];
    const id = `${chipId(step)}-${field.name}`;
    const described = { 'aria-describedby': `${chipId(step)}-error` };
    if (field.kind === 'yes') {
      const box = element('input', { type: 'checkbox', id, checked: reading.slices.repeat_fresh === true });
      box.addEventListener('change', () => change(step, () => withValue(reading.slices, step, field, box.checked)));
      return element('label', { class: 'traffic-box', for: id }, box, label);
    }
    const value = textOf(reading.slices, field);
    const input = element('input', {
      id,
      class: 'number',
      inputmode: 'decimal',
      autocomplete: 'off',
      value,
      ...described,
    });
    input.addEventListener('change', () => change(step, () => withValue(reading.slices, step, field, input.value)));
    const after = unit && field.kind !== 'whole' ? [element('span', { class: 'unit' }, unit)] : [];
    return labelled(label, input, ...after);
  };
  const filterFields = (/** @type {Step} */ step) => {
    const filter = reading.slices.filters?.[step.place];
    if (!filter) return [];
    const { fields } = wordsOf('filters');
    const id = chipId(step);
    const set = (/** @type {'field'|'is'|'value'} */ name) => (/** @type {string} */ text) =>
      change(step, () => withFilter(reading.slices, step.place, name, text));
    const numeric = isNumeric(filter.field);
    const comparisons = Object.fromEntries(
      Object.entries(COMPARISONS).filter(([sign]) => numeric || sign === '=' || sign === '!='),
    );
    const value = element('input', {
      id: `${id}-value`,
      class: numeric ? 'number' : 'text',
      autocomplete: 'off',
      value: filter.value,
      'aria-label': fields.value,
      'aria-describedby': `${id}-error`,
      list: numeric ? null : `${id}-names`,
    });
    value.addEventListener('change', () => set('value')(value.value));
    const names = namesOf(reading.shown.report, filter.field).map((name) => element('option', { value: name }));
    return [
      select(`${id}-field`, FILTER_FIELDS, filter.field, set('field'), { 'aria-label': fields.field }),
      select(`${id}-is`, comparisons, filter.is, set('is'), { 'aria-label': fields.is }),
      value,
      numeric ? null : element('datalist', { id: `${id}-names` }, ...names),
    ];
  };
  const chip = (/** @type {Step} */ step) => {
    const { name, help } = wordsOf(step.id);
    const id = chipId(step);
    const rows = element('span', { class: 'traffic-left' });
    const error = element('p', { class: 'traffic-error', id: `${id}-error`, hidden: true });
    marks.set(id, { rows, error });
    const remove = element('button', { type: 'button', class: 'quiet', 'aria-label': removeStepWords(name) }, '×');
    remove.addEventListener('click', () => {
      reading.cut(withoutStep(reading.slices, step));
      root.querySelector('select')?.focus();
    });
    const inputs = step.id === 'filters' ? filterFields(step) : FIELDS[step.id].map((field) => fieldOf(step, field));
    const content = element(
      'div',
      { class: 'traffic-step', id, role: 'group', 'aria-label': name },
      element('span', { class: 'traffic-step-name' }, name),
      ...inputs,
      rows,
      remove,
      error,
      element('p', { class: 'note traffic-step-help' }, help),
    );
    return element('li', {}, content);
  };
  const add = (/** @type {string} */ id) => {
    if (id === '') return;
    const menu = adder.querySelector('select');
    if (menu) menu.value = '';
    const { cut, report } = reading.shown;
    reading.cut(withStep(reading.slices, id, cut?.traffic ?? report?.traffic ?? null));
    const added = stepsOf(reading.slices).findLast((step) => step.id === id);
    const place = added && root.querySelector(`#${chipId(added)}`);
    const control = place?.querySelector('input, select, button');
    if (control instanceof HTMLElement) control.focus();
  };
  return {
    root,
    /** @param {import('./reading.js').Shown} shown */
    render({ phase, preview, cut, cutProblem, problem, old }) {
      root.hidden = preview === null || phase === 'none';
      const { slices } = reading;
      const steps = stepsOf(slices);
      none.hidden = steps.length > 0;
      list.hidden = steps.length === 0;
      showList(JSON.stringify(slices), () => {
        marks.clear();
        return steps.map((step) => chip(step));
      });
      const rest = addable(slices);
      showAdder(rest.join(), () => {
        const options = Object.fromEntries([['', STEPS.choose], ...rest.map((id) => [id, wordsOf(id).add])]);
        return [select('traffic-add', options, '', add)];
      });
      tell(steps, { cut, old, problem: cutProblem ?? problem });
    },
  };

  /**
   * What each step leaves, and what is wrong with one.
   * @param {Step[]} steps
   * @param {{cut: TraceSliceReport|null, old: boolean, problem: Problem|null}} shown
   */
  function tell(steps, { cut, old, problem }) {
    const wrong = problem === null ? null : stepOfProblem(problem.path);
    const ofAll = problem !== null && isOfSteps(problem.path) && !steps.some(({ id }) => id === wrong);
    general.hidden = !ofAll;
    setWords(general, ofAll && problem !== null ? sentence(problem) : '');
    for (const [i, step] of steps.entries()) {
      const mark = marks.get(chipId(step));
      const done = cut?.steps.find(({ id }) => id === step.id);
      const last = steps[i + 1]?.id !== step.id;
      if (mark) setWords(mark.rows, done && last && !old ? rowsLeftWords(Number(done.rows)) : '');
      const here = wrong === step.id && last && problem !== null;
      if (here) explain(step, sentence(problem));
      else if (problem === null) explain(step, '');
    }
  }
}

/** Whether a problem is for the steps to solve: of one of them, of all, or that there are too many rows. @param {string} path */
export const isOfSteps = (path) => ['slices', 'rows'].includes(path) || stepOfProblem(path) !== null;

/** @param {Problem} problem */
const sentence = ({ message }) => `${message}.`;

/**
 * Names that a filter can ask for.
 * @param {TraceReport|null} report
 * @param {string} field
 */
function namesOf(report, field) {
  const { classes = [], tenants = [], clients = [] } = report?.labels ?? {};
  return { class: classes, tenant: tenants, client: clients }[field] ?? [];
}
