// A conversation as one line of turns: a drawing to scale, and a button for every turn.

import { element, setWords, svgElement } from '../../../ui/dom.js';
import { conversationWords, TURNS, turnWords, UNANSWERED } from '../../../words/turns.js';
import { contextFound, conversationOf } from './turns.js';

/** @import {Lives} from '../../../shared/types.d.ts' */
/** @import {Conversation, Turn} from './turns.js' */

/** Width and height of the drawing in its own units; it is stretched to its place. */
const [WIDTH, HEIGHT] = [1000, 34];

/** A turn that took any time is at least so wide. */
const MIN_WIDTH = 2;

/** Shapes of instances, in a square from -1 to 1, in the order in which they served the conversation; further ones share them. */
const SHAPES = [
  'M-.8 0A.8 .8 0 1 1 .8 0A.8 .8 0 1 1 -.8 0Z',
  'M-.75 -.75H.75V.75H-.75Z',
  'M0 -.9L.95 .75H-.95Z',
  'M0 -1L1 0L0 1L-1 0Z',
  'M-.9 -.3H-.3V-.9H.3V-.3H.9V.3H.3V.9H-.3V.3H-.9Z',
  'M-.95 -.75H.95L0 .9Z',
];

/** @param {number} place of an instance among those of the conversation */
const kindOf = (place) => place % SHAPES.length;

/** @param {Conversation} conversation @param {Turn} turn */
const placeOf = ({ instances }, { instance }) => (instance === null ? -1 : instances.indexOf(instance));

/** The mark of an instance. @param {number} place */
function shape(place) {
  const attributes = { class: 'turn-shape', viewBox: '-1.1 -1.1 2.2 2.2', 'aria-hidden': 'true' };
  return svgElement('svg', attributes, svgElement('path', { d: SHAPES[kindOf(place)], fill: 'currentColor' }));
}

/**
 * @param {Conversation} conversation
 * @param {number} request the chosen one
 */
function drawing(conversation, request) {
  const { fromUs, toUs, turns } = conversation;
  const x = (/** @type {number} */ us) => (WIDTH * (us - fromUs)) / Math.max(toUs - fromUs, 1);
  const bar = (
    /** @type {number} */ from,
    /** @type {number} */ to,
    /** @type {Record<string, string|number>} */ more,
  ) => {
    const width = Math.max(x(to) - x(from), MIN_WIDTH);
    return svgElement('rect', { x: Math.min(x(from), WIDTH - width), width, ...more });
  };
  const parts = turns.flatMap((turn, i) => {
    const place = placeOf(conversation, turn);
    const before = turns[i - 1];
    const instance = place < 0 ? 'turn-nowhere' : `turn-instance-${kindOf(place)}`;
    return [
      ...(turn.request === request
        ? [bar(turn.fromUs, turn.toUs, { class: 'turn-chosen', y: 0, height: HEIGHT })]
        : []),
      ...(before && turn.fromUs > before.toUs
        ? [bar(before.toUs, turn.fromUs, { class: 'turn-thinking', y: 14, height: 2 })]
        : []),
      ...turn.stretches.map(({ state, fromUs: from, toUs: to }) =>
        bar(from, to, {
          class: `life-bar state-${state}`,
          y: state === 'waiting' ? 10 : 6,
          height: state === 'waiting' ? 10 : 18,
          fill: state === 'prefill' ? 'url(#turn-hatch)' : 'currentColor',
        }),
      ),
      bar(turn.fromUs, turn.toUs, { class: instance, y: 27, height: 5, fill: 'currentColor' }),
      ...(UNANSWERED[turn.state]
        ? [bar(turn.toUs, turn.toUs, { class: 'turn-unanswered', y: 1, height: 32, fill: 'currentColor' })]
        : []),
    ];
  });
  const stripes = svgElement('path', {
    class: 'state-prefill',
    stroke: 'currentColor',
    'stroke-width': 3,
    d: 'M0 0V7',
  });
  const pattern = { id: 'turn-hatch', width: 6, height: 7, patternUnits: 'userSpaceOnUse' };
  return svgElement(
    'svg',
    { class: 'turn-line', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svgElement('defs', {}, svgElement('pattern', { ...pattern, patternTransform: 'rotate(35)' }, stripes)),
    ...parts,
  );
}

/** Bars of a state, or marks of a context, beside what they mean. */
function legend() {
  const { legend: words } = TURNS;
  const entry = (/** @type {string} */ kind, /** @type {string} */ says) =>
    element('li', {}, element('span', { class: kind, 'aria-hidden': 'true' }), says);
  return element(
    'ul',
    { class: 'turn-legend', 'aria-hidden': 'true' },
    .../** @type {const} */ (['waiting', 'prefill', 'decode']).map((state) =>
      entry(`turn-key state-${state} key-${state}`, words[state]),
    ),
    entry('turn-key key-thinking', words.thinking),
    .../** @type {const} */ (['cached', 'part', 'recomputed']).map((found) =>
      entry(`turn-found found-${found}`, words[found]),
    ),
    element('li', {}, element('span', { class: 'turn-unanswered' }, TURNS.unanswered), words.unanswered),
  );
}

export class TurnLine {
  #onChoose;

  /** What is drawn. @type {Conversation|null} */
  #shown = null;

  #block = 1;

  #sentence = element('p', { class: 'turn-sentence', id: 'turn-sentence' });

  #line = element('div', { class: 'turn-drawing' });

  #buttons = element('div', { class: 'turn-buttons', role: 'group', 'aria-label': TURNS.label });

  root = element(
    'div',
    { class: 'turns', id: 'inspect-turns', hidden: true },
    this.#sentence,
    this.#line,
    this.#buttons,
    legend(),
  );

  /** @param {(request: number) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.#line.addEventListener('click', ({ clientX }) => this.#pressed(clientX));
    this.#buttons.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /**
   * @param {Lives|null} lives
   * @param {number} request
   * @param {number} runEndUs
   * @param {number} block tokens
   */
  show(lives, request, runEndUs, block) {
    const conversation = lives === null ? null : conversationOf(lives, request, runEndUs);
    const focused = this.#buttons.contains(document.activeElement);
    this.root.hidden = conversation === null;
    this.#shown = conversation;
    this.#block = block;
    if (conversation === null) return;
    const { turns, turnCount } = conversation;
    const more = turns.length < turnCount ? ` ${TURNS.longer(turnCount, turns.length)}` : '';
    setWords(this.#sentence, conversationWords(conversation) + more);
    this.#line.replaceChildren(drawing(conversation, request));
    this.#buttons.replaceChildren(...turns.map((turn) => this.#button(conversation, turn, request)));
    if (focused) this.#focus(request);
  }

  /**
   * @param {Conversation} conversation
   * @param {Turn} turn
   * @param {number} request
   */
  #button(conversation, turn, request) {
    const found = contextFound(turn, this.#block);
    const place = placeOf(conversation, turn);
    const words = turnWords({ ...turn, found });
    const chosen = turn.request === request;
    const where = turn.instance === null ? TURNS.noInstance : TURNS.instance(turn.instance);
    const button = element(
      'button',
      {
        type: 'button',
        class: 'turn',
        'data-request': turn.request,
        'data-found': found,
        'data-state': turn.state,
        'aria-current': chosen ? 'true' : null,
        'aria-label': words,
        title: words,
        tabindex: chosen ? 0 : -1,
      },
      element('span', { class: 'turn-number' }, String(turn.round + 1)),
      element(
        'span',
        { class: place < 0 ? 'turn-nowhere' : `turn-where turn-instance-${kindOf(place)}` },
        place < 0 ? null : shape(place),
        where,
      ),
      UNANSWERED[turn.state]
        ? element('span', { class: 'turn-unanswered' }, TURNS.unanswered)
        : element('span', { class: `turn-found found-${found}` }),
    );
    button.addEventListener('click', () => this.#onChoose(turn.request));
    return button;
  }

  /** The turn nearest to where the drawing was pressed. @param {number} clientX */
  #pressed(clientX) {
    if (this.#shown === null) return;
    const { left, width } = this.#line.getBoundingClientRect();
    const { fromUs, toUs, turns } = this.#shown;
    const us = fromUs + ((clientX - left) / Math.max(width, 1)) * (toUs - fromUs);
    const distance = (/** @type {Turn} */ turn) => Math.max(turn.fromUs - us, us - turn.toUs, 0);
    this.#onChoose(turns.reduce((a, b) => (distance(b) < distance(a) ? b : a)).request);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const turns = this.#shown?.turns ?? [];
    const at = turns.findIndex(
      ({ request }) => request === Number(/** @type {HTMLElement} */ (event.target).dataset.request),
    );
    const last = turns.length - 1;
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last };
    const next = /** @type {Record<string, number>} */ (steps)[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const { request } = turns[Math.min(Math.max(next, 0), last)];
    this.#focus(request);
    this.#onChoose(request);
  }

  /** @param {number} request */
  #focus(request) {
    /** @type {HTMLElement|null} */
    const button = this.#buttons.querySelector(`[data-request="${request}"]`);
    button?.focus({ preventScroll: true });
  }
}
