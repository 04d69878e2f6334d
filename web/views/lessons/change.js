// One thing to change: tried right here, with its figures before and after, and a link to go on from there.

import { RefusedSettings, EngineFailure, Superseded } from '../../engine/client.js';
import { element, setWords } from '../../ui/dom.js';
import { CHANGE, changedWords, failureWords, openWithWords, openWords, tryWords } from '../../words/lessons.js';
import { LESSON_METRICS, metricText } from './metrics.js';
import { sceneAddress } from './scenes.js';

/** @import {LessonRunner} from './runner.js' */
/** @import {Attempt, Scene, SceneFigures} from './types.d.ts' */

/** How many of a lesson's figures are shown before and after. */
const FIGURES = 2;

/** Names of the two runs within their figures. */
const [BEFORE, AFTER] = ['before', 'after'];

export class Change {
  #runner;

  /** @param {LessonRunner} runner for it alone: a change that is tried gives way to nothing but another */
  constructor(runner) {
    this.#runner = runner;
  }

  /** Gives up what is being tried. */
  stop() {
    this.#runner.cancel();
  }

  /**
   * @param {Attempt} attempt with the figures of all scenes
   * @returns {HTMLElement[]}
   */
  parts(attempt) {
    const { lesson, seed } = attempt;
    const { explore } = lesson;
    const scene = lesson.scenes.find(({ name }) => name === explore.scene);
    if (scene === undefined) return [element('p', {}, explore.text)];
    const outcome = element('div', { class: 'lesson-outcome-of-change', role: 'status' });
    const press = element('button', { type: 'button', class: 'primary' }, tryWords(explore.change));
    press.addEventListener('click', () => this.#try(attempt, scene, press, outcome));
    return [
      element('p', { class: 'lesson-exercise' }, explore.text),
      element('p', { class: 'lesson-try' }, press),
      outcome,
      element(
        'p',
        { class: 'lesson-links', 'data-changes': true },
        element('a', { href: sceneAddress(lesson, scene, seed, explore.pairs) }, openWithWords(explore.change)),
        element('a', { href: sceneAddress(lesson, scene, seed) }, openWords(scene.label)),
      ),
    ];
  }

  /**
   * @param {Attempt} attempt
   * @param {Scene} scene
   * @param {HTMLButtonElement} press
   * @param {HTMLElement} outcome
   */
  async #try({ lesson, seed, scenes }, scene, press, outcome) {
    const { explore } = lesson;
    press.setAttribute('aria-disabled', 'true');
    setWords(outcome, CHANGE.working);
    try {
      const changed = { ...scene, pairs: { ...scene.pairs, ...explore.pairs }, name: AFTER };
      const figures = await this.#runner.run({ ...lesson, scenes: [changed] }, seed, () => {});
      if (figures === null || scenes === null) return;
      const both = { [BEFORE]: scenes[scene.name], [AFTER]: figures[AFTER] };
      outcome.replaceChildren(beforeAndAfter(lesson.metrics.slice(0, FIGURES), both, scene.label, explore.change));
    } catch (error) {
      if (error instanceof Superseded) return;
      if (!(error instanceof RefusedSettings || error instanceof EngineFailure)) throw error;
      outcome.replaceChildren(element('p', { class: 'error' }, failureWords(error.message)));
    } finally {
      press.removeAttribute('aria-disabled');
    }
  }
}

/**
 * @param {string[]} metrics
 * @param {SceneFigures} both
 * @param {string} label of the run before
 * @param {string} change
 */
function beforeAndAfter(metrics, both, label, change) {
  const rows = metrics.map((path) =>
    element(
      'tr',
      { 'data-metric': path },
      element('th', { scope: 'row' }, LESSON_METRICS[path].label),
      element('td', {}, metricText(both, BEFORE, path)),
      element('td', { 'aria-hidden': 'true' }, '→'),
      element('td', { class: 'after' }, metricText(both, AFTER, path)),
    ),
  );
  const head = element(
    'tr',
    {},
    element('td', {}),
    element('th', { scope: 'col' }, CHANGE.before),
    element('td', { 'aria-hidden': 'true' }),
    element('th', { scope: 'col' }, CHANGE.after),
  );
  return element(
    'table',
    { class: 'lesson-changed' },
    element('caption', {}, changedWords(label, change)),
    element('thead', {}, head),
    element('tbody', {}, ...rows),
  );
}
