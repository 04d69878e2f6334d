// One lesson: what is asked can be read before anything runs; what happens is shown after a prediction.

import { element, setWords } from '../../ui/dom.js';
import { doneWords, failureWords, LESSON, LIST, placeWords, runsWords } from '../../words/lessons.js';
import { LessonResults } from './results.js';

/** @import {Attempt, Entry, Lesson} from './types.d.ts' */

/**
 * @typedef {object} LessonActions
 * @property {(answer: number) => void} onAnswer
 * @property {() => void} onRun
 * @property {(seed: number) => void} onAgain with another seed than this
 * @property {() => void} onCancel
 * @property {(attempt: Attempt) => string[]} simulated what its runs are about, nothing while that is not known
 * @property {(id: string) => string} title of a lesson
 * @property {(id: string, text: string) => HTMLElement} link to a lesson, or to the list of them
 */

export class LessonView {
  #actions;

  #results;

  /** @param {LessonActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#results = new LessonResults(actions);
    this.heading = element('h2', { tabindex: -1 });
    this.node = element('article', { class: 'lesson' });
    this.simulated = element('p', { class: 'note lesson-simulated' });
  }

  /**
   * @param {Lesson} lesson
   * @param {Entry[]} entries all lessons
   */
  open(lesson, entries) {
    setWords(this.heading, lesson.title);
    const place = placeWords(entries.findIndex(({ id }) => id === lesson.id) + 1, entries.length);
    this.form = this.#form(lesson);
    this.progress = element('div', { class: 'lesson-progress', hidden: true });
    this.status = element('p', { class: 'visually-hidden', role: 'status' });
    this.#results.close();
    const intro = element(
      'div',
      { class: 'lesson-intro' },
      element('p', { class: 'lesson-place' }, this.#actions.link('', LIST.all), ` · ${place}`),
      this.heading,
      element('p', { class: 'lesson-question' }, lesson.question),
      element('p', { class: 'lesson-situation' }, lesson.situation),
    );
    const labels = lesson.scenes.map(({ label }) => label);
    const runs = element('p', { class: 'note lesson-runs' }, runsWords(labels, lesson.change));
    this.node.replaceChildren(intro, this.form, this.progress, runs, this.simulated, this.status, this.#results.node);
  }

  /** @param {Lesson} lesson */
  #form({ answers }) {
    const choices = answers.map(({ text }, index) => {
      const radio = element('input', { type: 'radio', name: 'prediction', value: index, id: `prediction-${index}` });
      radio.addEventListener('change', () => this.#actions.onAnswer(index));
      return element('label', { class: 'prediction', for: radio.id }, radio, element('span', {}, text));
    });
    const missing = element('p', { class: 'error', id: 'prediction-missing', role: 'alert', hidden: true });
    const choice = element(
      'fieldset',
      { class: 'predictions', 'aria-describedby': missing.id },
      element('legend', {}, LESSON.expect),
      ...choices,
    );
    const run = element('button', { type: 'submit', class: 'primary' }, LESSON.run);
    const form = element('form', { class: 'lesson-form', novalidate: true }, choice, missing, run);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = form.querySelector('input:checked');
      missing.hidden = chosen !== null;
      setWords(missing, chosen === null ? LESSON.choose : '');
      if (chosen !== null) this.#actions.onRun();
      else form.querySelector('input')?.focus();
    });
    return form;
  }

  /**
   * @param {Attempt} attempt
   * @param {Attempt|null} before null if the lesson has just been opened
   */
  update(attempt, before) {
    this.tell(attempt);
    if (before === null) this.#check(attempt.answer);
    if (before === null || attempt.stage !== before.stage) this.#enter(attempt, before);
    if (attempt.stage === 'running') this.#showProgress(attempt);
    if (attempt.answer !== null && attempt.answer !== before?.answer) {
      const missing = this.form?.querySelector('#prediction-missing');
      if (missing instanceof HTMLElement) missing.hidden = true;
    }
  }

  /**
   * Says what is simulated, as soon as the engine has described its settings.
   * @param {Attempt} attempt
   */
  tell(attempt) {
    setWords(this.simulated, this.#actions.simulated(attempt).join(' '));
  }

  /**
   * Shows an answer that was given before.
   * @param {number|null} answer
   */
  #check(answer) {
    const radio = this.form?.querySelector(`#prediction-${answer}`);
    if (radio instanceof HTMLInputElement) radio.checked = true;
  }

  /**
   * @param {Attempt} attempt
   * @param {Attempt|null} before
   */
  #enter(attempt, before) {
    const { stage, failure } = attempt;
    const { form, progress, status } = this;
    if (!form || !progress || !status) return;
    form.hidden = stage !== 'predict';
    progress.hidden = stage !== 'running';
    if (stage === 'running') {
      progress.replaceChildren(...this.#progressParts(attempt));
      progress.querySelector('button')?.focus();
      return;
    }
    setWords(status, '');
    if (stage === 'revealed') {
      this.#results.show(attempt);
      // The browser alone would scroll no further than to the edge, on a phone behind the places.
      this.#results.heading.focus({ preventScroll: true });
      this.#results.heading.scrollIntoView({ block: 'start' });
      return;
    }
    this.node.querySelector('.lesson-failure')?.remove();
    if (failure !== null)
      form.append(element('p', { class: 'error lesson-failure', role: 'alert' }, failureWords(failure)));
    if (before !== null) form.querySelector('button')?.focus();
  }

  /** @param {Attempt} attempt */
  #progressParts({ lesson }) {
    const cancel = element('button', { type: 'button' }, LESSON.cancel);
    cancel.addEventListener('click', () => this.#actions.onCancel());
    const bar = element('progress', { max: lesson.scenes.length, value: 0, 'aria-label': LESSON.progress });
    return [bar, element('span', {}), cancel];
  }

  /** @param {Attempt} attempt */
  #showProgress({ lesson, finished }) {
    const words = doneWords(finished, lesson.scenes.length);
    const [bar, text] = this.progress?.children ?? [];
    if (bar instanceof HTMLProgressElement) bar.value = finished;
    if (text) setWords(text, words);
    if (this.status) setWords(this.status, words);
  }
}
