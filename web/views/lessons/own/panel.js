// The part of the list of lessons for those that a person brings along: by file, by link, from one of ours.

import { PRIORITY } from '../../../engine/pool.js';
import { element, setWords } from '../../../ui/dom.js';
import { download } from '../../../ui/download.js';
import { linkCode } from '../../../ui/link_code.js';
import * as words from '../../../words/own_lessons.js';
import { loadLesson } from '../load.js';
import { BadPackage, MAX_BYTES, unpack } from './packed.js';
import { shelf } from './shelf.js';
import { trialOf } from './trial_view.js';

/** @import {Store} from '../../../app/state.js' */
/** @import {Pool} from '../../../engine/pool.js' */
/** @import {Problem} from '../../../shared/types.d.ts' */
/** @import {Entry} from '../types.d.ts' */

/** Problems that are listed; one often brings others. */
const MOST_LISTED = 12;

/**
 * @typedef {object} OwnActions
 * @property {(id: string, text: string) => HTMLElement} link to a lesson
 * @property {(id: string) => string} address of a lesson for others
 */

export class OwnLessons {
  #store;

  #pool;

  #actions;

  /** The lines of the list by what they are about: a trial in one goes on while others come. @type {Map<string, HTMLElement>} */
  #lines = new Map();

  #list = element('ul', { class: 'own-list' });

  #status = element('p', { class: 'own-status', role: 'status' });

  #problems = element('ul', { class: 'own-problems', 'aria-label': words.OWN.problems, hidden: true });

  /**
   * @param {Store} store
   * @param {Pool} pool
   * @param {OwnActions} actions
   */
  constructor(store, pool, actions) {
    this.#store = store;
    this.#pool = pool;
    this.#actions = actions;
  }

  /**
   * The part of the list.
   * @param {Entry[]} entries our lessons
   */
  part(entries) {
    const file = element('input', { type: 'file', id: 'own-file', accept: '.json', 'aria-describedby': 'own-note' });
    file.addEventListener('change', () => this.#bring([...(file.files ?? [])]).finally(() => (file.value = '')));
    const choice = element(
      'select',
      { id: 'own-template' },
      ...entries.map(({ id, title }) => element('option', { value: id }, title)),
    );
    const save = element('button', { type: 'button' }, words.OWN.save);
    save.addEventListener('click', () => this.#save(choice.value));
    const root = element(
      'section',
      { class: 'own-lessons', 'aria-labelledby': 'own-title' },
      element('h3', { id: 'own-title' }, words.OWN.title),
      element('p', { id: 'own-note' }, `${words.OWN.intro} ${words.OWN.drop}`),
      element('div', { class: 'own-row' }, element('label', { for: choice.id }, words.OWN.template), choice, save),
      element('div', { class: 'own-row' }, element('label', { for: file.id }, words.OWN.open), file),
      this.#status,
      this.#problems,
      this.#list,
    );
    this.#acceptDrops(root);
    this.#showList();
    return root;
  }

  /** What stands above an open lesson: the way back to all of them. @param {string} id */
  line(id) {
    const title = element('span', { class: 'course-title' }, shelf.lesson(id).title);
    return element(
      'nav',
      { class: 'course-line', 'aria-label': words.OWN.line },
      element('p', { class: 'course-here' }, this.#actions.link('', words.OWN.all), title, words.OWN.yours),
    );
  }

  /**
   * Takes the lesson that the address carries, unless this tab has it already.
   * @returns {Promise<boolean>} whether the address has come to name another lesson for it
   */
  async takeLink() {
    const { own, lesson } = this.#store.state;
    if (own === '' || shelf.holds(own)) return false;
    const id = await this.#takePacked(own);
    if (this.#store.state.own !== own) return true;
    this.#store.change(id === null ? { own: '', lesson: '' } : { lesson: id });
    return (id ?? '') !== lesson;
  }

  /** @param {string} own */
  async #takePacked(own) {
    try {
      return await this.#take(await unpack(own), words.LINKED, false);
    } catch (error) {
      if (!(error instanceof BadPackage)) throw error;
      this.#tell(words.unreadableWords(words.LINKED, error.message), true, []);
      return null;
    }
  }

  /** @param {File[]} files */
  async #bring(files) {
    for (const file of files) {
      if (file.size > MAX_BYTES) {
        this.#tell(words.unreadableWords(file.name, words.OWN_FAILURES.long), true, []);
        return;
      }
      const id = await this.#take(await file.text(), file.name, true);
      if (id === null) return;
      this.#tell(words.takenWords(shelf.lesson(id).title), false, []);
    }
    this.#showList();
  }

  /**
   * Checks a lesson and puts it on the shelf.
   * @param {string} text
   * @param {string} name of where it came from
   * @param {boolean} newer whether it takes the place of one of its name
   * @returns {Promise<string|null>} its name here; null if something is wrong with it, which is told
   */
  async #take(text, name, newer) {
    const check = (/** @type {import('../../../engine/client.js').EngineClient} */ client) =>
      client.convert('checkLesson', { text });
    const problems = await this.#pool.run(check, { priority: PRIORITY.question });
    if (problems.length > 0) {
      this.#tell(words.refusedWords(name, problems.length), true, problems);
      return null;
    }
    return shelf.put(text, newer);
  }

  /**
   * @param {string} said
   * @param {boolean} bad
   * @param {Problem[]} problems
   */
  #tell(said, bad, problems) {
    setWords(this.#status, said);
    this.#status.classList.toggle('bad', bad);
    this.#problems.hidden = problems.length === 0;
    const listed = problems.slice(0, MOST_LISTED).map(({ message }) => element('li', {}, message));
    const more = problems.length - listed.length;
    this.#problems.replaceChildren(...listed, ...(more > 0 ? [element('li', {}, words.moreWords(more))] : []));
  }

  #showList() {
    const lines = shelf.entries.map((entry) => {
      const key = JSON.stringify(shelf.lesson(entry.id));
      const line = this.#lines.get(key) ?? this.#line(entry);
      this.#lines.set(key, line);
      return line;
    });
    this.#list.replaceChildren(...lines);
  }

  /** @param {Entry} entry */
  #line({ id, title, question }) {
    const remove = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': words.removeWords(title) },
      words.OWN.remove,
    );
    remove.addEventListener('click', () => {
      shelf.remove(id);
      this.#showList();
      this.#list.closest('section')?.querySelector('input')?.focus();
    });
    const tooLong = shelf.packed(id) === '';
    const copy = element('button', { type: 'button', 'aria-label': words.copyWords(title) }, words.OWN.copy);
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(this.#actions.address(id));
        setWords(this.#status, words.COPIED);
      } catch {
        setWords(this.#status, words.NOT_COPIED);
      }
    });
    const links = tooLong ? [] : [copy, linkCode(() => this.#actions.address(id))];
    return element(
      'li',
      {},
      this.#actions.link(id, title),
      element('p', {}, question),
      element('div', { class: 'own-row' }, ...links, remove),
      element('p', { class: 'note' }, tooLong ? words.OWN.tooLong : words.OWN.linkHolds),
      trialOf(shelf.lesson(id), this.#pool),
    );
  }

  /** @param {string} id of one of ours */
  async #save(id) {
    const lesson = await loadLesson(id);
    download(`${id}.json`, `${JSON.stringify(lesson, null, 2)}\n`, 'application/json');
  }

  /** A file that is dropped here is a lesson, and not settings. @param {HTMLElement} root */
  #acceptDrops(root) {
    root.addEventListener('dragover', (event) => event.preventDefault());
    root.addEventListener('drop', (event) => {
      event.preventDefault();
      event.stopPropagation();
      document.body.classList.remove('dropping');
      this.#bring([...(event.dataTransfer?.files ?? [])]);
    });
  }
}
