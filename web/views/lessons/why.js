// Why it happens: sentence by sentence, each beside the claims that it rests on, tried on the runs that were just made.

import { element } from '../../ui/dom.js';
import { RESULTS, checkedWords } from '../../words/lessons.js';
import { holds } from './claim.js';
import { fill } from './fill.js';
import { reasonsOf, sentencesOf } from './reasons.js';

/** @import {Lesson, SceneFigures} from './types.d.ts' */
/** @import {LessonClaim} from './reasons.js' */

/**
 * @param {LessonClaim[]} claims
 * @param {SceneFigures} scenes
 */
export function claimList(claims, scenes) {
  const items = claims.map(({ says, that }) => {
    const right = holds(that, scenes);
    const verdict = element(
      'span',
      { class: right ? 'verdict holds' : 'verdict fails' },
      right ? RESULTS.holds : RESULTS.fails,
    );
    return element('li', {}, verdict, ` ${says}`);
  });
  return element('ul', { class: 'claims' }, ...items);
}

/**
 * A reason with its first sentence apart, which alone is read from the back of a room.
 * @param {string} text
 * @param {SceneFigures} scenes
 */
function gistFirst(text, scenes) {
  const [first, ...others] = sentencesOf(text);
  return [
    element('span', { class: 'lesson-gist' }, fill(first, scenes)),
    ...(others.length === 0 ? [] : [` ${fill(others.join(' '), scenes)}`]),
  ];
}

/**
 * All that the reason rests on in one list, for a class; all claims where none is named.
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 */
function restsOn({ claims }, scenes) {
  const reasons = claims.filter(({ reason }) => reason);
  const items = (reasons.length > 0 ? reasons : claims).map(({ says, that }) => {
    const right = holds(that, scenes);
    const mark = element('b', {}, right ? RESULTS.holdsShort : RESULTS.fails);
    return element('li', { class: right ? 'holds' : 'fails' }, mark, ` ${says}`);
  });
  return element('div', { class: 'lesson-rests' }, element('h4', {}, RESULTS.restsHere), element('ul', {}, ...items));
}

/**
 * @param {Lesson} lesson
 * @param {SceneFigures} scenes
 * @returns {HTMLElement[]}
 */
export function whyParts(lesson, scenes) {
  const { sentences, reasons, others } = reasonsOf(lesson);
  const rows = sentences.map(({ text, claims }, at) =>
    element(
      'div',
      { class: 'lesson-reason' },
      element('p', {}, ...(at === 0 ? gistFirst(text, scenes) : [fill(text, scenes)])),
      claims.length === 0 ? null : claimList(claims, scenes),
    ),
  );
  const right = lesson.claims.filter(({ that }) => holds(that, scenes)).length;
  return [
    element('div', { class: 'lesson-reasons' }, ...rows),
    restsOn(lesson, scenes),
    ...(reasons.length === 0 ? [] : [element('h4', {}, RESULTS.rests), claimList(reasons, scenes)]),
    ...(others.length === 0
      ? []
      : [
          element(
            'details',
            { class: 'lesson-fold lesson-checked', open: others.some(({ that }) => !holds(that, scenes)) },
            element('summary', {}, RESULTS.checked),
            claimList(others, scenes),
          ),
        ]),
    element('p', { class: 'note' }, checkedWords(right, lesson.claims.length)),
    ...(right === lesson.claims.length ? [] : [element('p', { class: 'note' }, RESULTS.luck)]),
  ];
}
