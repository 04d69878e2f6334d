// Patterns of traffic in the form: buttons that take one, and what can be changed of conversations without opening their file.

import { element, setWords } from '../../ui/dom.js';
import { PATTERN, PATTERN_WORDS } from '../../words/patterns.js';
import { PATTERN_NAMES } from '../../words/simulated.js';
import { isOneOf } from '../names.js';
import { patternOf } from '../pattern_read.js';
import { PATTERN_RANGES, patternNumber, PATTERNS, specificationText, withPattern } from '../patterns.js';

/** @import {State} from '../../app/state.js' */
/** @import {Pattern, PatternId} from '../pattern_read.js' */
/** @import {PatternKey} from '../patterns.js' */

/** The numbers, in the order of the form. */
const NUMBERS = /** @type {const} */ (['agents', 'rate', 'turns', 'think', 'requests']);

/** @type {Record<typeof NUMBERS[number], (pattern: Pattern) => number|null>} */
const VALUE = {
  agents: ({ agents }) => agents,
  rate: ({ rate }) => rate,
  turns: ({ turns }) => turns,
  think: ({ thinkS }) => thinkS,
  requests: ({ requests }) => requests,
};

/** Which have no place in a specification. @param {typeof NUMBERS[number]} key @param {Pattern} pattern */
const isAway = (key, pattern) => ['agents', 'rate', 'requests'].includes(key) && VALUE[key](pattern) === null;

const NAMES = /** @type {PatternId[]} */ (Object.keys(PATTERN_WORDS));

/** What things of conversations are called, in the form and elsewhere. */
const CALLED = [...Object.values(PATTERN.label), ...Object.values(PATTERN_NAMES), PATTERN.group, ...PATTERN.called];

/** Whether a query of the search is for something of conversations. @param {string} query */
export const isOfConversations = (query) => isOneOf(query, CALLED);

/** The patterns with their sources. @param {string} summary @param {PatternId[]} names @param {string} [before] each of them */
function sources(summary, names, before = '') {
  const list = element(
    'dl',
    {},
    ...names.flatMap((id) => {
      const { what, source } = PATTERN_WORDS[id];
      return [element('dt', {}, PATTERN_NAMES[id]), element('dd', {}, `${before}${what} ${source}`)];
    }),
  );
  return element('details', { class: 'pattern-sources' }, element('summary', {}, summary), list);
}

/**
 * Buttons that take a pattern as the workload.
 * @param {(text: string) => void} onUse
 */
export function patternButtons(onUse) {
  const buttons = NAMES.map((id) => {
    const { what } = PATTERN_WORDS[id];
    const button = element(
      'button',
      { type: 'button', class: 'pattern', 'data-pattern': id, title: what },
      PATTERN_NAMES[id],
    );
    button.addEventListener('click', () => onUse(specificationText(PATTERNS[id]())));
    return button;
  });
  return element(
    'div',
    { class: 'patterns', role: 'group', 'aria-label': PATTERN.offer },
    sources(PATTERN.offer, NAMES),
    ...buttons,
  );
}

/**
 * What is changed of the conversations of a specification.
 * @param {(text: string) => void} onEdit gets the specification as text
 * @param {(unfit: boolean) => void} onUnfit hears whether a field holds what cannot be taken
 */
export function patternFields(onEdit, onUnfit) {
  /** What is shown. @type {any} */
  let specification = null;
  /** Fields that hold what cannot be taken. @type {Set<PatternKey>} */
  const unfit = new Set();
  const change = (/** @type {PatternKey} */ key, /** @type {number|boolean} */ value) => {
    if (specification === null) return;
    // The next change may come before this one has been accepted.
    specification = withPattern(specification, key, value);
    onEdit(specificationText(specification));
  };
  const fields = NUMBERS.map((key) => {
    const id = `pattern-${key}`;
    const input = element('input', {
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      spellcheck: 'false',
      class: 'number',
      id,
      'aria-describedby': `${id}-note`,
    });
    const note = element('p', { class: 'note', id: `${id}-note` }, PATTERN.help[key]);
    const root = element(
      'div',
      { class: 'pattern-field' },
      element('label', { for: id }, PATTERN.label[key]),
      input,
      note,
    );
    const say = (/** @type {string|null} */ problem) => {
      setWords(note, problem ?? PATTERN.help[key]);
      note.classList.toggle('error', problem !== null);
      if (problem === null) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
      if (problem === null) unfit.delete(key);
      else unfit.add(key);
      onUnfit(unfit.size > 0);
    };
    input.addEventListener('change', () => {
      const value = patternNumber(key, input.value);
      say(value === null ? PATTERN.expected(PATTERN_RANGES[key]) : null);
      if (value !== null) change(key, value);
    });
    return { key, input, root, say };
  });
  const grows = element('input', { type: 'checkbox', id: 'pattern-grows', 'aria-describedby': 'pattern-grows-note' });
  grows.addEventListener('change', () => change('grows', grows.checked));
  const growth = element(
    'div',
    { class: 'pattern-field' },
    element('label', { for: grows.id }, PATTERN.label.grows),
    grows,
    element('p', { class: 'note', id: 'pattern-grows-note' }, PATTERN.help.grows),
  );
  const source = element('div', {});
  /** @type {PatternId|null} */
  let named = null;
  const root = element(
    'div',
    { class: 'pattern-fields', role: 'group', 'aria-label': PATTERN.group, hidden: true },
    ...fields.map((field) => field.root),
    growth,
    source,
  );
  return {
    root,
    /** @param {Readonly<State>} state */
    render({ config }) {
      const shown = config?.workload.requests === null ? config.workload.spec : null;
      const pattern = patternOf(shown);
      root.hidden = pattern === null;
      const same = specification === shown;
      specification = shown;
      if (pattern === null) for (const { say } of fields) say(null);
      if (pattern === null || same) return;
      for (const { key, input, root: field, say } of fields) {
        field.hidden = isAway(key, pattern);
        if (field.hidden) say(null);
        const value = VALUE[key](pattern);
        const text = value === null ? '' : String(value);
        input.placeholder = value === null ? PATTERN.differ : '';
        // What is being typed stays, and what cannot be taken while another field changes.
        if (document.activeElement === input && input.value !== input.defaultValue) continue;
        if (unfit.has(key) && input.defaultValue === text) continue;
        input.value = input.defaultValue = text;
        say(null);
      }
      grows.checked = pattern.grows;
      if (named === pattern.id && source.childElementCount > 0) return;
      named = pattern.id;
      source.replaceChildren(...(named === null ? [] : [sources(PATTERN.source, [named], PATTERN.asItComes)]));
    },
  };
}
