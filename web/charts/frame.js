// What every chart has around its picture: heading, tools, a computed sentence, a readout, and the data as a table.

import { element, setWords } from '../ui/dom.js';
import { TABLE, tableName } from '../words/charts.js';
import { Notes } from './notes.js';

/** A screen reader is told of a point only when the cursor has rested on it, ms. */
const ANNOUNCE_AFTER_MS = 250;

/**
 * @typedef {object} FrameOptions
 * @property {string} id
 * @property {string} title
 * @property {string} kind of picture, for screen readers
 * @property {string} keys which keys read it, as sentences
 */

export class ChartFrame {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #announcement;

  /**
   * @param {HTMLElement} parent
   * @param {FrameOptions} options
   */
  constructor(parent, { id, title, kind, keys }) {
    this.title = title;
    this.summary = element('p', { class: 'chart-summary', id: `${id}-summary` });
    this.surface = element('div', {
      class: 'chart-plot',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': kind,
      'aria-label': `${title}. ${keys}.`,
      'aria-describedby': `${id}-summary`,
    });
    this.readout = element('p', { class: 'chart-readout', 'aria-hidden': 'true' });
    this.notes = new Notes();
    this.live = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
    this.table = element('div', {
      class: 'chart-table',
      id: `${id}-table`,
      hidden: true,
      tabindex: 0,
      role: 'region',
      'aria-label': tableName(title),
    });
    this.tableButton = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': `${id}-table` },
      TABLE,
    );
    this.tableButton.addEventListener('click', () => this.#toggleTable());
    this.heading = element('h3', { id: `${id}-title` }, title);
    this.tools = element('div', { class: 'chart-tools' }, this.tableButton);
    this.figure = element(
      'figure',
      { class: 'chart', id, 'aria-labelledby': `${id}-title` },
      element('div', { class: 'chart-head' }, this.heading, this.tools),
      this.notes.after(this.summary),
      this.surface,
      this.readout,
      this.table,
      this.live,
    );
    parent.append(this.figure);
  }

  /**
   * The data as a table; null while there is none.
   * @returns {HTMLElement|null}
   */
  dataTable() {
    return null;
  }

  /** Brings the table up to date, if it is shown. */
  fillTable() {
    const table = this.table.hidden ? null : this.dataTable();
    if (table) this.table.replaceChildren(table);
  }

  #toggleTable() {
    const show = this.table.hidden;
    this.table.hidden = !show;
    this.surface.hidden = show;
    this.tableButton.setAttribute('aria-expanded', String(show));
    this.fillTable();
  }

  /**
   * Says what was done with the chart.
   * @param {string} words
   */
  tell(words) {
    clearTimeout(this.#announcement);
    setWords(this.readout, words);
    setWords(this.live, words);
  }

  /**
   * Tells a screen reader what the cursor rests on, if the keyboard moves it.
   * @param {string|null} words null if it rests on nothing
   */
  announce(words) {
    clearTimeout(this.#announcement);
    if (words === null || document.activeElement !== this.surface) return;
    this.#announcement = setTimeout(() => {
      setWords(this.live, words);
    }, ANNOUNCE_AFTER_MS);
  }
}
