// The same moment as a real table, for screen readers and exact numbers. Its rows come when it is first opened.

import { fileMissing } from '../../shared/builds.js';
import { element } from '../../ui/dom.js';
import { AS_TABLE } from '../../words/cluster.js';
import { LIMITS } from '../../words/limits.js';
import { clockText } from './clock.js';
import { instanceAt, percent } from './moment.js';

/** @import {MomentView} from '../../shared/types.d.ts' */
/** @import {Bounds} from './moment.js' */
/** @import {MomentRows, Row} from './table_rows.js' */

/** While time runs, the table follows only this often, ms: faster could not be read. */
const REFRESH_MS = 250;

export class MomentTable {
  #last = -Infinity;

  /** @type {MomentRows|'coming'|null} */
  #rows = null;

  /** What is to be shown, as soon as there are rows. @type {[string, Row[]]|null} */
  #newest = null;

  root = element('details', { id: 'cluster-table' }, element('summary', {}, AS_TABLE));

  /**
   * @param {MomentView} moment
   * @param {Bounds} bounds
   * @param {boolean} playing
   * @param {number} now ms
   */
  show(moment, bounds, playing, now) {
    if (!this.root.open || (playing && now - this.#last < REFRESH_MS)) return;
    this.#last = now;
    const rows = Array.from({ length: moment.instanceCount }, (_unused, at) => rowOf(moment, at, bounds));
    this.#newest = [clockText(moment.timeUs), rows];
    if (this.#rows === null) this.#fetch();
    else if (this.#rows !== 'coming') this.#rows.show(...this.#newest);
  }

  async #fetch() {
    this.#rows = 'coming';
    try {
      const { MomentRows } = await import('./table_rows.js');
      this.#rows = new MomentRows();
      this.root.append(this.#rows.root);
      if (this.#newest !== null) this.#rows.show(...this.#newest);
    } catch (error) {
      // The next moment tries again.
      this.#rows = null;
      reportError(error);
      fileMissing();
    }
  }
}

/**
 * @param {MomentView} moment
 * @param {number} at
 * @param {Bounds} bounds
 * @returns {Row}
 */
function rowOf(moment, at, bounds) {
  const numbers = instanceAt(moment, at);
  const name = numbers.waiting > 0 ? numbers.limit : null;
  const kvFull = percent(numbers.usedBlocks, bounds.kvBlocks);
  return { ...numbers, ...bounds, kvFull, waitsFor: name === null ? '–' : LIMITS[name].name };
}
