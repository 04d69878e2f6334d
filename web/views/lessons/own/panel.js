// The part of the list of lessons for those that a person brings along: by file, by link, from one of ours.

import { PRIORITY } from '../../../engine/pool.js';
import { element, setWords } from '../../../ui/dom.js';
import { download } from '../../../ui/download.js';
import * as words from '../../../words/own_lessons.js';
import { loadLesson } from '../load.js';
import { lessonCode, whyNoCode } from './code.js';
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

  /** What is wrong with the lesson of the address. @type {HTMLElement[]} */
  #refusal = [];

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

  /** What is wrong with the lesson that the address carried, once: it stands above the list that is shown instead. */
  takeRefusal() {
    const refusal = this.#refusal;
    this.#refusal = [];
    return refusal;
  }

  /** @param {string} own */
  async #takePacked(own) {
    this.#refusal = [];
    try {
      const text = await unpack(own);
      const problems = await this.#check(text);
      if (problems.length === 0) return await shelf.put(text, false);
      const list = element('ul', { class: 'own-problems', 'aria-label': words.OWN.problems }, ...listed(problems));
      this.#refusal = [element('p', { class: 'error' }, words.refusedWords(words.LINKED, problems.length)), list];
    } catch (error) {
      if (!(error instanceof BadPackage)) throw error;
      this.#refusal = [element('p', { class: 'error' }, words.unreadableWords(words.LINKED, error.message))];
    }
    return null;
  }

  /** @param {string} text @returns {Promise<Problem[]>} */
  #check(text) {
    const check = (/** @type {import('../../../engine/client.js').EngineClient} */ client) =>
      client.convert('checkLesson', { text });
    return this.#pool.run(check, { priority: PRIORITY.question });
  }

  /** @param {File[]} files */
  async #bring(files) {
    for (const file of files) {
      if (file.size > MAX_BYTES) {
        this.#tell(words.unreadableWords(file.name, words.OWN_FAILURES.long), true, []);
        return;
      }
      const id = await this.#take(await file.text(), file.name);
      if (id === null) return;
      this.#tell(words.takenWords(shelf.lesson(id).title), false, []);
    }
    this.#showList();
  }

  /**
   * Checks a lesson and puts it on the shelf, in the place of one of its name.
   * @param {string} text
   * @param {string} name of where it came from
   * @returns {Promise<string|null>} its name here; null if something is wrong with it, which is told
   */
  async #take(text, name) {
    const problems = await this.#check(text);
    if (problems.length > 0) {
      this.#tell(words.refusedWords(name, problems.length), true, problems);
      return null;
    }
    return shelf.put(text, true);
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
    this.#problems.replaceChildren(...listed(problems));
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
    const noCode = whyNoCode(id, this.#actions.address(id));
    const links = [...(tooLong ? [] : [copy]), ...(noCode === '' ? [lessonCode(id, this.#actions.address)] : [])];
    return element(
      'li',
      {},
      this.#actions.link(id, title),
      element('p', {}, question),
      element('div', { class: 'own-row' }, ...links, remove),
      element('p', { class: 'note' }, tooLong ? noCode : `${words.OWN.linkHolds} ${noCode}`.trim()),
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

/** @param {Problem[]} problems */
function listed(problems) {
  const lines = problems.slice(0, MOST_LISTED).map(({ message }) => element('li', {}, message));
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, element('li', {}, words.moreWords(more))] : lines;
}
