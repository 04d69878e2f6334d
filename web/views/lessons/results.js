// What a lesson's runs have shown: the prediction beside it, a chart, a table, the claims, and the reasons.

import { Chart } from '../../charts/chart.js';
import { element } from '../../ui/dom.js';
import { letter, lessonChart } from './chart.js';
import { holds } from './claim.js';
import { fill } from './fill.js';
import { LESSON_METRICS, metricText } from './metrics.js';
import { sceneAddress } from './scenes.js';

/** @import {LessonActions} from './lesson.js' */
/** @import {Attempt, Lesson, Scene, SceneFigures} from './types.d.ts' */

/** Below this width there is no room for names under the bars. */
const NARROW = '(max-width: 40rem)';

export class LessonResults {
  #actions;

  /** What is shown. @type {Attempt|null} */
  #attempt = null;

  /** @type {Chart|null} created once, so that listeners are attached once */
  #chart = null;

  /** @param {LessonActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.heading = element('h3', { tabindex: -1 }, 'What happens');
    this.node = element('section', { class: 'lesson-results', hidden: true, 'aria-label': 'Results of the lesson' });
  }

  close() {
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  /** @param {Attempt} attempt with the figures of all scenes */
  show(attempt) {
    const { lesson, scenes } = attempt;
    if (scenes === null) return;
    this.#attempt = attempt;
    const words = element('div', { class: 'lesson-words' }, ...this.#words(attempt, scenes));
    const evidence = element('div', { class: 'lesson-evidence' });
    const further = element('div', { class: 'lesson-words' }, ...this.#further(attempt, scenes));
    this.node.replaceChildren(words, evidence, further);
    this.node.hidden = false;
    evidence.append(this.#metricChoice(lesson, scenes));
    const chart = (this.#chart ??= new Chart(evidence, {
      id: 'lesson-chart',
      title: 'The runs side by side',
      simulated: () => (this.#attempt ? this.#actions.simulated(this.#attempt) : []),
    }));
    evidence.append(chart.figure, sceneTable(attempt, scenes));
    this.#draw(lesson, scenes, lesson.metrics[0]);
  }

  /**
   * @param {Lesson} lesson
   * @param {SceneFigures} scenes
   * @param {string} metric
   */
  #draw(lesson, scenes, metric) {
    this.#chart?.update(lessonChart(lesson, scenes, metric, matchMedia(NARROW).matches));
  }

  /**
   * @param {Lesson} lesson
   * @param {SceneFigures} scenes
   */
  #metricChoice(lesson, scenes) {
    const options = lesson.metrics.map((path) => element('option', { value: path }, LESSON_METRICS[path].label));
    const select = element('select', { id: 'lesson-metric' }, ...options);
    select.addEventListener('change', () => this.#draw(lesson, scenes, select.value));
    return element('p', { class: 'lesson-metric' }, element('label', { for: select.id }, 'Chart shows'), select);
  }

  /**
   * @param {Attempt} attempt
   * @param {SceneFigures} scenes
   */
  #words(attempt, scenes) {
    const { lesson, answer } = attempt;
    const expected = lesson.answers[answer ?? 0];
    const turnsOut = lesson.answers.find((each) => each.right)?.text ?? '';
    return [
      this.heading,
      expected.right ? element('p', { class: 'lesson-right' }, 'You were right.') : null,
      element(
        'dl',
        { class: 'lesson-outcome' },
        element('dt', {}, 'You expected'),
        element('dd', {}, expected.text),
        ...(expected.right ? [] : [element('dt', {}, 'It turns out'), element('dd', {}, turnsOut)]),
      ),
      element('p', {}, fill(lesson.reveal, scenes)),
      element('h3', {}, 'Why'),
      element('p', {}, fill(lesson.why, scenes)),
    ];
  }

  /** @param {Attempt} attempt */
  #seed({ seed }) {
    const again = element('button', { type: 'button' }, 'Run with another seed');
    again.addEventListener('click', () => this.#actions.onAgain(seed));
    return element(
      'p',
      { class: 'lesson-seed' },
      element('span', { class: 'note' }, `Seed ${seed} of 1 to 20. `),
      again,
    );
  }

  /**
   * @param {Attempt} attempt
   * @param {SceneFigures} scenes
   */
  #further(attempt, scenes) {
    const { lesson, seed } = attempt;
    const { explore, next } = lesson;
    const scene = lesson.scenes.find(({ name }) => name === explore.scene);
    const links = scene
      ? [
          element('a', { href: sceneAddress(lesson, scene, seed) }, `Open “${scene.label}” in the playground`),
          element('a', { href: sceneAddress(lesson, scene, seed, explore.pairs) }, `Open it with ${explore.change}`),
        ]
      : [];
    return [
      element('h3', {}, 'Checked on these runs'),
      claimList(lesson, scenes),
      this.#seed(attempt),
      element('h3', {}, 'Try it in the playground'),
      element('p', {}, explore.text),
      element('p', { class: 'lesson-links' }, ...links),
      next === null
        ? element('p', {}, 'This was the last lesson. ', this.#actions.link('', 'All lessons'))
        : element('p', { class: 'lesson-next' }, 'Next lesson: ', this.#actions.link(next, this.#actions.title(next))),
    ];
  }
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
      true_ ? '✓ holds' : '✗ not here',
    );
    return element('li', {}, verdict, ` ${says}`);
  });
  const all = claims.every(({ that }) => holds(that, scenes));
  const luck = 'A lesson’s claims hold for at least 19 of 20 seeds; this is one where luck decided otherwise.';
  return element(
    'div',
    {},
    element('ul', { class: 'claims' }, ...items),
    all ? null : element('p', { class: 'note' }, luck),
  );
}

/**
 * @param {Attempt} attempt
 * @param {SceneFigures} scenes
 */
function sceneTable({ lesson, seed }, scenes) {
  const heads = lesson.metrics.map((path) => element('th', { scope: 'col' }, LESSON_METRICS[path].label));
  const row = (/** @type {Scene} */ scene, /** @type {number} */ index) => {
    const link = element('a', { href: sceneAddress(lesson, scene, seed) }, scene.label);
    const cells = lesson.metrics.map((path) => element('td', {}, metricText(scenes, scene.name, path)));
    return element('tr', {}, element('th', { scope: 'row' }, `${letter(index)} `, link), ...cells);
  };
  const table = element(
    'table',
    {},
    element('caption', {}, 'Figures of the runs; a run’s name opens it in the playground'),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Run'), ...heads)),
    element('tbody', {}, ...lesson.scenes.map(row)),
  );
  const meanings = lesson.metrics.flatMap((path) => [
    element('dt', {}, LESSON_METRICS[path].label),
    element('dd', {}, LESSON_METRICS[path].meaning),
  ]);
  const frame = { class: 'lesson-table', tabindex: 0, role: 'region', 'aria-label': 'Figures of the runs' };
  return element(
    'div',
    {},
    element('div', frame, table),
    element(
      'details',
      { class: 'lesson-meanings' },
      element('summary', {}, 'What the figures mean'),
      element('dl', {}, ...meanings),
    ),
  );
}
