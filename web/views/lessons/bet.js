// The bet: answers to press, with the mouse, a finger or their numbers on the keyboard.

import { element, setWords } from '../../ui/dom.js';
import { LESSON } from '../../words/lessons.js';

/** @import {Lesson} from './types.d.ts' */

/** What a person types into: there a number is a number. */
const TYPED = 'input:not([type=radio]), textarea, select, [contenteditable]';

export class Bet {
  #onAnswer;

  /** @type {HTMLInputElement[]} */
  #radios = [];

  #missing = element('p', { class: 'error', id: 'prediction-missing', role: 'alert', hidden: true });

  /**
   * @param {Lesson} lesson
   * @param {(answer: number) => void} onAnswer
   * @param {() => void} onRun
   */
  constructor({ answers }, onAnswer, onRun) {
    this.#onAnswer = onAnswer;
    const choices = answers.map(({ text }, index) => {
      const radio = element('input', { type: 'radio', name: 'prediction', value: index, id: `prediction-${index}` });
      radio.addEventListener('change', () => this.#chosen(index));
      this.#radios.push(radio);
      const key = element('span', { class: 'prediction-key', 'aria-hidden': 'true' }, String(index + 1));
      return element('label', { class: 'prediction', for: radio.id }, radio, key, element('span', {}, text));
    });
    const choice = element(
      'fieldset',
      { class: 'predictions', 'aria-describedby': this.#missing.id },
      element('legend', {}, LESSON.expect),
      element('div', { class: 'prediction-choices' }, ...choices),
    );
    const run = element('button', { type: 'submit', class: 'primary' }, LESSON.run);
    const keys = element('span', { class: 'note lesson-keys', 'aria-hidden': 'true' }, LESSON.keys(answers.length));
    const act = element('p', { class: 'lesson-act' }, run, keys);
    this.form = element('form', { class: 'lesson-form', novalidate: true }, choice, this.#missing, act);
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = this.#radios.some(({ checked }) => checked);
      this.#ask(!chosen);
      if (chosen) onRun();
      else this.#radios[0].focus();
    });
  }

  /** @param {number} index */
  #chosen(index) {
    this.#ask(false);
    this.#onAnswer(index);
  }

  /** @param {boolean} missing */
  #ask(missing) {
    this.#missing.hidden = !missing;
    setWords(this.#missing, missing ? LESSON.choose : '');
  }

  /**
   * Shows an answer that was given before.
   * @param {number|null} answer
   */
  check(answer) {
    this.#radios.forEach((radio, index) => (radio.checked = index === answer));
    if (answer !== null) this.#ask(false);
  }

  /**
   * A key that was pressed anywhere while the bet is seen: a number is an answer.
   * @param {KeyboardEvent} event
   */
  onKey(event) {
    const radio = this.#radios[Number(event.key) - 1];
    const typed = event.target instanceof Element && event.target.closest(TYPED) !== null;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (radio === undefined || typed || modified || !this.form.checkVisibility()) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    this.#chosen(Number(radio.value));
  }

  /** @param {string} words empty for none */
  showFailure(words) {
    this.form.querySelector('.lesson-failure')?.remove();
    if (words !== '') this.form.append(element('p', { class: 'error lesson-failure', role: 'alert' }, words));
  }
}
