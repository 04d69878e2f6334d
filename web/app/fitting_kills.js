// What becomes of the kills in the settings while the number of instances changes: those that a cluster cannot have are left out.

import { killsText, killsThatFit } from '../shared/events.js';

/** @import {Kill} from '#engine' */
/** @import {Pair} from '../shared/types.d.ts' */
/** @import {State} from './state.js' */

/** Kills that fit: what to set for them, and the instances whose kills are left out. @typedef {{pairs: Pair[], dropped: number[]}} Fitted */

const INSTANCES = 'cluster.num_instances';
const KILLS = 'cluster.kills';

export class FittingKills {
  /** Those before the first of several changes: on the way to 16 instances, 1 is typed. @type {readonly Kill[]|null} */
  #wanted = null;

  /** What was set last. */
  #last = '';

  /** Something else has been changed: what was left out does not come back. */
  forget() {
    this.#wanted = null;
    this.#last = '';
  }

  /**
   * @param {Pick<State, 'config'|'drafts'|'description'>} state
   * @param {readonly Pair[]} values that are changed
   * @returns {Fitted|null} null if the number of instances is not among them, or the kills are as well
   */
  fit({ config, drafts, description }, values) {
    const keyOf = (/** @type {string} */ path) =>
      description?.schema.find((setting) => setting.path === path)?.key ?? '';
    const [given, count, kill] = [new Map(values), keyOf(INSTANCES), keyOf(KILLS)];
    const typed = given.get(count);
    if (typed === undefined || given.has(kill)) return null;
    const instances = Number(typed);
    const draft = drafts.get(kill);
    const isNumber = Number.isInteger(instances) && instances > 0;
    // What a person has put in there and is not accepted yet is left to them.
    if (!isNumber || (draft !== undefined && draft !== this.#last)) return { pairs: [], dropped: [] };
    this.#wanted ??= config?.cluster.kills ?? [];
    const wanted = this.#wanted;
    if (wanted.length === 0) return { pairs: [], dropped: [] };
    const kept = killsThatFit(wanted, instances);
    this.#last = killsText(kept);
    const dropped = wanted.filter((each) => !kept.includes(each)).map(({ instance }) => instance);
    return { pairs: [[kill, this.#last]], dropped };
  }
}
