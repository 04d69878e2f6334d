// The trial of a lesson's claims on the page: a button, how far it is, and how often each claim has held.

import { EngineFailure, RefusedSettings } from '../../../engine/client.js';
import { element, setWords } from '../../../ui/dom.js';
import * as words from '../../../words/own_lessons.js';
import { LessonRunner } from '../runner.js';
import { MUST_HOLD, SEEDS, tryClaims } from './trial.js';

/** @import {Pool} from '../../../engine/pool.js' */
/** @import {Lesson} from '../types.d.ts' */
/** @import {Trial} from './trial.js' */

/**
 * @param {Lesson} lesson
 * @param {Pool} pool
 */
export function trialOf(lesson, pool) {
  const runner = new LessonRunner(pool);
  const start = element('button', { type: 'button', 'aria-label': words.tryWords(lesson.title) }, words.OWN.tryClaims);
  const cancel = element('button', { type: 'button', class: 'quiet' }, words.OWN.cancel);
  const bar = element('progress', { max: SEEDS, value: 0, 'aria-label': words.OWN.progress });
  const done = element('span', {});
  const under = element('div', { class: 'own-row', hidden: true }, bar, done, cancel);
  const said = element('p', { role: 'status' });
  const list = element('ul', { class: 'claims' });

  /** @param {Trial} trial @param {boolean} over */
  const show = ({ seeds, held, missing }, over) => {
    bar.value = seeds;
    setWords(done, words.seedsWords(seeds, SEEDS));
    list.replaceChildren(
      ...lesson.claims.map(({ says }, index) => {
        // Until the end a claim is as good as its misses allow.
        const enough = seeds - held[index] <= SEEDS - MUST_HOLD;
        const verdict = element(
          'span',
          { class: enough ? 'verdict holds' : 'verdict fails' },
          words.heldWords(held[index], seeds, enough),
        );
        return element('li', {}, verdict, ` ${says}`);
      }),
    );
    if (!over) return;
    const all = held.every((each) => each >= MUST_HOLD);
    setWords(said, missing.length > 0 ? words.missingWords(missing) : words.trialWords(all, MUST_HOLD, SEEDS));
  };
  start.addEventListener('click', async () => {
    under.hidden = false;
    start.hidden = true;
    cancel.focus();
    setWords(said, '');
    show({ seeds: 0, held: lesson.claims.map(() => 0), missing: [] }, false);
    try {
      const run = (/** @type {Lesson} */ each, /** @type {number} */ seed) => runner.run(each, seed, () => {});
      const trial = await tryClaims(lesson, run, (each) => show(each, false));
      if (trial === null) list.replaceChildren();
      else show(trial, true);
    } catch (error) {
      if (!(error instanceof RefusedSettings || error instanceof EngineFailure)) throw error;
      setWords(said, words.trialFailed(error.message));
    } finally {
      const focused = under.contains(document.activeElement);
      under.hidden = true;
      start.hidden = false;
      if (focused) start.focus();
    }
  });
  cancel.addEventListener('click', () => runner.cancel());
  return element('div', { class: 'own-trial' }, start, under, said, list);
}
