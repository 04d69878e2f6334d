// Worksheets: a page for each lesson with the question and room for answers, and for the teacher one with what happens.

import { element, setWords } from '../../../ui/dom.js';
import { failureWords, streamsWords } from '../../../words/lessons.js';
import { answerLetter, answersWords, GUIDE, SHEET, sheetSeedWords } from '../../../words/room.js';
import { holds } from '../claim.js';
import { fill } from '../fill.js';
import { LESSON_METRICS, metricText } from '../metrics.js';
import { FIRST_SEED, streamsOf } from '../scenes.js';

/** @import {Lesson, SceneFigures} from '../types.d.ts' */
/** @import {RoomParts} from './pages.js' */

/** A longer address fills the page and is typed by nobody: that of a lesson which it carries. */
const LONGEST_TYPED = 200;

/** From so many runs on there is less room to draw. */
const MANY_RUNS = 6;

/** Figures that a table on paper has room for beside the axes: the teacher's has the same, to be compared. */
const COLUMNS = 2;

/** The times on an axis whose steps are of ten times each, the longest first. */
const TIMES = ['100 s', '10 s', '1 s', '100 ms', '10 ms'];

/** Lines to write on. @param {number} count */
const lines = (count) =>
  element('div', { class: 'sheet-lines' }, ...Array.from({ length: count }, () => element('span', {})));

/** @param {string} words */
const label = (words) => element('h4', {}, words);

/**
 * Empty axes, with a place for the bar of each run.
 * @param {Lesson} lesson
 */
function axes({ scenes, metrics }) {
  const bars = scenes.map((scene) => element('li', {}, scene.label));
  const isTime = LESSON_METRICS[metrics[0]].unit === 'time';
  const marks = TIMES.map((time) => element('li', {}, time));
  return element(
    'figure',
    { class: 'sheet-axes' },
    element('figcaption', {}, LESSON_METRICS[metrics[0]].label),
    element(
      'div',
      { class: isTime ? 'sheet-graph sheet-graph-times' : 'sheet-graph' },
      isTime ? element('ol', { class: 'sheet-times' }, ...marks) : null,
      element('ul', {}, ...bars),
    ),
  );
}

/**
 * A table of the runs: empty, or with their figures.
 * @param {Lesson} lesson
 * @param {SceneFigures|null} figures
 */
function table({ scenes, metrics }, figures) {
  const shown = metrics.slice(0, COLUMNS);
  const heads = shown.map((path) => element('th', { scope: 'col' }, LESSON_METRICS[path].label));
  const rows = scenes.map(({ name, label: words }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, words),
      ...shown.map((path) => element('td', {}, figures === null ? '' : metricText(figures, name, path))),
    ),
  );
  return element(
    'table',
    { class: 'sheet-table' },
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, SHEET.run), ...heads)),
    element('tbody', {}, ...rows),
  );
}

/**
 * Where the lesson is to be found.
 * @param {RoomParts} room
 * @param {string} id
 * @param {(link: string) => Element|null} draw
 */
function foot({ address }, id, draw) {
  const where = address(id);
  return element(
    'footer',
    { class: 'sheet-foot' },
    draw(where),
    element(
      'p',
      {},
      `${SHEET.open}: `,
      element('a', { href: where }, where.length > LONGEST_TYPED ? SHEET.given : where),
    ),
  );
}

/**
 * @param {RoomParts} room
 * @param {Lesson} lesson
 * @param {(link: string) => Element|null} draw
 */
function studentSheet(room, lesson, draw) {
  const { id, title, question, situation, answers, scenes } = lesson;
  const boxes = answers.map(({ text }, index) =>
    element('li', {}, element('span', { class: 'sheet-box' }), element('b', {}, answerLetter(index)), ` ${text}`),
  );
  const field = (/** @type {string} */ words) => element('span', { class: 'sheet-field' }, `${words}: `);
  return element(
    'article',
    { class: scenes.length < MANY_RUNS ? 'sheet' : 'sheet sheet-many' },
    element('p', { class: 'sheet-head' }, element('span', {}, title), field(SHEET.name), field(SHEET.date)),
    element('h3', {}, question),
    element('p', {}, situation),
    label(SHEET.bet),
    element('ul', { class: 'sheet-answers' }, ...boxes),
    label(SHEET.reason),
    lines(4),
    element(
      'div',
      { class: 'sheet-pair' },
      element('div', {}, label(SHEET.draw), axes(lesson)),
      element('div', {}, label(SHEET.fill), table(lesson, null)),
    ),
    label(SHEET.why),
    lines(2),
    foot(room, id, draw),
  );
}

/**
 * @param {Lesson} lesson
 * @param {SceneFigures} figures
 */
function teacherSheet(lesson, figures) {
  const { title, answers, reveal, why, claims, teacher } = lesson;
  const right = answers.findIndex((each) => each.right);
  const reasons = claims.filter(({ reason }) => reason);
  const held = (reasons.length > 0 ? reasons : claims).filter(({ that }) => holds(that, figures));
  const notes = teacher
    ? [
        label(GUIDE.bets),
        element('p', {}, teacher.bets),
        label(GUIDE.after),
        element('p', {}, fill(teacher.after, figures)),
      ]
    : [];
  return element(
    'article',
    { class: 'sheet sheet-teacher' },
    element('p', { class: 'sheet-head' }, element('span', {}, SHEET.teacher)),
    element('h3', {}, answersWords(title)),
    label(SHEET.right),
    element('p', {}, element('b', {}, answerLetter(right)), ` ${answers[right].text}`),
    label(SHEET.happens),
    element('p', { class: 'sheet-reveal' }, fill(reveal, figures)),
    table(lesson, figures),
    label(SHEET.because),
    element('p', {}, fill(why, figures)),
    element('ul', {}, ...held.map(({ says }) => element('li', {}, says))),
    ...notes,
    element('p', { class: 'sheet-foot' }, sheetSeedWords(FIRST_SEED, streamsWords(streamsOf(lesson)))),
  );
}

/**
 * @param {RoomParts} room
 * @param {string} id of a lesson; empty for the class path
 */
export async function sheetPage(room, id) {
  const { course, lessonOf, figures, all, link, codeOf } = room;
  const ids = id === '' ? course.class.lessons : [id];
  const [lessons, draw] = await Promise.all([Promise.all(ids.map(lessonOf)), codeOf()]);
  const students = lessons.map((lesson) => studentSheet(room, lesson, draw));
  const sheets = element('div', { class: 'sheets' }, ...students);
  const status = element('p', { class: 'note', role: 'status' });
  const print = element('button', { type: 'button', class: 'primary' }, SHEET.print);
  print.addEventListener('click', () => globalThis.print());
  const answers = element('button', { type: 'button', 'aria-pressed': 'false' }, SHEET.answers);
  const say = (/** @type {string} */ words) => setWords(status, words);
  const isWanted = () => answers.getAttribute('aria-pressed') === 'true';
  answers.addEventListener('click', async () => {
    answers.setAttribute('aria-pressed', String(!isWanted()));
    sheets.replaceChildren(...students);
    if (!isWanted()) return;
    say(SHEET.running);
    try {
      const measured = await Promise.all(lessons.map((lesson) => figures(lesson.id)));
      if (isWanted()) sheets.append(...lessons.map((lesson, i) => teacherSheet(lesson, measured[i])));
      say('');
    } catch (error) {
      answers.setAttribute('aria-pressed', 'false');
      say(failureWords(error instanceof Error ? error.message : String(error)));
    }
  });
  return element(
    'div',
    { class: 'lessons sheet-page' },
    element(
      'div',
      { class: 'sheet-tools' },
      element('p', { class: 'lesson-place' }, id === '' ? all() : link(id, SHEET.back)),
      element('h2', { tabindex: -1 }, SHEET.title),
      element('p', {}, SHEET.intro),
      element('p', { class: 'room-tools' }, print, answers),
      status,
    ),
    sheets,
  );
}
