// The panel of the menu "Share": links, the command line, markup for other pages, files in and out.

import { ADDRESS_PARTS } from '../../address/page_state.js';
import { fitsIntoLink } from '../../address/url.js';
import { EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { PRIORITY } from '../../engine/pool.js';
import { keptLists } from '../../shared/list_store.js';
import { namedList } from '../../shared/named_list.js';
import { recipeOf } from '../../shared/recipe.js';
import { ActionButton } from '../../ui/action.js';
import { element, setWords } from '../../ui/dom.js';
import { download } from '../../ui/download.js';
import { linkCode } from '../../ui/link_code.js';
import { underWay } from '../../ui/under_way.js';
import {
  copiedWords,
  copyDenied,
  downloadedWords,
  FILES,
  filesWords,
  importedWords,
  listNotInLink,
  longLinkWords,
  importRefused,
  LOCK,
  makingWords,
  needsFileWords,
  notImportedWords,
  notMade,
  notWritten,
  SHARE,
  stoppedWords,
} from '../../words/share.js';
import { commandLine, CONFIG_FILE, needsFile } from './command.js';
import { configFile, resultsFile, UnreadableFile } from './files.js';
import { hideChoices } from './hide_choices.js';
import { recognise, takeIn } from './incoming.js';
import { embedSnippet, linkTo } from './links.js';
import { replayLine, replayWords } from './replay.js';

/** @import {PageParts} from '../../app/lazy_views.js' */
/** @import {State} from '../../app/state.js' */
/** @import {NamedList} from '../../shared/named_list.js' */
/** @import {EngineClient} from '../../engine/client.js' */
/** @import {Config} from '../../shared/types.d.ts' */

/**
 * A text to be copied, with its button. Where the browser refuses, the text is selected for the person to copy.
 * @param {string} id
 * @param {string} label
 * @param {(words: string) => void} say
 */
function copyField(id, label, say) {
  const text = element('textarea', { id, readonly: true, rows: 2, spellcheck: 'false' });
  const button = element(
    'button',
    { type: 'button' },
    SHARE.copy,
    element('span', { class: 'visually-hidden' }, ` ${label}`),
  );
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      say(copiedWords(label));
    } catch {
      text.select();
      say(copyDenied(label));
    }
  });
  const root = element('div', { class: 'copy' }, element('label', { for: id }, label), text, button);
  return { root, text };
}

/**
 * @param {string} label
 * @param {() => void|Promise<void>} onClick
 */
function actionButton(label, onClick) {
  const button = element('button', { type: 'button' }, label);
  button.addEventListener('click', onClick);
  return button;
}

/**
 * Imports settings or a workload from files, and reports the outcome. Traffic is shown before it is used.
 * @param {File[]} files
 * @param {Pick<PageParts, 'session'|'dialogs'>} page
 * @param {(words: string, bad?: boolean) => void} say
 * @param {{onImport: () => void, onOther: () => void}} before something is taken in; what has no dialog of its own is told of here
 */
async function importFiles(files, { session, dialogs }, say, { onImport, onOther }) {
  if (files.length === 0) return;
  const names = filesWords(files.map(({ name }) => name));
  const refuse = (/** @type {string} */ reason) => {
    onOther();
    say(importRefused(names, reason), true);
  };
  try {
    const incoming = await recognise(files);
    if (incoming.kind === 'traffic') {
      say('');
      await dialogs.traffic(incoming);
      return;
    }
    if ('texts' in incoming) {
      say('');
      await dialogs[incoming.kind](incoming.texts);
      return;
    }
    onOther();
    onImport();
    /** @type {string[]} */
    let remarks = [];
    const problems = await takeIn(incoming, files[0].name, session, (told) => (remarks = told));
    if (problems.length === 0) say(importedWords(names, remarks));
    else refuse(problems.map(({ message }) => message).join('; '));
  } catch (error) {
    if (error instanceof Superseded) {
      say(notImportedWords(names));
      return;
    }
    // Whatever it was, the person is told.
    refuse(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UnreadableFile) && !(error instanceof EngineFailure)) throw error;
  }
}

/**
 * The panel of the menu and how it follows the state.
 * @param {Omit<PageParts, 'theorist'>} page
 * @param {() => void} onImport
 */
export function sharePanel({ store, session, pool, dialogs }, onImport) {
  const status = element('p', { class: 'share-status', role: 'status' });
  const say = (/** @type {string} */ words, bad = false) => {
    setWords(status, words);
    status.classList.toggle('bad', bad);
  };
  const link = copyField('share-link', SHARE.link, say);
  const command = copyField('share-command', SHARE.command, say);
  const commandNote = element('p', { class: 'note' });
  const embed = copyField('share-embed', SHARE.embed, say);
  const choices = hideChoices(() => render(store.state));
  const lock = element('input', { type: 'checkbox', id: 'share-lock', 'aria-describedby': 'share-lock-note' });
  lock.addEventListener('change', () => render(store.state));
  const teaching = element(
    'div',
    { 'data-changes': true },
    choices.root,
    element('label', { class: 'share-lock' }, lock, ` ${LOCK.label}`),
    element('p', { class: 'note', id: 'share-lock-note' }, LOCK.note),
  );
  const file = element('input', {
    type: 'file',
    id: 'share-file',
    multiple: true,
    'aria-describedby': 'share-file-note',
  });
  /** Of the file that is being made: the next one takes its place. */
  let controller = new AbortController();
  const stop = new ActionButton('share-stop', () => {
    controller.abort();
    session.imports.stop();
  });
  const stoppable = underWay((tasks) => stop.show(tasks.length > 0 ? SHARE.stop : '', { soon: true }));
  const bring = async (/** @type {File[]} */ chosen, onOther = () => {}) => {
    await stoppable('import', () => importFiles(chosen, { session, dialogs }, say, { onImport, onOther }));
    file.value = '';
  };
  file.addEventListener('change', () => bring([...(file.files ?? [])]));

  const fetched = async (/** @type {string} */ what, /** @type {(signal: AbortSignal) => Promise<void>} */ fetch) => {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    say(makingWords(what));
    try {
      await stoppable(what, () => fetch(signal));
      say(downloadedWords(what));
    } catch (error) {
      // Another file is being made.
      if (signal !== controller.signal) return;
      if (error instanceof Superseded) say(stoppedWords(what));
      else if (error instanceof RefusedSettings) say(notWritten(error.message), true);
      else if (error instanceof EngineFailure) say(notMade(error.message), true);
      else throw error;
    }
  };
  const rows = () => {
    const { run } = store.state;
    if (run === null) return;
    fetched(FILES.rows.what, async (signal) => {
      const file = await pool.run((client) => client.rows(run.config), { signal });
      download(`blis-requests-${run.digest}.csv`, file);
    });
  };
  const trace = (/** @type {'header'|'data'} */ part, /** @type {string} */ name, /** @type {string} */ type) => () => {
    const { run } = store.state;
    if (run === null) return;
    fetched(FILES[part].what, async (signal) => {
      const make = (/** @type {EngineClient} */ client) => client.convert('exportTrace', run.config, signal);
      const texts = await pool.run(make, { priority: PRIORITY.question, signal });
      download(`blis-trace-${run.digest}.${name}`, texts[part], type);
    });
  };
  const specification = () => {
    const { config: settings } = store.state;
    if (settings === null) return;
    fetched(FILES.specification.what, async (signal) => {
      const make = (/** @type {EngineClient} */ client) => client.convert('exportSpecification', settings, signal);
      const text = await pool.run(make, { priority: PRIORITY.question, signal });
      if (text !== null) download('blis-workload.yaml', text, 'application/yaml');
    });
  };
  /** Settings that stand for themselves: a list that only this browser keeps is written out. */
  const complete = (/** @type {Config} */ settings, /** @type {AbortSignal} */ signal) => {
    const make = (/** @type {EngineClient} */ client) => client.convert('withRows', settings, signal);
    return pool.run(make, { priority: PRIORITY.question, signal });
  };
  const results = () => {
    const { state } = store;
    const { run } = state;
    if (run === null) return;
    const save = (/** @type {Awaited<ReturnType<typeof complete>>|null} */ whole) =>
      download(`blis-results-${run.digest}.json`, resultsFile(state, linkTo(state), whole), 'application/json');
    if (namedList(run.pairs) === null) save(null);
    else fetched(FILES.results.what, async (signal) => save(await complete(run.config, signal)));
  };
  const config = () => {
    const { config: settings, pairs } = store.state;
    if (settings === null) return;
    const save = (/** @type {Config} */ whole) => download(CONFIG_FILE, configFile(whole), 'application/json');
    if (namedList(pairs) === null) save(settings);
    else fetched(FILES.config.what, async (signal) => save((await complete(settings, signal)).config));
  };
  const linkNote = element('p', { class: 'note', id: 'share-link-note' });
  const specificationButton = actionButton(FILES.specification.button, specification);

  /** @param {Readonly<State>} state */
  function render(state) {
    const { description, pairs, config: settings } = state;
    if (!description || settings === null) return;
    const locked = state.lock === '1';
    const asked = { hide: locked ? state.hide : choices.show(description.schema), lock: locked || lock.checked };
    link.text.value = linkTo(state, asked);
    const named = namedList(pairs);
    setWords(
      linkNote,
      named ? listNotInLink(named.name) : fitsIntoLink(pairs) ? longLinkWords(link.text.value) : SHARE.linkTooLong,
    );
    specificationButton.hidden = settings.workload.spec === null;
    embed.text.value = embedSnippet(linkTo(state, { ...asked, embed: true }));
    if (named === null) {
      command.text.value = commandLine(pairs, description.schema);
      const needs = needsFile(pairs, description.schema);
      setWords(commandNote, needs ? needsFileWords(CONFIG_FILE) : SHARE.sameRun[settings.streams]);
    } else {
      showReplay(named, state);
    }
  }

  /**
   * The command for a list that was made of a file: how that was done is kept beside the list.
   * @param {NamedList} named
   * @param {Readonly<State>} state
   */
  async function showReplay(named, { pairs, description }) {
    const note = (await keptLists()).find(({ digest }) => digest === named.digest);
    if (namedList(store.state.pairs)?.digest !== named.digest || description === null) return;
    const replay = replayWords(named, recipeOf(note), pairs, description.schema);
    command.text.value = replayLine(replay.words);
    setWords(commandNote, replay.note);
  }

  const part = (/** @type {(Node|null)[]} */ ...parts) => element('section', { class: 'share-part' }, ...parts);
  const root = element(
    'div',
    { class: 'share-panel', id: 'share-panel', role: 'region', 'aria-label': SHARE.region, hidden: true },
    part(
      link.root,
      linkNote,
      linkCode(() => link.text.value),
      teaching,
    ),
    part(command.root, commandNote),
    part(embed.root, element('p', { class: 'note' }, SHARE.embedNote)),
    part(
      element('h2', {}, SHARE.take),
      element(
        'div',
        { class: 'share-files' },
        actionButton(FILES.results.button, results),
        actionButton(FILES.rows.button, rows),
        actionButton(FILES.config.button, config),
        actionButton(FILES.header.button, trace('header', 'yaml', 'application/yaml')),
        actionButton(FILES.data.button, trace('data', 'csv', 'text/csv')),
        specificationButton,
      ),
    ),
    element(
      'section',
      { class: 'share-part', 'data-changes': true },
      element('label', { for: 'share-file' }, SHARE.bring),
      file,
      element('p', { class: 'note', id: 'share-file-note' }, SHARE.bringNote),
    ),
    status,
    stop.root,
  );
  const open = (/** @type {boolean} */ show) => {
    root.hidden = !show;
    if (show) render(store.state);
  };
  choices.set(store.state.hide);
  store.watch(['hide'], ({ hide }) => choices.set(hide));
  store.watch([...ADDRESS_PARTS, 'config', 'description'], (state) => {
    if (!root.hidden) render(state);
  });
  return { root, bring, open };
}
