// All figures of a lesson's runs, for those who want to look closer: any of them as a chart, and all of them as a table.

import { Chart } from '../../charts/chart.js';
import { element } from '../../ui/dom.js';
import { RESULTS } from '../../words/lessons.js';
import { barNames, letter, lessonChart } from './chart.js';
import { LESSON_METRICS, metricText } from './metrics.js';
import { sceneAddress } from './scenes.js';

/** @import {Attempt, Lesson, Scene, SceneFigures} from './types.d.ts' */

/** Below this width there is no room for names under the bars. */
const NARROW = '(max-width: 40rem)';

export class Evidence {
  /** What is shown. @type {Attempt|null} */
  #attempt = null;

  #chart;

  /** @param {(attempt: Attempt) => string[]} simulated what its runs are about */
  constructor(simulated) {
    this.root = element('details', { class: 'lesson-fold lesson-evidence' });
    // Created once, so that its listeners are attached once.
    this.#chart = new Chart(this.root, {
      id: 'lesson-chart',
      title: RESULTS.one,
      simulated: () => (this.#attempt ? simulated(this.#attempt) : []),
    });
  }

  /**
   * @param {Attempt} attempt
   * @param {SceneFigures} scenes
   */
  show(attempt, scenes) {
    const { lesson } = attempt;
    this.#attempt = attempt;
    this.root.open = false;
    this.root.replaceChildren(
      element('summary', {}, RESULTS.all),
      this.#choice(lesson, scenes),
      this.#chart.figure,
      sceneTable(attempt, scenes),
    );
    this.#draw(lesson, scenes, lesson.metrics[0]);
  }

  /**
   * @param {Lesson} lesson
   * @param {SceneFigures} scenes
   */
  #choice(lesson, scenes) {
    const options = lesson.metrics.map((path) => element('option', { value: path }, LESSON_METRICS[path].label));
    const select = element('select', { id: 'lesson-metric' }, ...options);
    select.addEventListener('change', () => this.#draw(lesson, scenes, select.value));
    return element('p', { class: 'lesson-metric' }, element('label', { for: select.id }, RESULTS.chartShows), select);
  }

  /**
   * @param {Lesson} lesson
   * @param {SceneFigures} scenes
   * @param {string} metric
   */
  #draw(lesson, scenes, metric) {
    const narrow = matchMedia(NARROW).matches;
    this.#chart.update(lessonChart(lesson, scenes, metric, narrow));
    // Letters are a key to the bars: without them there they say nothing.
    this.root.classList.toggle('lettered', barNames(lesson, narrow).letters);
  }
}

/** Whether the link of the page keeps its settings as they are. */
const isLocked = () => document.documentElement.dataset.lock === '1';

/** The letter under a run's bar, where bars have letters. @param {number} index */
const key = (index) => element('span', { class: 'lesson-letter' }, `${letter(index)} `);

/**
 * @param {Attempt} attempt
 * @param {SceneFigures} scenes
 */
function sceneTable({ lesson, seed }, scenes) {
  const heads = lesson.metrics.map((path) => element('th', { scope: 'col' }, LESSON_METRICS[path].label));
  const row = (/** @type {Scene} */ scene, /** @type {number} */ index) => {
    // What is locked has no way to other settings, in another tab neither.
    const link = isLocked() ? scene.label : element('a', { href: sceneAddress(lesson, scene, seed) }, scene.label);
    const cells = lesson.metrics.map((path) => element('td', {}, metricText(scenes, scene.name, path)));
    return element('tr', {}, element('th', { scope: 'row' }, key(index), link), ...cells);
  };
  const table = element(
    'table',
    {},
    element('caption', {}, isLocked() ? RESULTS.tableRegion : RESULTS.table),
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
    element('h4', {}, RESULTS.meanings),
    element('dl', { class: 'lesson-meanings' }, ...meanings),
  );
}
