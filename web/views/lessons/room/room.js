// What the lessons have for a class: the presentation, the teacher's page and the worksheets, and the ways to them.

import { formatHash } from '../../../address/url.js';
import { element } from '../../../ui/dom.js';
import { LIST } from '../../../words/lessons.js';
import { GUIDE, PRESENT, SHEET } from '../../../words/room.js';
import { CODE } from '../../../words/share.js';
import { loadFormat, loadLesson } from '../load.js';
import { lessonCode } from '../own/code.js';
import { shelf } from '../own/shelf.js';
import { LessonRunner } from '../runner.js';
import { FIRST_SEED } from '../scenes.js';
import { roomPage } from './pages.js';
import { Stage } from './stage.js';

/** @import {Store} from '../../../app/state.js' */
/** @import {Pool} from '../../../engine/pool.js' */
/** @import {Course, Lesson, SceneFigures} from '../types.d.ts' */
/** @import {RoomParts} from './pages.js' */

/** @import {Pair} from '../../../shared/types.d.ts' */

/**
 * The address of something of the lessons.
 * @param {{lesson?: string, room?: string, hide?: string, lock?: string}} parts
 */
const hashOf = ({ lesson = '', room = '', hide = '', lock = '' }) =>
  formatHash(
    [],
    /** @type {Pair[]} */ (Object.entries({ tab: 'lessons', lesson, room, own: shelf.packed(lesson), hide, lock })),
  );

/** The address of a lesson for others. @param {string} lesson its id */
export const linkTo = (lesson) => location.href.split('#')[0] + hashOf({ lesson });

/** What draws codes for phones; like the dialog that shows one it comes when it is wanted. */
const loadCode = async () => {
  const { codeOf, codePicture } = await import('../../../ui/qr.js');
  return (/** @type {string} */ link) => {
    const code = codeOf(link);
    return code === null ? null : codePicture(code, CODE.picture);
  };
};

export class Room {
  #store;

  #pool;

  /** @type {Course|null} */
  #course = null;

  /** Under way or done, by lesson. @type {Map<string, Promise<SceneFigures>>} */
  #figures = new Map();

  /**
   * @param {Store} store
   * @param {Pool} pool
   * @param {(lesson: string, step: string) => void} openAt presents a lesson from a step on
   */
  constructor(store, pool, openAt) {
    this.#store = store;
    this.#pool = pool;
    this.stage = new Stage(store, openAt, linkTo);
  }

  /** @param {Course} course */
  follow(course) {
    this.#course = course;
    this.stage.follow(course);
  }

  /** The ways from a lesson into the room. @param {string} lesson its id */
  lessonTools(lesson) {
    return element(
      'div',
      { class: 'lesson-tools' },
      this.stage.startButton(lesson),
      lessonCode(lesson, linkTo),
      this.#way({ lesson, room: 'sheet' }, SHEET.link),
    );
  }

  /** The ways from the list of lessons into the room. */
  courseTools() {
    const path = this.#course?.class.lessons ?? [];
    return element(
      'p',
      { class: 'room-tools' },
      this.stage.startButton(path[0], PRESENT.startPath),
      this.#way({ room: 'guide' }, GUIDE.link),
      this.#way({ room: 'sheet' }, SHEET.pathLink),
    );
  }

  /** The page of the address; null if it is a lesson or the list of them. */
  page() {
    const { room, lesson } = this.#store.state;
    return this.#course === null ? null : roomPage(room, lesson, this.#parts(this.#course));
  }

  /**
   * @param {Course} course
   * @returns {RoomParts}
   */
  #parts(course) {
    return {
      course,
      lessonOf: loadLesson,
      figures: (id) => this.#figuresOf(id),
      format: loadFormat,
      link: (lesson, words) => this.#way({ lesson }, words),
      sheetLink: (lesson, words) => this.#way({ lesson, room: 'sheet' }, words),
      start: (id, words) => this.stage.startButton(id, words),
      all: () => this.#way({}, LIST.all),
      address: linkTo,
      codeOf: loadCode,
    };
  }

  /**
   * @param {{lesson?: string, room?: string}} to
   * @param {string} words
   */
  #way({ lesson = '', room = '' }, words) {
    const { hide, lock } = this.#store.state;
    const link = element('a', { href: hashOf({ lesson, room, hide, lock }) }, words);
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#store.change({ lesson, room, present: '' });
    });
    return link;
  }

  /**
   * @param {string} id of a lesson
   * @returns {Promise<SceneFigures>}
   */
  #figuresOf(id) {
    const known = this.#figures.get(id);
    if (known) return known;
    const run = this.#run(id);
    // A lesson of one's own may come again with the same name and other runs.
    if (!this.#course?.lessons.some((each) => each.id === id)) return run;
    this.#figures.set(id, run);
    // What has failed is tried again.
    run.catch(() => this.#figures.delete(id));
    return run;
  }

  /** @param {string} id */
  async #run(id) {
    const lesson = await loadLesson(id);
    // Each has a runner of its own: one gives up what it ran before.
    const figures = await new LessonRunner(this.#pool).run(lesson, FIRST_SEED, () => {});
    return /** @type {SceneFigures} */ (figures);
  }
}
