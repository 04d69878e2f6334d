// Where the requests come from: a file that is chosen or dropped, or rows that are pasted; how far it has been read.

import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/traffic.js';

/** @import {Problem} from '../../shared/types.d.ts' */
/** @import {Reading, Shown} from './reading.js' */
/** @import {Recipe} from '../../shared/recipe.js' */

const { TRAFFIC } = words;

/**
 * @param {Reading} reading
 * @param {{onFiles: (files: File[]) => void, onText: (text: string) => void}} actions
 */
export function sourcePart(reading, { onFiles, onText }) {
  const input = element('input', {
    type: 'file',
    id: 'traffic-file',
    multiple: true,
    'aria-describedby': 'traffic-private',
  });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // The same file can be chosen again.
    input.value = '';
    if (files.length > 0) onFiles(files);
  });
  const label = element('label', { for: 'traffic-file' }, TRAFFIC.choose);
  const text = element('textarea', { id: 'traffic-paste', rows: 5, spellcheck: 'false', 'aria-label': TRAFFIC.paste });
  const read = element('button', { type: 'button' }, TRAFFIC.read);
  read.addEventListener('click', () => {
    if (text.value.trim() !== '') onText(text.value);
  });
  const intro = element('p', {}, TRAFFIC.intro);
  const paste = element(
    'details',
    { class: 'traffic-paste' },
    element('summary', {}, TRAFFIC.pasteTitle),
    element('p', { class: 'note' }, TRAFFIC.paste),
    text,
    read,
  );
  const file = element('p', { class: 'traffic-name' });
  const bar = element('progress', { max: 1, 'aria-label': TRAFFIC.reading });
  const progress = element('p', { class: 'traffic-progress' });
  const cancel = element('button', { type: 'button', id: 'traffic-cancel' }, TRAFFIC.cancel);
  cancel.addEventListener('click', () => {
    reading.stop();
    again.focus();
  });
  const again = element('button', { type: 'button', id: 'traffic-again', hidden: true }, TRAFFIC.again);
  again.addEventListener('click', () => reading.again());
  const way = element('div', { class: 'traffic-way', hidden: true }, bar, progress, cancel);
  const problem = element('p', { class: 'traffic-problem', role: 'alert' });
  const old = element('p', { class: 'traffic-old', role: 'status' });
  const root = element(
    'section',
    { class: 'traffic-part traffic-source', 'aria-labelledby': 'traffic-title' },
    intro,
    file,
    element('div', { class: 'traffic-choose' }, label, input, element('span', { class: 'note' }, TRAFFIC.drop)),
    element('p', { class: 'note', id: 'traffic-private' }, TRAFFIC.private),
    paste,
    way,
    problem,
    again,
    old,
  );
  return {
    root,
    /**
     * @param {Shown} shown
     * @param {Recipe|null} recipe of the list in use, whose file is not in hand
     * @param {Problem|null} wrong what is shown here
     */
    render({ phase, name, size, progress: told, preview, failure, old: isOld }, recipe, wrong) {
      const none = phase === 'none';
      intro.hidden = !none;
      if (!none) paste.open = false;
      setWords(label, none ? TRAFFIC.choose : TRAFFIC.another);
      const remembered = recipe === null ? '' : words.chooseAgainWords(recipe.file);
      setWords(file, none ? remembered : words.fileWords(name, size, preview?.is_gzip === true));
      file.hidden = file.textContent === '';
      const reads = phase === 'reading';
      // Under the keyboard it stays until the focus is elsewhere.
      if (!reads && way.contains(document.activeElement)) root.closest('dialog')?.querySelector('h2')?.focus();
      way.hidden = !reads;
      const { bytes = 0, total = size, rows = 0 } = told ?? {};
      bar.value = total === 0 ? 0 : bytes / total;
      setWords(progress, reads ? words.readingWords(bytes, total, rows) : '');
      again.hidden = phase !== 'stopped';
      const broke = failure === '' ? TRAFFIC.stopped : words.brokeWords(failure);
      setWords(problem, wrong ? words.refusedWords(wrong.message) : phase === 'stopped' ? broke : '');
      setWords(old, isOld && !reads ? TRAFFIC.old : '');
    },
  };
}
