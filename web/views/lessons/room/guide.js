// The teacher's page: how to run a class from the lessons, what to say in each, and how to write one's own.

import { element, setWords } from '../../../ui/dom.js';
import {
  answerLetter,
  GUIDE,
  GUIDE_KEYS,
  GUIDE_STEPS,
  GUIDE_STUDENTS,
  pathTimeWords,
  PRESENT,
  SHEET,
} from '../../../words/room.js';
import { failureWords } from '../../../words/lessons.js';
import { fill } from '../fill.js';
import { blockNodes } from './blocks.js';

/** @import {Course, Lesson, TeacherNotes} from '../types.d.ts' */
/** @import {RoomParts} from './pages.js' */

/** Why there are no figures. @param {unknown} error */
const reasonOf = (error) => failureWords(error instanceof Error ? error.message : String(error));

/** @param {string} words @param {...(Node|null)} parts */
const part = (words, ...parts) => element('section', { class: 'guide-part' }, element('h3', {}, words), ...parts);

/** @param {[string, string][]} items each with what it is about */
const terms = (items) => items.flatMap(([term, words]) => [element('dt', {}, term), element('dd', {}, words)]);

/**
 * The lessons of the class path, with the minute at which each begins.
 * @param {RoomParts} room
 */
function pathPart({ course, link, start, sheetLink }) {
  const { minutes: all, lessons } = course.class;
  const entries = lessons.flatMap((id) => course.lessons.filter((each) => each.id === id));
  let from = 0;
  const rows = entries.map(({ id, title, minutes }) => {
    const begins = from;
    from += minutes;
    return element(
      'tr',
      {},
      element('td', { class: 'guide-number' }, String(begins)),
      element('th', { scope: 'row' }, link(id, title)),
      element('td', { class: 'guide-number' }, String(minutes)),
      element('td', {}, start(id, GUIDE.present)),
      element('td', {}, sheetLink(id, GUIDE.worksheet)),
    );
  });
  const heads = [GUIDE.from, GUIDE.lesson, GUIDE.minutes].map((words) => element('th', { scope: 'col' }, words));
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...heads, element('td', { colspan: 2 }))),
    element('tbody', {}, ...rows),
  );
  return part(
    GUIDE.path,
    element('p', {}, pathTimeWords(entries.length, from, all)),
    element('div', { class: 'guide-table', tabindex: 0, role: 'region', 'aria-label': GUIDE.path }, table),
    element('p', { class: 'room-tools' }, start(lessons[0], PRESENT.startPath), sheetLink('', SHEET.pathLink)),
  );
}

function keysPart() {
  const rows = GUIDE_KEYS.map(([keys, does]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, ...keys.map((key) => element('kbd', {}, key))),
      element('td', {}, does),
    ),
  );
  const heads = [GUIDE.key, GUIDE.does].map((words) => element('th', { scope: 'col' }, words));
  const table = element(
    'table',
    { class: 'guide-keys' },
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
  return part(GUIDE.keys, table, element('p', { class: 'note' }, GUIDE.clicker));
}

/**
 * The notes of a lesson with its right answer and what happens; what needs figures is run for when they are looked at.
 * @param {RoomParts} room
 * @param {Lesson} lesson
 * @param {boolean} open
 */
function notesOf({ figures, link }, { id, title, teacher, answers, reveal }, open) {
  if (!teacher) return null;
  const { before, bets, after } = teacher;
  const last = element('dd', {}, after.includes('{{') ? GUIDE.running : after);
  const happens = element('dd', { class: 'guide-reveal' }, GUIDE.running);
  const right = answers.findIndex((each) => each.right);
  const fold = element(
    'details',
    { class: 'guide-notes', open },
    element('summary', {}, title),
    element(
      'dl',
      {},
      ...terms([
        [GUIDE.before, before],
        [GUIDE.bets, bets],
        [SHEET.right, `${answerLetter(right)}: ${answers[right].text}`],
      ]),
      element('dt', {}, SHEET.happens),
      happens,
      element('dt', {}, GUIDE.after),
      last,
    ),
    element('p', {}, link(id, GUIDE.open)),
  );
  fold.addEventListener(
    'toggle',
    async () => {
      try {
        const scenes = await figures(id);
        setWords(happens, fill(reveal, scenes));
        setWords(last, fill(after, scenes));
      } catch (error) {
        setWords(happens, reasonOf(error));
      }
    },
    { once: true },
  );
  return fold;
}

/**
 * @param {RoomParts} room
 * @returns {Promise<HTMLElement>}
 */
export async function guidePage(room) {
  const { course, lessonOf, format, all } = room;
  const [blocks, lessons] = await Promise.all([format(), Promise.all(course.lessons.map(({ id }) => lessonOf(id)))]);
  // Those of the path as they are taught, open for reading and printing; the others below.
  const { lessons: path } = course.class;
  const ofPath = path
    .flatMap((id) => lessons.filter((each) => each.id === id))
    .map((each) => notesOf(room, each, true));
  const others = lessons.filter(({ id }) => !path.includes(id)).map((each) => notesOf(room, each, false));
  const print = element('button', { type: 'button' }, GUIDE.print);
  print.addEventListener('click', () => globalThis.print());
  return element(
    'article',
    { class: 'lessons guide' },
    element('p', { class: 'lesson-place' }, all()),
    element('h2', { tabindex: -1 }, GUIDE.title),
    element('p', { class: 'guide-intro' }, GUIDE.intro),
    pathPart(room),
    part(
      GUIDE.notes,
      element('p', {}, GUIDE.notesIntro),
      element('p', { class: 'room-tools' }, print),
      ...ofPath,
      element('h4', {}, GUIDE.others),
      ...others,
    ),
    part(GUIDE.goes, element('dl', { class: 'guide-terms' }, ...terms(GUIDE_STEPS))),
    keysPart(),
    part(GUIDE.students, element('dl', { class: 'guide-terms' }, ...terms(GUIDE_STUDENTS))),
    part(
      GUIDE.own,
      element('p', {}, GUIDE.ownIntro),
      element(
        'details',
        { class: 'guide-format' },
        element('summary', {}, GUIDE.format),
        ...blockNodes(blocks, GUIDE.format),
      ),
    ),
  );
}
