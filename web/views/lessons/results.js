// What a lesson's runs have shown: the prediction beside it, a chart, a table, the claims, and the reasons.

import { Chart } from '../../charts/chart.js';
import { element } from '../../ui/dom.js';
import { LIST, openWithWords, openWords, RESULTS, seedWords } from '../../words/lessons.js';
import { barNames, letter, lessonChart } from './chart.js';
import { holds } from './claim.js';
import { fill } from './fill.js';
import { LESSON_METRICS, metricText } from './metrics.js';
import { sceneAddress } from './scenes.js';

/** @import {LessonActions} from './lesson.js' */
/** @import {Step} from './steps.js' */
/** @import {Attempt, Lesson, Scene, SceneFigures} from './types.d.ts' */

/** Below this width there is no room for names under the bars. */
const NARROW = '(max-width: 40rem)';

export class LessonResults {
  #actions;

  /** What is shown. @type {Attempt|null} */
  #attempt = null;

  /** Where it stands. @type {HTMLElement|null} */
  #evidence = null;

  /** @type {Chart|null} created once, so that listeners are attached once */
  #chart = null;

  /** @param {LessonActions} actions */
  constructor(actions) {
    this.#actions = actions;
  }

  /**
   * Fills the steps that the figures of all scenes make.
   * @param {Record<Step, HTMLElement>} sections
   * @param {Attempt} attempt
   */
  fill({ reveal, chart, why, change }, attempt) {
    const { lesson, scenes } = attempt;
    if (scenes === null) return;
    this.#attempt = attempt;
    reveal.replaceChildren(heading(RESULTS.heading), ...outcome(attempt, scenes));
    why.replaceChildren(heading(RESULTS.why), ...this.#why(attempt, scenes));
    change.replaceChildren(heading(RESULTS.change), ...this.#change(attempt));
    this.#evidence = chart;
    chart.replaceChildren(heading(RESULTS.chart), this.#metricChoice(lesson, scenes));
    const drawn = (this.#chart ??= new Chart(chart, {
      id: 'lesson-chart',
      title: RESULTS.chart,
      simulated: () => (this.#attempt ? this.#actions.simulated(this.#attempt) : []),
    }));
    chart.append(drawn.figure, sceneTable(attempt, scenes));
    this.#draw(lesson, scenes, lesson.metrics[0]);
  }

  /**
   * @param {Lesson} lesson
   * @param {SceneFigures} scenes
   * @param {string} metric
   */
  #draw(lesson, scenes, metric) {
    const narrow = matchMedia(NARROW).matches;
    this.#chart?.update(lessonChart(lesson, scenes, metric, narrow));
    // Letters are a key to the bars: without them there they say nothing.
    this.#evidence?.classList.toggle('lettered', barNames(lesson, narrow).letters);
  }

  /**
   * @param {Lesson} lesson
   * @param {SceneFigures} scenes
   */
  #metricChoice(lesson, scenes) {
    const options = lesson.metrics.map((path) => element('option', { value: path }, LESSON_METRICS[path].label));
    const select = element('select', { id: 'lesson-metric' }, ...options);
    select.addEventListener('change', () => this.#draw(lesson, scenes, select.value));
    return element('p', { class: 'lesson-metric' }, element('label', { for: select.id }, RESULTS.chartShows), select);
  }

  /** @param {Attempt} attempt */
  #seed({ seed }) {
    const again = element('button', { type: 'button' }, RESULTS.another);
    again.addEventListener('click', () => this.#actions.onAgain(seed));
    return element('p', { class: 'lesson-seed' }, element('span', { class: 'note' }, seedWords(seed)), again);
  }

  /**
   * @param {Attempt} attempt
   * @param {SceneFigures} scenes
   */
  #why(attempt, scenes) {
    const { lesson } = attempt;
    return [
      element('p', {}, fill(lesson.why, scenes)),
      element('h4', {}, RESULTS.checked),
      claimList(lesson, scenes),
      this.#seed(attempt),
    ];
  }

  /** @param {Attempt} attempt */
  #change({ lesson, seed }) {
    const { explore } = lesson;
    const next = this.#actions.next(lesson.id);
    const scene = lesson.scenes.find(({ name }) => name === explore.scene);
    const links = scene
      ? [
          element('a', { href: sceneAddress(lesson, scene, seed) }, openWords(scene.label)),
          element('a', { href: sceneAddress(lesson, scene, seed, explore.pairs) }, openWithWords(explore.change)),
        ]
      : [];
    return [
      element('p', {}, explore.text),
      element('p', { class: 'lesson-links' }, ...links),
      next === null
        ? element('p', {}, RESULTS.last, this.#actions.link('', LIST.all))
        : element('p', { class: 'lesson-next' }, RESULTS.next, this.#actions.link(next.id, next.title)),
    ];
  }
}

/** Of a step: where focus goes when it comes. @param {string} words */
const heading = (words) => element('h3', { tabindex: -1 }, words);

/**
 * What was expected, beside what it turns out to be. Without a bet, as where a class has made its own, only the latter.
 * @param {Attempt} attempt
 * @param {SceneFigures} scenes
 */
function outcome({ lesson, answer }, scenes) {
  const expected = answer === null ? null : lesson.answers[answer];
  const turnsOut = lesson.answers.find((each) => each.right)?.text ?? '';
  const right = expected?.right === true;
  const line = (/** @type {string} */ term, /** @type {Node|string} */ words) => [
    element('dt', {}, term),
    element('dd', {}, words),
  ];
  return [
    right ? element('p', { class: 'lesson-right' }, RESULTS.right) : null,
    element(
      'dl',
      { class: 'lesson-outcome' },
      ...(expected === null ? [] : line(RESULTS.expected, right ? expected.text : element('s', {}, expected.text))),
      ...(right ? [] : line(RESULTS.turnsOut, turnsOut)),
    ),
    element('p', { class: 'lesson-reveal' }, fill(lesson.reveal, scenes)),
  ].filter((part) => part !== null);
}

/**
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 */
function claimList({ claims }, scenes) {
  const items = claims.map(({ says, that }) => {
    const true_ = holds(that, scenes);
    const verdict = element(
      'span',
      { class: true_ ? 'verdict holds' : 'verdict fails' },
      true_ ? RESULTS.holds : RESULTS.fails,
    );
    return element('li', {}, verdict, ` ${says}`);
  });
  const all = claims.every(({ that }) => holds(that, scenes));
  return element(
    'div',
    {},
    element('ul', { class: 'claims' }, ...items),
    all ? null : element('p', { class: 'note' }, RESULTS.luck),
  );
}

/** The letter under a run's bar, where bars have letters. @param {number} index */
const key = (index) => element('span', { class: 'lesson-letter' }, `${letter(index)} `);

/**
 * @param {Attempt} attempt
 * @param {SceneFigures} scenes
 */
function sceneTable({ lesson, seed }, scenes) {
  const heads = lesson.metrics.map((path) => element('th', { scope: 'col' }, LESSON_METRICS[path].label));
  const row = (/** @type {Scene} */ scene, /** @type {number} */ index) => {
    const link = element('a', { href: sceneAddress(lesson, scene, seed) }, scene.label);
    const cells = lesson.metrics.map((path) => element('td', {}, metricText(scenes, scene.name, path)));
    return element('tr', {}, element('th', { scope: 'row' }, key(index), link), ...cells);
  };
  const table = element(
    'table',
    {},
    element('caption', {}, RESULTS.table),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, RESULTS.run), ...heads)),
    element('tbody', {}, ...lesson.scenes.map(row)),
  );
  const meanings = lesson.metrics.flatMap((path) => [
    element('dt', {}, LESSON_METRICS[path].label),
    element('dd', {}, LESSON_METRICS[path].meaning),
  ]);
  const frame = { class: 'lesson-table', tabindex: 0, role: 'region', 'aria-label': RESULTS.tableRegion };
  return element(
    'div',
    {},
    element('div', frame, table),
    element(
      'details',
      { class: 'lesson-meanings' },
      element('summary', {}, RESULTS.meanings),
      element('dl', {}, ...meanings),
    ),
  );
}
