// The bets of the class on the screen: counted on the step of the bet, and beside the answers once these are known.

import { element, setWords } from '../../../ui/dom.js';
import { LESSON } from '../../../words/lessons.js';
import {
  answerLetter,
  BETS,
  handsWords,
  oneLessWords,
  oneMoreWords,
  rightWords,
  totalWords,
} from '../../../words/room.js';
import { readCount, sharesOf, totalOf, withHands } from './bets.js';

/** @import {Lesson} from '../types.d.ts' */
/** @import {Bets, ClassBets} from './bets.js' */

/** @param {number} index */
const letterMark = (index) => element('span', { class: 'class-letter', 'aria-hidden': 'true' }, answerLetter(index));

/**
 * A bar of the length of a share.
 * @param {number} share
 */
function bar(share) {
  const fill = element('span', { class: 'class-fill' });
  fill.style.setProperty('--share', String(share));
  return element('span', { class: 'class-bar', 'aria-hidden': 'true' }, fill);
}

export class BetsView {
  #bets;

  /** @type {Lesson|null} */
  #lesson = null;

  /** @type {HTMLInputElement[]} by answer */
  #fields = [];

  /** @type {HTMLElement[]} by answer */
  #bars = [];

  /** What the field that is typed into held before. */
  #before = 0;

  #error = element('p', { class: 'error', id: 'class-error', role: 'alert' });

  #total = element('p', { class: 'class-total', role: 'status' });

  #toggle = element('button', { type: 'button', 'aria-pressed': 'false' });

  /** @param {ClassBets} bets */
  constructor(bets) {
    this.#bets = bets;
    this.node = element('section', { class: 'class-bets', 'aria-label': BETS.region });
    /** What was bet, beside what is right; goes into the step that reveals it. */
    this.outcome = element('div', { class: 'class-outcome' });
    this.#toggle.addEventListener('click', () => {
      const { counts, bars } = this.#now;
      this.#keep({ counts, bars: !bars });
    });
  }

  /** @param {Lesson} lesson */
  open(lesson) {
    this.#lesson = lesson;
    this.#fields = lesson.answers.map((_answer, index) => this.#field(index));
    this.#bars = lesson.answers.map(() => element('div', { class: 'class-bar-place' }));
    const items = lesson.answers.map(({ text }, index) =>
      element('li', {}, letterMark(index), element('p', {}, text), this.#hands(index), this.#bars[index]),
    );
    const clear = element('button', { type: 'button', class: 'quiet' }, BETS.clear);
    clear.addEventListener('click', () => this.#keep({ counts: lesson.answers.map(() => 0), bars: false }));
    this.node.replaceChildren(
      element('h3', { tabindex: -1 }, LESSON.expect),
      element('ol', { class: 'class-answers' }, ...items),
      this.#error,
      element('div', { class: 'class-tools' }, this.#total, this.#toggle, clear),
      element('p', { class: 'note class-keys' }, BETS.keys),
    );
    this.#show();
  }

  /**
   * A hand more or less for an answer.
   * @param {number} answer its index
   * @param {number} by
   */
  add(answer, by) {
    const { counts, bars } = this.#now;
    if (answer < counts.length) this.#keep({ counts: withHands(counts, answer, by), bars });
  }

  /** @returns {Bets} */
  get #now() {
    const { id, answers } = /** @type {Lesson} */ (this.#lesson);
    return this.#bets.of(id, answers.length);
  }

  /**
   * @param {Bets} bets
   * @param {number|null} [wrong] index of the answer whose field holds no number of hands
   */
  #keep(bets, wrong = null) {
    this.#bets.keep(/** @type {Lesson} */ (this.#lesson).id, bets);
    this.#show(wrong);
  }

  /** @param {number} index of the answer */
  #field(index) {
    const words = handsWords(answerLetter(index));
    const field = element('input', {
      inputmode: 'numeric',
      autocomplete: 'off',
      'aria-label': words,
      'aria-describedby': 'class-error',
    });
    field.addEventListener('focus', () => {
      this.#before = this.#now.counts[index];
      field.select();
    });
    field.addEventListener('input', () => this.#typed(index));
    field.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowUp') this.add(index, 1);
      else if (key === 'ArrowDown') this.add(index, -1);
    });
    return field;
  }

  /** @param {number} index of the answer */
  #typed(index) {
    const value = readCount(this.#fields[index].value);
    const { counts, bars } = this.#now;
    // What was typed on the way to a wrong value is none of it.
    const now = value ?? this.#before;
    this.#keep({ counts: counts.map((each, i) => (i === index ? now : each)), bars }, value === null ? index : null);
  }

  /** @param {number} index of the answer */
  #hands(index) {
    const letter = answerLetter(index);
    const step = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {number} */ by) => {
      const button = element('button', { type: 'button', 'aria-label': words }, sign);
      button.addEventListener('click', () => this.add(index, by));
      return button;
    };
    return element(
      'div',
      { class: 'class-hands' },
      step('−', oneLessWords(letter), -1),
      this.#fields[index],
      step('+', oneMoreWords(letter), 1),
    );
  }

  /**
   * Shows what has been counted, here and beside what is right.
   * @param {number|null} [wrong] index of the answer whose field is left as it is
   */
  #show(wrong = null) {
    setWords(this.#error, wrong === null ? '' : BETS.wrong);
    const { counts, bars } = this.#now;
    const shares = sharesOf(counts);
    counts.forEach((value, index) => {
      const field = this.#fields[index];
      // What is being typed is left as it is.
      if (index !== wrong && readCount(field.value) !== value) field.value = String(value);
      field.setAttribute('aria-invalid', String(index === wrong));
      this.#bars[index].replaceChildren(...(bars ? [bar(shares[index])] : []));
    });
    setWords(this.#total, totalWords(totalOf(counts)));
    setWords(this.#toggle, bars ? BETS.hideBars : BETS.showBars);
    this.#toggle.setAttribute('aria-pressed', String(bars));
    this.#showOutcome(counts, shares);
  }

  /**
   * @param {number[]} counts
   * @param {number[]} shares
   */
  #showOutcome(counts, shares) {
    const { answers } = /** @type {Lesson} */ (this.#lesson);
    const total = totalOf(counts);
    const items = answers.map(({ text, right }, index) =>
      element(
        'li',
        { class: right ? 'right' : 'wrong' },
        letterMark(index),
        element('p', {}, right ? element('strong', { class: 'class-right' }, BETS.right) : null, text),
        ...(total === 0
          ? []
          : [
              bar(shares[index]),
              element(
                'span',
                { class: 'class-count' },
                String(counts[index]),
                element('span', { class: 'visually-hidden' }, ` ${BETS.bets}`),
              ),
            ]),
      ),
    );
    const right = answers.findIndex((each) => each.right);
    const score = rightWords(counts[right] ?? 0, total);
    this.outcome.replaceChildren(
      element('ol', { class: 'class-answers' }, ...items),
      ...(score === '' ? [] : [element('p', { class: 'class-score' }, score)]),
    );
  }
}
