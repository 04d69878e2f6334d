// The tab of lessons: a list to choose from, and the lesson that is open. Which one is part of the address.

import { formatHash } from '../../address/url.js';
import { EngineFailure, RefusedSettings } from '../../engine/client.js';
import { simulatedBy, simulatedWords } from '../../settings/simulated.js';
import { isPresented } from '../../shared/places.js';
import { element } from '../../ui/dom.js';
import { lessonsMissing, noSuchLesson } from '../../words/lessons.js';
import { Attempts, isSameText } from './attempts.js';
import { courseLine, courseList, lessonAfter } from './course.js';
import { LessonView } from './lesson.js';
import { loadCourse, loadLesson } from './load.js';
import { OwnLessons } from './own/panel.js';
import { shelf } from './own/shelf.js';
import { Progress } from './progress.js';
import { linkTo, Room } from './room/room.js';
import { LessonRunner } from './runner.js';
import { FIRST_SEED, lessonSubject } from './scenes.js';
import { AFTER_RUN, BEFORE_RUN, isBefore, stepNamed, stepReached, stepsOf } from './steps.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Step} from './steps.js' */
/** @import {Attempt, Course, Lesson} from './types.d.ts' */

/** The next seeds of a lesson follow the first one; its claims are proven for that many. */
const SEEDS = 20;

/**
 * The address of a lesson alone, with what the link of the page asks for.
 * @param {string} id empty for the list
 * @param {{hide: string, lock: string}} rules
 */
const addressOf = (id, { hide, lock }) =>
  formatHash(
    [],
    [
      ['tab', 'lessons'],
      ['lesson', id],
      ['own', shelf.packed(id)],
      ['hide', hide],
      ['lock', lock],
    ],
  );

export class LessonsTab {
  #parent;

  #store;

  #runner;

  /** @type {Course} */
  #course = { lessons: [], class: { minutes: 0, lessons: [] } };

  #progress = new Progress();

  /** @type {Attempt|null} */
  #attempt = null;

  /** What was answered and uncovered before, beyond a reload. */
  #answers = new Attempts();

  /** The same with all figures, as long as the page is there. @type {Map<string, Attempt>} */
  #earlier = new Map();

  /** The step that is shown; null while no lesson is. @type {Step|null} */
  #shown = null;

  #view;

  #room;

  #own;

  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Pool} pool
   */
  constructor(parent, store, pool) {
    this.#parent = parent;
    this.#store = store;
    this.#runner = new LessonRunner(pool);
    this.#view = new LessonView(
      {
        onAnswer: (answer) => this.#change({ answer }),
        onRun: () => this.#reveal(),
        onStep: (step) => this.#store.change({ step }),
        onAgain: (seed) => this.#run((seed % SEEDS) + 1),
        onCancel: () => this.#cancel(),
        simulated: (attempt) => this.#simulated(attempt),
        link: (id, ...children) => this.#link(id, ...children),
        next: (id) => lessonAfter(this.#course, id),
      },
      pool,
    );
    this.#own = new OwnLessons(store, pool, { link: (id, text) => this.#link(id, text), address: linkTo });
    this.#room = new Room(store, pool, (id, step) => this.#openAt(id, step));
  }

  /** Loads the list and shows the lesson of the address. */
  async start() {
    try {
      this.#course = await loadCourse();
      this.#room.follow(this.#course);
    } catch (error) {
      this.#complain(error);
      return;
    }
    this.#store.watch(['lesson', 'room'], ({ lesson }) => this.#open(lesson, true));
    this.#store.watch(['tab'], () => this.#view.pictures.pause());
    this.#store.watch(['own'], ({ own, lesson }) => own !== '' && !shelf.holds(own) && this.#open(lesson, true));
    this.#store.watch(['step'], () => this.#followStep());
    this.#store.watch(['description'], () => this.#attempt && this.#view.tell(this.#attempt));
    await this.#open(this.#store.state.lesson, false);
  }

  /**
   * @param {string} id empty or unknown for the list
   * @param {boolean} byPerson whether the focus should follow
   */
  async #open(id, byPerson) {
    this.#runner.cancel();
    this.#attempt = null;
    this.#shown = null;
    this.#view.close();
    // It may have led to another lesson, which is then opened by that.
    if ((await this.#own.takeLink()) || this.#store.state.lesson !== id) return;
    const known = shelf.has(id) || this.#course.lessons.some((each) => each.id === id);
    // The address of a lesson that is none of ours carries it.
    if (this.#store.state.own !== shelf.packed(id)) this.#store.change({ own: shelf.packed(id) });
    const page = known || id === '' ? this.#room.page() : null;
    if (page !== null) {
      await this.#openRoom(page, byPerson);
      return;
    }
    if (!known) {
      this.#room.stage.close();
      this.#showList(id);
      return;
    }
    try {
      const lesson = await loadLesson(id);
      if (this.#store.state.lesson === id) this.#show(lesson, byPerson);
    } catch (error) {
      this.#complain(error);
    }
  }

  /**
   * Shows what the address has for teachers.
   * @param {Promise<HTMLElement>} page
   * @param {boolean} byPerson
   */
  async #openRoom(page, byPerson) {
    this.#room.stage.close();
    const { room, lesson } = this.#store.state;
    try {
      const node = await page;
      const { state } = this.#store;
      if (state.room !== room || state.lesson !== lesson) return;
      this.#parent.replaceChildren(node);
      if (byPerson) node.querySelector('h2')?.focus();
    } catch (error) {
      this.#complain(error);
    }
  }

  /**
   * Puts a lesson on the stage, where it stood when it was left.
   * @param {Lesson} lesson
   * @param {boolean} byPerson
   */
  #show(lesson, byPerson) {
    const kept = this.#answers.of(lesson);
    const earlier = this.#earlier.get(lesson.id);
    this.#attempt = (earlier && isSameText(earlier.lesson, lesson) ? earlier : null) ?? {
      lesson,
      answer: kept?.answer ?? null,
      stage: 'predict',
      finished: 0,
      seed: kept?.seed ?? FIRST_SEED,
      scenes: null,
      failure: null,
    };
    this.#view.open(lesson, this.#lineOf(lesson), this.#room.lessonTools(lesson.id));
    this.#parent.replaceChildren(this.#view.node, this.#room.stage.bar);
    this.#view.update(this.#attempt, null);
    this.#room.stage.open(this.#attempt, this.#view.node);
    const step = kept?.step ?? '';
    if (step === this.#store.state.step) this.#followStep();
    else this.#store.change({ step });
    if (byPerson && !isPresented(this.#store.state)) this.#view.heading.focus();
  }

  /**
   * Opens a lesson at a step, wherever it was left.
   * @param {string} lesson its id
   * @param {string} step
   */
  #openAt(lesson, step) {
    this.#answers.goTo(lesson, step, FIRST_SEED);
    this.#store.change({ present: '1', room: '', ...(lesson === this.#store.state.lesson ? { step } : { lesson }) });
  }

  /** Where a lesson is in the course, if it is one of it. @param {Lesson} lesson */
  #lineOf({ id }) {
    const isOfCourse = this.#course.lessons.some((each) => each.id === id);
    return isOfCourse ? courseLine(this.#parts, id) : this.#own.line(id);
  }

  get #parts() {
    const link = (/** @type {string} */ id, /** @type {(Node|string)[]} */ ...children) => this.#link(id, ...children);
    return { course: this.#course, progress: this.#progress, link };
  }

  /** Shows the step of the page's state; what only runs can show is run for first. */
  #followStep() {
    const attempt = this.#attempt;
    if (attempt === null) return;
    const { lesson, stage, scenes, seed } = attempt;
    const wanted = this.#store.state.step;
    const step = stepReached(attempt, wanted);
    const from = this.#shown;
    this.#shown = step;
    if (step !== from) this.#view.goTo(lesson, step, from);
    this.#room.stage.update(attempt);
    this.#keep(attempt);
    if (isBefore(BEFORE_RUN, step) && !isPresented(this.#store.state)) this.#tick(attempt);
    // What had been uncovered before a reload is so again: the same seed gives the same figures.
    if (scenes === null && stage === 'predict' && isBefore(BEFORE_RUN, stepNamed(lesson, wanted))) this.#run(seed);
  }

  /** Ticks a lesson off that was bet on and revealed. @param {Attempt} attempt */
  #tick({ lesson, answer }) {
    if (answer === null || this.#progress.of(lesson.id) !== null) return;
    this.#progress.keep(lesson.id, lesson.answers[answer].right ? 'right' : 'wrong');
    this.#view.showAbove(this.#lineOf(lesson));
  }

  /** Runs the lesson, and shows what happens: with its pictures, where it has some. */
  #reveal() {
    if (this.#attempt === null) return;
    const step = stepsOf(this.#attempt.lesson).includes('pictures') ? 'pictures' : AFTER_RUN;
    this.#store.change({ step });
  }

  /** @param {Attempt} attempt */
  #simulated({ lesson, seed }) {
    const { description } = this.#store.state;
    const { subject, varied } = lessonSubject(lesson, seed);
    return description === null ? [] : [simulatedWords(simulatedBy(subject, description, varied))];
  }

  /** @param {unknown} error */
  #complain(error) {
    const message = error instanceof Error ? error.message : String(error);
    this.#parent.replaceChildren(element('p', { class: 'error', role: 'alert' }, lessonsMissing(message)));
  }

  /** @param {string} id of the lesson in the address */
  #showList(id) {
    const forget = () => {
      this.#progress.forget();
      this.#showList('');
      this.#parent.querySelector('h2')?.focus();
    };
    const wrong = id === '' ? this.#own.takeRefusal() : [element('p', { class: 'error' }, noSuchLesson(id))];
    this.#parent.replaceChildren(courseList(this.#parts, wrong, this.#room.courseTools(), forget));
    this.#parent.firstElementChild?.append(this.#own.part(this.#course.lessons));
  }

  /**
   * @param {string} id empty for the list
   * @param {...(Node|string)} children
   */
  #link(id, ...children) {
    const link = element('a', { href: addressOf(id, this.#store.state) }, ...children);
    link.addEventListener('click', (event) => {
      // Elsewhere the link stands for itself; here it keeps the settings of the other views.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#store.change({ lesson: id, room: '' });
    });
    return link;
  }

  /** @param {Partial<Attempt>} part */
  #change(part) {
    if (this.#attempt === null) return;
    const before = this.#attempt;
    const attempt = { ...before, ...part };
    this.#attempt = attempt;
    this.#view.update(attempt, before);
    this.#room.stage.update(attempt);
    if (attempt.stage === 'running') return;
    this.#earlier.set(attempt.lesson.id, attempt);
    if (attempt.scenes !== before.scenes) this.#followStep();
    else this.#keep(attempt);
  }

  /** @param {Attempt} attempt */
  #keep({ lesson, answer, seed }) {
    this.#answers.keep(lesson, { answer, seed, step: this.#store.state.step });
  }

  /** @param {number} seed */
  async #run(seed) {
    const attempt = this.#attempt;
    if (attempt === null) return;
    this.#change({ stage: 'running', finished: 0, failure: null });
    try {
      const scenes = await this.#runner.run(attempt.lesson, seed, (finished) => this.#change({ finished }));
      if (scenes !== null) this.#change({ stage: 'revealed', scenes, seed });
    } catch (error) {
      if (!(error instanceof RefusedSettings || error instanceof EngineFailure)) throw error;
      this.#change({ stage: attempt.scenes ? 'revealed' : 'predict', failure: error.message });
      this.#backToBet();
    }
  }

  #cancel() {
    this.#runner.cancel();
    this.#change({ stage: this.#attempt?.scenes ? 'revealed' : 'predict' });
    this.#backToBet();
  }

  /** Without figures there is nothing to show beyond it. */
  #backToBet() {
    if (this.#attempt?.scenes === null) this.#store.change({ step: BEFORE_RUN });
  }
}
