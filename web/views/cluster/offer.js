// What stands where the picture is not: why, and what to do about it.

import { costWords } from '../../shared/costs.js';
import { ActionButton } from '../../ui/action.js';
import { element, setWords } from '../../ui/dom.js';
import { OFFER } from '../../words/cluster.js';

/** @import {Estimate} from '../../shared/types.d.ts' */

/**
 * @typedef {object} Situation
 * @property {boolean} none whether there is no run
 * @property {Estimate|null} offered of a run whose picture has to be asked for
 * @property {boolean} stopped whether its picture was given up
 * @property {boolean} opening whether a picture is on its way
 */

export class Offer {
  #words = element('p', { class: 'cluster-words', role: 'status' });

  #action;

  /** @param {() => void} onAct */
  constructor(onAct) {
    this.#action = new ActionButton('cluster-action', onAct);
    this.root = element('div', { class: 'cluster-offer' }, this.#words, this.#action.root);
  }

  /** @param {Situation} situation */
  show(situation) {
    const { offered, opening } = situation;
    setWords(this.#words, wordsFor(situation));
    const action = offered !== null ? OFFER.show : opening ? OFFER.stop : '';
    this.#action.show(action, { soon: offered === null });
  }
}

/** @param {Situation} situation */
function wordsFor({ none, offered, stopped, opening }) {
  if (none) return OFFER.none;
  if (offered === null) return opening ? OFFER.opening : '';
  return stopped ? OFFER.stopped : OFFER.large(costWords(playbackCost(offered)));
}

/**
 * The run is simulated again, and keeps where it was at some moments.
 * @param {Estimate} estimate of the run
 */
function playbackCost({ bytes, seconds }) {
  return { bytes: 2 * bytes, seconds: 2 * seconds };
}
