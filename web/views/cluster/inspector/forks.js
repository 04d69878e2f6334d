// The road not taken: what really would have happened, beside what the trace claims.

import { element } from '../../../ui/dom.js';
import { differenceWords, FORKS, forkWords, regretIsNot, time, WHAT_IF } from '../../../words/inspector.js';

/** @import {Fork} from '../../../shared/types.d.ts' */

/**
 * What was and what would have been.
 * @typedef {object} World
 * @property {string} name
 * @property {number} ttftUs
 * @property {number} e2eUs
 * @property {number} ttftP99Ms
 */

/** The instances that a request did not go to, as buttons, and beside each what it would have meant. */
export class WhatIf {
  /** @type {Map<number, {button: HTMLButtonElement, answer: HTMLElement}>} */
  #chips = new Map();

  #onFork;

  #wasUs = NaN;

  /** @param {(instance: number) => void} onFork */
  constructor(onFork) {
    this.#onFork = onFork;
    this.question = element('p', { class: 'what-if-question', id: 'what-if-question' }, WHAT_IF.question);
    this.list = element('ul', { class: 'what-if-chips', 'aria-label': WHAT_IF.label, 'aria-live': 'polite' });
    this.was = element('p', { class: 'note' });
    this.root = element('div', { class: 'what-if', hidden: true }, this.question, this.list, this.was);
  }

  /**
   * Offers every instance but the one that the request went to, and those that had stopped.
   * @param {{instances: number, chosen: number, stopped: number[], ttftUs: number}|null} request null for none that was routed
   */
  show(request) {
    this.#chips.clear();
    this.root.hidden = request === null || request.instances - request.stopped.length < 2;
    this.list.replaceChildren();
    if (request === null) return;
    this.#wasUs = request.ttftUs;
    this.was.replaceChildren(WHAT_IF.asSimulated(request.chosen, request.ttftUs));
    const others = Array.from({ length: request.instances }, (_, at) => at).filter(
      (at) => at !== request.chosen && !request.stopped.includes(at),
    );
    this.list.append(...others.map((at) => this.#chip(at)));
  }

  /** @param {number} at */
  #chip(at) {
    const button = element('button', { type: 'button', class: 'chip', 'data-fork': at }, String(at));
    button.setAttribute('aria-label', WHAT_IF.chip(at));
    button.addEventListener('click', () => this.#onFork(at));
    const answer = element('span', { class: 'fork-answer' });
    this.#chips.set(at, { button, answer });
    return element('li', {}, button, answer);
  }

  /** @param {number} at */
  ask(at) {
    this.#chips.get(at)?.answer.replaceChildren(WHAT_IF.busy);
  }

  /**
   * @param {number} at
   * @param {Fork|null} fork null if it was given up
   */
  answer(at, fork) {
    const chip = this.#chips.get(at);
    if (chip === undefined) return;
    chip.answer.replaceChildren(fork === null ? '' : forkWords(this.#wasUs, fork.ttftUs));
    chip.button.setAttribute('aria-pressed', String(fork !== null));
  }
}

/**
 * All worlds so far, in a table.
 * @param {{instance: number, ttftUs: number, e2eUs: number, ttftP99Ms: number}} simulated
 * @param {Fork[]} forks
 * @param {{regret: number, unit: string}} claim
 */
export function forksView(simulated, forks, { regret, unit }) {
  const was = { ...simulated, name: FORKS.was(simulated.instance) };
  const row = (/** @type {World} */ world, /** @type {string} */ key) =>
    element(
      'tr',
      { 'data-world': key },
      element('th', { scope: 'row' }, world.name),
      element('td', {}, time(world.ttftUs)),
      element('td', {}, world === was ? '' : differenceWords(world.ttftUs - was.ttftUs)),
      element('td', {}, time(world.e2eUs)),
      element('td', {}, world === was ? '' : differenceWords(world.e2eUs - was.e2eUs)),
      element('td', {}, time(world.ttftP99Ms * 1000)),
      element('td', {}, world === was ? '' : differenceWords(Math.round((world.ttftP99Ms - was.ttftP99Ms) * 1000))),
    );
  const worlds = forks.map((fork) => row({ ...fork, name: FORKS.sent(fork.instance) }, String(fork.instance)));
  return [
    element(
      'div',
      { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': FORKS.label },
      element(
        'table',
        { class: 'forks' },
        element('thead', {}, element('tr', {}, ...FORKS.heads.map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, row(was, 'was'), ...worlds),
      ),
    ),
    element('p', { class: 'note' }, regretIsNot(regret, unit)),
  ];
}
