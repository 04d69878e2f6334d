// One lesson as a stage: its steps up to the one that is reached, one under the other. What is asked can be read before
// anything runs; what happens is shown after a prediction.

import { element, setWords } from '../../ui/dom.js';
import { doneWords, failureWords, LESSON, LIST, ONWARD, placeWords, runsWords } from '../../words/lessons.js';
import { LessonResults } from './results.js';
import { BEFORE_RUN, STEPS, isBefore, stepBeside, stepsOf } from './steps.js';

/** @import {Step} from './steps.js' */
/** @import {Attempt, Entry, Lesson} from './types.d.ts' */

/**
 * @typedef {object} LessonActions
 * @property {(answer: number) => void} onAnswer
 * @property {() => void} onRun
 * @property {(seed: number) => void} onAgain with another seed than this
 * @property {() => void} onCancel
 * @property {(step: Step) => void} onStep
 * @property {(attempt: Attempt) => string[]} simulated what its runs are about, nothing while that is not known
 * @property {(id: string) => Entry|null} next the lesson after this one, null after the last
 * @property {(id: string) => HTMLElement} tools for a class
 * @property {(id: string, text: string) => HTMLElement} link to a lesson, or to the list of them
 */

export class LessonView {
  #actions;

  #results;

  /** The sections by step; each lesson has its own. @type {Record<Step, HTMLElement>} */
  #sections;

  /** What leads on from the step that is reached. */
  #onward = element('p', { class: 'lesson-onward' });

  /** @param {LessonActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#results = new LessonResults(actions);
    this.heading = element('h2', { tabindex: -1 });
    this.node = element('article', { class: 'lesson' });
    this.simulated = element('p', { class: 'note lesson-simulated' });
    this.#sections = sections();
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
    this.#sections = sections();
    const { question, bet } = this.#sections;
    question.append(
      element('p', { class: 'lesson-place' }, this.#actions.link('', LIST.all), ` · ${place}`),
      this.#actions.tools(lesson.id),
      this.heading,
      element('p', { class: 'lesson-question' }, lesson.question),
      element('p', { class: 'lesson-situation' }, lesson.situation),
    );
    const labels = lesson.scenes.map(({ label }) => label);
    const runs = element('p', { class: 'note lesson-runs' }, runsWords(labels, lesson.change));
    bet.append(this.form, this.progress, runs, this.simulated);
    this.node.replaceChildren(...Object.values(this.#sections), this.#onward, this.status);
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
    if (attempt.scenes !== null && attempt.scenes !== before?.scenes) this.#results.fill(this.#sections, attempt);
    if (before === null || attempt.stage !== before.stage) this.#enter(attempt, before);
    if (attempt.stage === 'running') this.#showProgress(attempt);
    if (attempt.answer !== null && attempt.answer !== before?.answer) {
      const missing = this.form?.querySelector('#prediction-missing');
      if (missing instanceof HTMLElement) missing.hidden = true;
    }
  }

  /**
   * Shows the steps up to one.
   * @param {Lesson} lesson
   * @param {Step} step
   * @param {Step|null} from the step that was shown before; null if the lesson has just been opened
   */
  goTo(lesson, step, from) {
    this.node.dataset.step = step;
    const before = !isBefore(BEFORE_RUN, step);
    for (const each of STEPS) {
      const section = this.#sections[each];
      section.hidden = !before && isBefore(step, each) ? true : before && isBefore(BEFORE_RUN, each);
      section.classList.toggle('now', each === step);
    }
    this.node.classList.toggle('revealed', !before);
    this.#leadOn(lesson, step);
    if (from === null || before || !isBefore(from, step)) return;
    const fresh = stepsOf(lesson).find((each) => isBefore(from, each) && isBefore(BEFORE_RUN, each)) ?? step;
    const heading = this.#sections[fresh].querySelector('h3');
    // The browser alone would scroll no further than to the edge, on a phone behind the places.
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: 'start' });
  }

  /**
   * @param {Lesson} lesson
   * @param {Step} step
   */
  #leadOn(lesson, step) {
    const next = isBefore(BEFORE_RUN, step) ? stepBeside(lesson, step, 1) : null;
    this.#onward.hidden = next === null;
    if (next === null) return;
    const go = element('button', { type: 'button', class: 'primary' }, ONWARD[next]);
    go.addEventListener('click', () => this.#actions.onStep(next));
    const all = element('button', { type: 'button', class: 'quiet' }, ONWARD.all);
    all.addEventListener('click', () => this.#actions.onStep('change'));
    this.#onward.replaceChildren(go, ...(next === 'change' ? [] : [all]));
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
    if (stage === 'revealed') return;
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

/** @returns {Record<Step, HTMLElement>} */
function sections() {
  const section = (/** @type {Step} */ step) =>
    element('section', { class: 'lesson-step', 'data-step': step, hidden: true });
  return /** @type {Record<Step, HTMLElement>} */ (Object.fromEntries(STEPS.map((step) => [step, section(step)])));
}
