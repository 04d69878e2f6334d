// What every control has around it: label, help in place, and the message if its value was not accepted.

import { element, setWords } from '../../ui/dom.js';
import {
  FLAG_IN_MICROSECONDS,
  FOUND_BY,
  IN_VLLM,
  ON_COMMAND_LINE,
  SHORT_WORDS,
  helpName,
} from '../../words/settings.js';
import { vllmFlag } from '../names.js';
import { unitOf } from '../words.js';

/** @import {State} from '../../app/state.js' */
/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Door} from '../fits.js' */
/** @import {Name} from '../names.js' */

/**
 * @typedef {object} Control
 * @property {HTMLElement} root
 * @property {(text: string) => void} show sets the value, unless the person is typing in it
 * @property {(message: string|null) => void} explain shows why the value was not accepted; null: it was
 * @property {(doors: Door[]) => void} [offer] shows ways out of a value that was not accepted
 * @property {(text: string, state: Readonly<State>) => void} [follow] shows what else of the state belongs to it
 */

/**
 * A value changed by hand.
 * @callback OnEdit
 * @param {string} key
 * @param {string} text
 * @returns {void}
 */

/** The event of a door that was chosen; its detail is what it sets. */
export const DOOR = 'door';

/** @param {Setting} setting */
export function controlId({ key }) {
  return `setting-${key}`;
}

/**
 * @param {Setting} setting
 * @param {HTMLElement} input the element that the label names and that is marked invalid
 * @param {(Node|string)[]} body what stands in the row after the label and its help, the input among it
 * @returns {{root: HTMLElement, explain: (message: string|null) => void, note: HTMLElement, unit: HTMLElement, offer: (doors: Door[]) => void}}
 */
export function field(setting, input, body) {
  const id = controlId(setting);
  const labelId = `${id}-label`;
  const help = element('p', { class: 'help', id: `${id}-help`, hidden: true }, ...helpParts(setting));
  const error = element('p', { class: 'error', id: `${id}-error`, hidden: true });
  const note = element('p', { class: 'note', id: `${id}-note`, hidden: true });
  const question = element(
    'button',
    {
      type: 'button',
      class: 'question',
      'aria-expanded': 'false',
      'aria-controls': `${id}-help`,
      'aria-label': helpName(setting.label),
    },
    '?',
  );
  question.addEventListener('click', () => {
    help.hidden = !help.hidden;
    question.setAttribute('aria-expanded', String(!help.hidden));
  });
  input.id = id;
  const named = unitOf(setting);
  const unit = element('span', { class: 'unit' }, named && ` (${named})`);
  // A group of inputs has no single one that a label element could point at.
  const isGroup = input.getAttribute('role') === 'group';
  const label = isGroup
    ? element('span', { class: 'label', id: labelId }, setting.label, unit)
    : element('label', { class: 'label', for: id, id: labelId }, setting.label, unit);
  if (isGroup) input.setAttribute('aria-labelledby', labelId);
  input.setAttribute('aria-describedby', `${id}-help`);
  const row = element('div', { class: 'row' }, label, question, ...body);
  const ways = element('div', { class: 'doors', hidden: true });
  const root = element('div', { class: 'field', 'data-key': setting.key }, row, note, help, error, ways);

  /** @param {string|null} message */
  const explain = (message) => {
    error.hidden = message === null;
    setWords(error, message ?? '');
    root.classList.toggle('invalid', message !== null);
    if (message === null) input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', message === null ? `${id}-help` : `${id}-error ${id}-help`);
  };
  /** @param {Door[]} doors */
  const offer = (doors) => {
    const focused = ways.contains(document.activeElement);
    ways.hidden = doors.length === 0;
    ways.replaceChildren(...doors.map(doorButton));
    // What was pressed is gone; its field, which shows the new value by now, has the focus.
    if (focused) input.focus();
  };
  return { root, explain, note, unit, offer };
}

/** @param {Door} door */
function doorButton({ label, values }) {
  const button = element('button', { type: 'button' }, label);
  button.addEventListener('click', () =>
    button.dispatchEvent(new CustomEvent(DOOR, { bubbles: true, detail: values })),
  );
  return button;
}

/**
 * What a setting is, in words, and the flags that set it elsewhere.
 * @param {Setting} setting
 * @returns {(Node|string)[]}
 */
function helpParts(setting) {
  const { label, help, flag, unit } = setting;
  const short = SHORT_WORDS.filter((each) => new RegExp(`\\b${each.short}\\b`).test(label));
  const sentences = [/[.!?]$/.test(help) ? help : `${help}.`, ...short.map(({ words }) => words)];
  const vllm = vllmFlag(setting);
  return [
    sentences.join(' '),
    ...(flag ? flagParts(ON_COMMAND_LINE, flag, unit === 'µs' ? ` ${FLAG_IN_MICROSECONDS}` : '') : []),
    ...(vllm ? flagParts(IN_VLLM, vllm, '') : []),
  ];
}

/**
 * @param {string} where
 * @param {string} flag
 * @param {string} remark
 */
function flagParts(where, flag, remark) {
  return [' ', element('span', { class: 'flag' }, `${where} `, element('code', {}, flag), remark)];
}

/**
 * Says by which of its names a setting was found, unless its label shows it.
 * @param {HTMLElement} root of a control
 * @param {Name|null} name null: it was not looked for
 */
export function showFoundBy(root, name) {
  const before = root.querySelector(':scope > .found');
  if (name === null || name.kind === 'label') {
    before?.remove();
    return;
  }
  const { kind, text } = name;
  const words = kind === 'word' || kind === 'value' ? `“${text}”` : element('code', {}, text);
  const found = element('p', { class: 'found' }, `${FOUND_BY[kind]} `, words);
  if (before) before.replaceWith(found);
  else root.querySelector(':scope > .row')?.after(found);
}

/**
 * Sets an input's text unless a person is typing in it; then it is set when they leave.
 * @param {HTMLInputElement} input
 */
export function patientInput(input) {
  let wanted = input.value;
  input.addEventListener('blur', () => {
    input.value = wanted;
  });
  return {
    /** @param {string} text */
    show(text) {
      wanted = text;
      if (document.activeElement !== input) input.value = text;
    },
    /** Notes what was typed, so that leaving the input does not undo it. */
    typed() {
      wanted = input.value;
    },
  };
}

/** Typing is followed after a short rest, ms. */
const TYPING_REST_MS = 250;

/**
 * Calls back when typing rests, or at once when the input is left or Enter is pressed.
 * @param {HTMLInputElement} input
 * @param {() => void} callback
 */
export function onTyped(input, callback) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let last = input.value;
  const fire = () => {
    clearTimeout(timer);
    if (input.value === last) return;
    last = input.value;
    callback();
  };
  input.addEventListener('focus', () => {
    last = input.value;
  });
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(fire, TYPING_REST_MS);
  });
  input.addEventListener('change', fire);
}
