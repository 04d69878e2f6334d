// The course: the list of its lessons, the way through them for a class, and the line above a lesson that says where one is.

import { element } from '../../ui/dom.js';
import { COURSE, hereWords, LIST, minutesWords, stepWords, wayWords } from '../../words/lessons.js';

/** @import {Progress} from './progress.js' */
/** @import {Course, Entry} from './types.d.ts' */

/**
 * @typedef {object} CourseParts
 * @property {Course} course
 * @property {Progress} progress
 * @property {(id: string, ...children: (Node|string)[]) => HTMLElement} link to a lesson, or to the list of them
 */

/** What tells the two apart without colour. */
const MARKS = { right: '✓', wrong: '✗' };

/**
 * The lesson after one; null after the last.
 * @param {Course} course
 * @param {string} id
 * @returns {Entry|null}
 */
export function lessonAfter({ lessons }, id) {
  const at = lessons.findIndex((entry) => entry.id === id);
  return at < 0 ? null : (lessons[at + 1] ?? null);
}

/**
 * The lesson to go on with: the first that has not been done; null when all have been.
 * @param {Course} course
 * @param {Progress} progress
 */
export const lessonToDo = ({ lessons }, progress) => lessons.find(({ id }) => progress.of(id) === null) ?? null;

/** How much of the course has been done. @param {Course} course @param {Progress} progress */
const done = ({ lessons }, progress) => lessons.filter(({ id }) => progress.of(id) !== null).length;

/**
 * Where one is in the course, and how the bets before turned out.
 * @param {CourseParts} parts
 * @param {string} here id of the lesson that is shown
 */
export function courseLine({ course, progress, link }, here) {
  const { lessons } = course;
  const at = lessons.findIndex(({ id }) => id === here);
  const steps = lessons.map(({ id, title }, i) => {
    const bet = progress.of(id);
    const step = link(id, element('span', { 'aria-hidden': 'true' }, bet === null ? String(i + 1) : MARKS[bet]));
    const words = stepWords(i + 1, title, bet);
    step.setAttribute('aria-label', words);
    step.title = words;
    if (i === at) step.setAttribute('aria-current', 'page');
    return element('li', { class: bet === null ? '' : `bet-${bet}` }, step);
  });
  // Where there is no room for all of them to be pressed, a bar says the same.
  const parts = lessons.map(({ id }, i) =>
    element('span', { class: `${i === at ? 'here ' : ''}bet-${progress.of(id) ?? 'none'}` }),
  );
  return element(
    'nav',
    { class: 'course-line', 'aria-label': COURSE.line },
    element(
      'p',
      { class: 'course-here' },
      link('', LIST.all),
      element('span', { class: 'course-title' }, lessons[at].title),
      element('span', {}, hereWords(at + 1, lessons.length, lessons[at].minutes)),
    ),
    element('ol', { class: 'course-steps' }, ...steps),
    element('div', { class: 'course-bar', 'aria-hidden': 'true' }, ...parts),
  );
}

/**
 * The list of lessons.
 * @param {CourseParts} parts
 * @param {HTMLElement[]} wrong what is wrong with the address, first of all
 * @param {HTMLElement} tools for a class
 * @param {() => void} onForget
 */
export function courseList(parts, wrong, tools, onForget) {
  const { course, progress, link } = parts;
  const next = lessonToDo(course, progress);
  const go = next === null ? null : link(next.id, progress.size === 0 ? COURSE.begin : COURSE.goOn(next.title));
  go?.classList.add('button', 'primary');
  const forget = element('button', { type: 'button', class: 'quiet' }, COURSE.forget);
  forget.addEventListener('click', onForget);
  return element(
    'div',
    { class: 'lessons' },
    element('h2', { id: 'lessons-title', tabindex: -1 }, LIST.title),
    ...wrong,
    element('p', { class: 'lessons-intro' }, LIST.intro),
    element(
      'p',
      { class: 'course-done' },
      go,
      progress.size === 0 ? null : element('span', {}, COURSE.done(done(course, progress), course.lessons.length)),
      progress.size === 0 ? null : forget,
    ),
    classWay(parts, tools),
    element('ol', { class: 'lesson-list' }, ...course.lessons.map((entry, at) => line(parts, entry, at + 1))),
  );
}

/**
 * A way through the course for those who have not the time for all of it.
 * @param {CourseParts} parts
 * @param {HTMLElement} tools
 */
function classWay({ course, link }, tools) {
  const { minutes, lessons: ids } = course.class;
  const lessons = ids.flatMap((id) => course.lessons.filter((entry) => entry.id === id));
  const takes = lessons.reduce((all, lesson) => all + lesson.minutes, 0);
  const steps = lessons.map(({ id, title, minutes: each }) =>
    element('li', {}, link(id, title), element('span', { class: 'note' }, ` ${minutesWords(each)}`)),
  );
  return element(
    'section',
    { class: 'course-class', 'aria-labelledby': 'course-class-title' },
    element('h3', { id: 'course-class-title' }, COURSE.way(minutes)),
    element('p', {}, wayWords(lessons.length, takes)),
    element('ol', { class: 'course-way' }, ...steps),
    tools,
  );
}

/**
 * @param {CourseParts} parts
 * @param {Entry} entry
 * @param {number} number
 */
function line({ course, progress, link }, { id, title, question, minutes }, number) {
  const bet = progress.of(id);
  const inClass = course.class.lessons.includes(id);
  return element(
    'li',
    { class: bet === null ? '' : `bet-${bet}` },
    element('span', { class: 'lesson-number', 'aria-hidden': 'true' }, bet === null ? String(number) : MARKS[bet]),
    link(id, title),
    element('p', {}, question),
    element(
      'p',
      { class: 'lesson-facts' },
      element('span', {}, minutesWords(minutes)),
      inClass ? element('span', { class: 'in-class' }, COURSE.inClass(course.class.minutes)) : null,
      bet === null ? null : element('span', { class: 'bet' }, COURSE[bet]),
    ),
  );
}
