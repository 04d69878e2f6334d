// A lesson in front of a class: one step fills the window, keys lead from step to step and from lesson to lesson, the
// bets of the class are counted, and the time is told quietly.

import { storageOrNull } from '../../../shared/kept.js';
import { element, setWords } from '../../../ui/dom.js';
import { linkCode } from '../../../ui/link_code.js';
import { SHORTER } from '../../../words/own_lessons.js';
import { clockWords, pathWords, PRESENT, STEP_NAMES, stepWords } from '../../../words/room.js';
import { isPresented } from '../../../shared/places.js';
import { whyNoCode } from '../own/code.js';
import { AFTER_RUN, BEFORE_RUN, isBefore, stepBeside, stepReached, STEPS, stepsOf } from '../steps.js';
import { ClassBets } from './bets.js';
import { BetsView } from './bets_view.js';
import { ClassClock } from './clock.js';
import { FullScreen } from './full_screen.js';
import { actionOf, controlOf } from './keys.js';
import { lessonBeside, minutesOfPath, pathOf } from './path.js';

/** @import {Store} from '../../../app/state.js' */
/** @import {Step} from '../steps.js' */
/** @import {Attempt, Course} from '../types.d.ts' */
/** @import {Action} from './keys.js' */

/** The sizes in which a step is tried, the largest first, and by what factor all of it is smaller. @type {[string, number][]} */
const FITS = [
  ['large', 1],
  ['large', 0.9],
  ['middle', 1],
  ['middle', 0.9],
  ['small', 1],
  ['small', 0.9],
  ['small', 0.8],
];

/** How often the clock is looked at, ms: it shows whole minutes. */
const CLOCK_MS = 5000;

/**
 * @param {string} words
 * @param {() => void} onClick
 * @param {Record<string, string|boolean>} [attributes]
 */
function button(words, onClick, attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, words);
  made.addEventListener('click', onClick);
  return made;
}

export class Stage {
  #store;

  #openAt;

  #linkTo;

  #code;

  /** @type {Course|null} */
  #course = null;

  /** The lesson that is open. @type {Attempt|null} */
  #attempt = null;

  /** Where it is shown. @type {HTMLElement|null} */
  #article = null;

  /** What is said to be shown. @type {string} */
  #said = '';

  /** Whether the reason gives its place to what it rests on. */
  #rests = false;

  #bets;

  #clock;

  #full;

  /** The page's own is not seen there. */
  #title = element('h1', { class: 'visually-hidden' });

  #place = element('p', { class: 'stage-place' });

  #dots = element('ol', { class: 'stage-dots' });

  #time = button('', () => this.#hideClock(), { class: 'quiet stage-time' });

  #back = button('←', () => this.#go(-1), { 'aria-label': PRESENT.back, title: PRESENT.back });

  #next = button(PRESENT.next, () => this.#go(1), { class: 'primary' });

  /** Of the step that is shown and its room. */
  #sizes;

  #status = element('p', { class: 'visually-hidden', role: 'status' });

  #blank = element(
    'div',
    { class: 'stage-blank', hidden: true, role: 'status' },
    element('p', { class: 'visually-hidden' }, PRESENT.blank),
  );

  /**
   * @param {Store} store
   * @param {(lesson: string, step: string) => void} openAt presents a lesson from a step on
   * @param {(lesson: string) => string} linkTo its address for others
   */
  constructor(store, openAt, linkTo) {
    this.#store = store;
    this.#openAt = openAt;
    this.#linkTo = linkTo;
    this.#code = linkCode(() => linkTo(this.#attempt?.lesson.id ?? ''), SHORTER);
    const storage = storageOrNull('sessionStorage');
    this.#bets = new BetsView(new ClassBets(storage));
    this.#clock = new ClassClock(storage);
    this.#full = new FullScreen();
    const leave = button(PRESENT.leave, () => this.#leave(), { class: 'quiet', title: PRESENT.leaveHelp });
    this.bar = element(
      'section',
      { class: 'stage-bar', 'aria-label': PRESENT.bar },
      this.#title,
      this.#place,
      element('nav', { 'aria-label': PRESENT.steps }, this.#dots),
      this.#time,
      this.#code,
      this.#full.button,
      leave,
      this.#back,
      this.#next,
      this.#status,
      this.#blank,
    );
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.#blank.addEventListener('click', () => this.#cover(false));
    store.watch(['present', 'tab', 'room'], () => this.#render());
    this.#sizes = new ResizeObserver(() => this.#fit());
    setInterval(() => this.#tellTime(), CLOCK_MS);
  }

  /** @param {Course} course */
  follow(course) {
    this.#course = course;
  }

  /** What starts the presentation of a lesson. @param {string} lesson its id @param {string} words */
  startButton(lesson, words = PRESENT.start) {
    return button(words, () => this.#start(lesson), { class: 'stage-start', title: PRESENT.startHelp });
  }

  /**
   * A lesson has been opened; `update` shows it.
   * @param {Attempt} attempt
   * @param {HTMLElement} article where its steps are
   */
  open(attempt, article) {
    this.#attempt = attempt;
    this.#article = article;
    this.#said = '';
    this.#bets.open(attempt.lesson);
  }

  close() {
    this.#attempt = null;
    this.#article = null;
    // There is nothing to present.
    if (this.#store.state.present !== '') this.#store.change({ present: '' });
  }

  /** @param {Attempt} attempt */
  update(attempt) {
    this.#attempt = attempt;
    this.#render();
  }

  get #presented() {
    return this.#attempt !== null && isPresented(this.#store.state);
  }

  /** @param {string} lesson its id */
  #start(lesson) {
    this.#clock.restart();
    this.#openAt(lesson, STEPS[0]);
  }

  #leave() {
    this.#cover(false);
    this.#full.leave();
    this.#store.change({ present: '' });
    this.#heading('question')?.focus();
  }

  /**
   * To the step after or before the one that is shown, and beyond the first and the last to the lesson beside.
   * @param {1|-1} by
   */
  #go(by) {
    const attempt = this.#attempt;
    if (attempt === null || this.#course === null || attempt.stage === 'running') return;
    const { lesson } = attempt;
    const now = stepReached(attempt, this.#store.state.step);
    // The reason is said first; what it rests on is a press of its own.
    if (now === 'why' && this.#rests !== by > 0) {
      this.#rests = by > 0;
      this.#render();
      return;
    }
    const step = stepBeside(lesson, now, by);
    if (step !== null) {
      this.#store.change({ step });
      return;
    }
    const beside = lessonBeside(this.#course, lesson.id, by);
    if (beside !== null) this.#openAt(beside, by > 0 ? STEPS[0] : 'change');
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!this.#presented || event.defaultPrevented) return;
    if (!this.#blank.hidden) {
      event.preventDefault();
      this.#cover(false);
      return;
    }
    const action = actionOf(event, controlOf(document.activeElement));
    // A key that is held would run through the lesson.
    if (action === null || (event.repeat && action.do !== 'hand')) return;
    if (action.do === 'leave' && this.#full.isOn) return;
    event.preventDefault();
    this.#act(action);
  }

  /** @param {Action} action */
  #act(action) {
    if (action.do === 'hand') {
      if (this.#article?.dataset.step === BEFORE_RUN) this.#bets.add(action.answer, action.by);
    } else if (action.do === 'forward') this.#go(1);
    else if (action.do === 'back') this.#go(-1);
    else if (action.do === 'leave') this.#leave();
    else if (action.do === 'full') this.#full.toggle();
    else if (action.do === 'blank') this.#cover(true);
    else if (action.do === 'play') this.#play();
    else this.#hideClock();
  }

  /** Plays the pictures or stops them, where they are shown. */
  #play() {
    const button = this.#section('pictures')?.querySelector('.duo-play');
    if (button instanceof HTMLElement && this.#article?.dataset.step === 'pictures') button.click();
  }

  /** @param {boolean} covered */
  #cover(covered) {
    this.#blank.hidden = !covered;
  }

  #hideClock() {
    this.#clock.hide(!this.#clock.hidden);
    this.#tellTime();
  }

  #tellTime() {
    if (!this.#presented || this.#attempt === null || this.#course === null) return;
    const { id, minutes } = this.#attempt.lesson;
    const planned = { lesson: minutes ?? null, class: minutesOfPath(this.#course, id) };
    const { hidden } = this.#clock;
    setWords(this.#time, hidden ? PRESENT.showClock : clockWords(this.#clock.gone, planned));
    this.#time.title = hidden ? '' : PRESENT.clock;
  }

  /** @param {Step} step */
  #section(step) {
    return this.#article?.querySelector(`[data-step=${step}]`) ?? null;
  }

  /** Where focus goes on a step. @param {Step} step */
  #heading(step) {
    const place = step === BEFORE_RUN ? this.#bets.node : this.#section(step);
    const found = place?.querySelector('[tabindex="-1"]');
    return found instanceof HTMLElement ? found : null;
  }

  #render() {
    const attempt = this.#attempt;
    const presented = this.#presented;
    this.bar.hidden = !presented;
    if (!presented || attempt === null || this.#course === null) {
      this.#said = '';
      this.#sizes.disconnect();
      this.#bets.node.remove();
      this.#bets.outcome.remove();
      return;
    }
    const { lesson } = attempt;
    this.#clock.lesson(lesson.id);
    this.#tellTime();
    this.#placeBets();
    const path = pathOf(this.#course, lesson.id);
    setWords(this.#place, path.length > 1 ? pathWords(path.indexOf(lesson.id) + 1, path.length) : '');
    setWords(this.#title, lesson.title);
    this.#code.hidden = whyNoCode(lesson.id, this.#linkTo(lesson.id)) !== '';
    const step = stepReached(attempt, this.#store.state.step);
    if (step !== 'why') this.#rests = false;
    this.#article?.classList.toggle('rests', this.#rests);
    this.#dots.replaceChildren(...stepsOf(lesson).map((each) => this.#dot(each, step, attempt)));
    this.#lead(attempt, step);
    this.#say(lesson.id, stepsOf(lesson), step);
  }

  /** The bets stand where a person alone would choose, and beside what is right. */
  #placeBets() {
    const bet = this.#section(BEFORE_RUN);
    if (bet && this.#bets.node.parentElement !== bet) bet.prepend(this.#bets.node);
    const outcome = this.#section(AFTER_RUN)?.querySelector('.lesson-outcome');
    if (outcome && outcome.nextSibling !== this.#bets.outcome) outcome.after(this.#bets.outcome);
  }

  /**
   * @param {Step} step
   * @param {Step} now
   * @param {Attempt} attempt
   */
  #dot(step, now, { scenes, stage }) {
    const waits = scenes === null && (isBefore(AFTER_RUN, step) || stage === 'running');
    const words = STEP_NAMES[step];
    const dot = button('', () => this.#store.change({ step }), { disabled: waits, title: words });
    dot.append(element('span', { class: 'stage-name' }, words));
    if (step === now) dot.setAttribute('aria-current', 'step');
    return element('li', {}, dot);
  }

  /**
   * @param {Attempt} attempt
   * @param {Step} step
   */
  #lead({ lesson, scenes, stage }, step) {
    const course = /** @type {Course} */ (this.#course);
    const isFirst = step === STEPS[0] && lessonBeside(course, lesson.id, -1) === null;
    const isLast = stepBeside(lesson, step, 1) === null;
    const running = stage === 'running';
    this.#back.disabled = isFirst || running;
    this.#next.disabled = running || (isLast && lessonBeside(course, lesson.id, 1) === null);
    const words = isLast ? (this.#next.disabled && !running ? PRESENT.end : PRESENT.nextLesson) : PRESENT.next;
    const onward = step === 'why' && !this.#rests ? PRESENT.rests : words;
    setWords(this.#next, step === BEFORE_RUN && scenes === null ? PRESENT.reveal : onward);
  }

  /**
   * Says the step that has come, and takes the focus there.
   * @param {string} lesson its id
   * @param {Step[]} steps
   * @param {Step} step
   */
  #say(lesson, steps, step) {
    const now = `${lesson} ${step} ${this.#rests}`;
    if (now === this.#said) return;
    this.#said = now;
    const name = this.#rests ? PRESENT.rests : STEP_NAMES[step];
    setWords(this.#status, stepWords(steps.indexOf(step) + 1, steps.length, name));
    this.#heading(step)?.focus({ preventScroll: true });
    this.#article?.scrollTo(0, 0);
    this.#sizes.disconnect();
    for (const each of [this.#article, this.#section(step)]) if (each) this.#sizes.observe(each);
  }

  /** Takes the next smaller type where a step does not fit into the window, for a text that is long or a wall that is small. */
  #fit() {
    const article = this.#article;
    if (article === null || !this.#presented) return;
    for (const [size, factor] of FITS) {
      article.dataset.fit = size;
      article.style.setProperty('--fit', String(factor));
      if (article.scrollHeight <= article.clientHeight && article.scrollWidth <= article.clientWidth) return;
    }
  }
}
