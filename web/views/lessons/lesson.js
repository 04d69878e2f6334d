// One lesson as a stage: its steps up to the one that is reached, one under the other. What is asked can be read before
// anything runs; what happens is shown after a prediction.

import { element, setWords } from '../../ui/dom.js';
import { doneWords, failureWords, LESSON, ONWARD, runsWords, streamsWords } from '../../words/lessons.js';
import { Bet } from './bet.js';
import { LessonResults } from './results.js';
import { streamsOf } from './scenes.js';
import { AFTER_RUN, BEFORE_RUN, STEPS, isBefore, stepBeside, stepsOf } from './steps.js';

/** @import {Pool} from '../../engine/pool.js' */
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
 * @property {(id: string, ...children: (Node|string)[]) => HTMLElement} link to a lesson, or to the list of them
 */

export class LessonView {
  #actions;

  #results;

  /** @type {Bet|null} */
  #bet = null;

  /** The sections by step; each lesson has its own. @type {Record<Step, HTMLElement>} */
  #sections = sections();

  /** What leads on from the step that is reached. */
  #onward = element('p', { class: 'lesson-onward' });

  #progress = element('div', { class: 'lesson-progress', hidden: true });

  #status = element('p', { class: 'visually-hidden', role: 'status' });

  #simulated = element('p', { class: 'note lesson-simulated' });

  #runs = element('p', { class: 'note lesson-runs' });

  #above = element('div', { class: 'lesson-above' });

  /**
   * @param {LessonActions} actions
   * @param {Pool} pool
   */
  constructor(actions, pool) {
    this.#actions = actions;
    this.#results = new LessonResults(actions, pool);
    this.heading = element('h2', { class: 'lesson-question', tabindex: -1 });
    this.node = element('article', { class: 'lesson' });
    document.addEventListener('keydown', (event) => this.node.isConnected && this.#bet?.onKey(event));
  }

  /** The two pictures, which can be played and stopped. */
  get pictures() {
    return this.#results.pictures;
  }

  /**
   * Puts any lesson on the stage, of the course or not.
   * @param {Lesson} lesson
   * @param {HTMLElement|null} above where it is in the course
   * @param {HTMLElement|null} tools for a class
   */
  open(lesson, above, tools) {
    this.#results.close();
    this.#sections = sections();
    this.#bet = new Bet(lesson, this.#actions.onAnswer, this.#actions.onRun);
    setWords(this.heading, lesson.question);
    const { question, bet } = this.#sections;
    question.append(
      this.heading,
      element('p', { class: 'lesson-situation' }, lesson.situation),
      element('p', { class: 'note lesson-streams' }, streamsWords(streamsOf(lesson))),
    );
    bet.append(this.#bet.form);
    const labels = lesson.scenes.map(({ label }) => label);
    setWords(this.#runs, runsWords(labels, lesson.change));
    const about = element(
      'details',
      { class: 'lesson-fold lesson-about' },
      element('summary', {}, LESSON.about),
      this.#runs,
      this.#simulated,
    );
    this.showAbove(above);
    const foot = element('div', { class: 'lesson-foot' }, about, tools);
    this.node.replaceChildren(this.#above, ...Object.values(this.#sections), this.#progress, foot, this.#status);
  }

  /**
   * Where the lesson is in the course, which changes when it is done.
   * @param {HTMLElement|null} above
   */
  showAbove(above) {
    this.#above.replaceChildren(...(above === null ? [] : [above]));
  }

  /** Takes the stage down. */
  close() {
    this.#results.close();
    this.#bet = null;
  }

  /**
   * @param {Attempt} attempt
   * @param {Attempt|null} before null if the lesson has just been opened
   */
  update(attempt, before) {
    this.tell(attempt);
    if (attempt.answer !== before?.answer) this.#bet?.check(attempt.answer);
    const fresh = attempt.scenes !== null && attempt.scenes !== before?.scenes;
    if (fresh) this.#results.fill(this.#sections, attempt);
    if (before === null || attempt.stage !== before.stage) this.#enter(attempt, before);
    if (attempt.stage === 'running') this.#showProgress(attempt);
    // Other figures of what is shown already are read from the top.
    if (fresh && before !== null && before.scenes !== null) this.#begin(AFTER_RUN);
  }

  /**
   * Says what is simulated, as soon as the engine has described its settings.
   * @param {Attempt} attempt
   */
  tell(attempt) {
    setWords(this.#simulated, this.#actions.simulated(attempt).join(' '));
  }

  /**
   * Shows the steps up to one.
   * @param {Lesson} lesson
   * @param {Step} step
   * @param {Step|null} from the step that was shown before; null if the lesson has just been opened
   */
  goTo(lesson, step, from) {
    this.node.dataset.step = step;
    const revealed = isBefore(BEFORE_RUN, step);
    const steps = stepsOf(lesson);
    // Once it is known what happens, the bet is told there.
    const shown = revealed
      ? steps.filter((each) => each !== BEFORE_RUN && !isBefore(step, each))
      : steps.filter((each) => !isBefore(BEFORE_RUN, each));
    for (const each of STEPS) {
      this.#sections[each].hidden = !shown.includes(each);
      this.#sections[each].classList.toggle('now', each === step);
    }
    this.node.classList.toggle('revealed', revealed);
    this.#leadOn(lesson, step);
    if (from !== null && revealed && isBefore(from, step))
      this.#begin(steps.find((each) => isBefore(from, each) && isBefore(BEFORE_RUN, each)) ?? step);
  }

  /**
   * Goes to where a step begins.
   * @param {Step} step
   */
  #begin(step) {
    const heading = this.#sections[step].querySelector('h3');
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
    this.#sections[step].append(this.#onward);
  }

  /**
   * @param {Attempt} attempt
   * @param {Attempt|null} before
   */
  #enter(attempt, before) {
    const { stage, failure } = attempt;
    const form = this.#bet?.form;
    if (form === undefined) return;
    form.hidden = stage !== 'predict';
    this.#progress.hidden = stage !== 'running';
    if (stage === 'running') {
      this.#progress.replaceChildren(...this.#progressParts(attempt));
      this.#progress.querySelector('button')?.focus();
      return;
    }
    setWords(this.#status, '');
    if (stage === 'revealed') return;
    this.#bet?.showFailure(failure === null ? '' : failureWords(failure));
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
    const [bar, text] = this.#progress.children;
    if (bar instanceof HTMLProgressElement) bar.value = finished;
    if (text) setWords(text, words);
    setWords(this.#status, words);
  }
}

/** @returns {Record<Step, HTMLElement>} */
function sections() {
  const section = (/** @type {Step} */ step) =>
    element('section', { class: 'lesson-step', 'data-step': step, hidden: true });
  return /** @type {Record<Step, HTMLElement>} */ (Object.fromEntries(STEPS.map((step) => [step, section(step)])));
}
