// What a lesson's runs have shown, step by step: the bet beside it, two pictures, the figures, the reasons, and what to change.

import { element } from '../../ui/dom.js';
import { LIST, RESULTS, seedWords } from '../../words/lessons.js';
import { bars } from './bars.js';
import { Change } from './change.js';
import { Evidence } from './evidence.js';
import { fill } from './fill.js';
import { Pictures } from './pictures.js';
import { LessonRunner } from './runner.js';
import { whyParts } from './why.js';

/** @import {Pool} from '../../engine/pool.js' */
/** @import {LessonActions} from './lesson.js' */
/** @import {Step} from './steps.js' */
/** @import {Attempt, SceneFigures} from './types.d.ts' */

/** How many figures of a lesson stand side by side. */
const FIGURES = 2;

export class LessonResults {
  #actions;

  #evidence;

  #change;

  /**
   * @param {LessonActions} actions
   * @param {Pool} pool
   */
  constructor(actions, pool) {
    this.#actions = actions;
    this.#evidence = new Evidence(actions.simulated);
    this.#change = new Change(new LessonRunner(pool));
    this.pictures = new Pictures(pool);
  }

  /** Gives up what is under way for the lesson before. */
  close() {
    this.#change.stop();
    this.pictures.close();
  }

  /**
   * Fills the steps that the figures of all scenes make.
   * @param {Record<Step, HTMLElement>} sections
   * @param {Attempt} attempt
   */
  fill({ reveal, pictures, chart, why, change }, attempt) {
    const { lesson, scenes } = attempt;
    if (scenes === null) return;
    reveal.replaceChildren(...outcome(attempt, scenes));
    // What they are is seen; read aloud, they need a name.
    const both = heading(RESULTS.pictures);
    both.classList.add('visually-hidden');
    pictures.replaceChildren(both, this.pictures.root);
    this.pictures.open(attempt);
    const figures = lesson.metrics.slice(0, FIGURES).map((path) => bars(lesson, scenes, path));
    this.#evidence.show(attempt, scenes);
    chart.replaceChildren(
      heading(RESULTS.chart),
      element('div', { class: 'lesson-figures' }, ...figures),
      this.#evidence.root,
    );
    why.replaceChildren(heading(RESULTS.why), ...whyParts(lesson, scenes), this.#seed(attempt));
    change.replaceChildren(heading(RESULTS.change), ...this.#change.parts(attempt), this.#next(attempt));
  }

  /** @param {Attempt} attempt */
  #seed({ seed }) {
    const again = element('button', { type: 'button' }, RESULTS.another);
    again.addEventListener('click', () => this.#actions.onAgain(seed));
    return element('p', { class: 'lesson-seed' }, element('span', { class: 'note' }, seedWords(seed)), again);
  }

  /** @param {Attempt} attempt */
  #next({ lesson }) {
    const next = this.#actions.next(lesson.id);
    if (next === null) return element('p', { class: 'lesson-next' }, RESULTS.last, this.#actions.link('', LIST.all));
    const link = this.#actions.link(next.id, next.title);
    return element('p', { class: 'lesson-next' }, RESULTS.next, link);
  }
}

/** Of a step: where focus goes when it comes. @param {string} words */
const heading = (words) => element('h3', { tabindex: -1 }, words);

/**
 * What was expected, beside what it turns out to be. Without a bet, as where a class has made its own, only the latter.
 * @param {Attempt} attempt
 * @param {SceneFigures} scenes
 * @returns {HTMLElement[]}
 */
function outcome({ lesson, answer }, scenes) {
  const expected = answer === null ? null : lesson.answers[answer];
  const turnsOut = lesson.answers.find((each) => each.right)?.text ?? '';
  const right = expected?.right === true;
  // In front of a class it is the heading alone: the bets of the class stand beside the answers there.
  const verdict = element(
    'h3',
    { tabindex: -1 },
    element(
      'span',
      { class: right ? 'lesson-verdict lesson-right' : 'lesson-verdict' },
      right ? RESULTS.right : expected === null ? RESULTS.heading : RESULTS.wrong,
    ),
    element('span', { class: 'lesson-in-class' }, RESULTS.heading),
  );
  const line = (/** @type {string} */ term, /** @type {Node|string} */ words) => [
    element('dt', {}, term),
    element('dd', {}, words),
  ];
  return [
    verdict,
    element(
      'dl',
      { class: 'lesson-outcome' },
      ...(expected === null ? [] : line(RESULTS.expected, right ? expected.text : element('s', {}, expected.text))),
      ...(right ? [] : line(RESULTS.turnsOut, turnsOut)),
    ),
    element('p', { class: 'lesson-reveal' }, fill(lesson.reveal, scenes)),
  ];
}
