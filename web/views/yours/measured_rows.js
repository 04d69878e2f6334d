// What was read of measurements: the files, their rows, and what the files do not say.

import { number } from '../../shared/format.js';
import { element, setWords } from '../../ui/dom.js';
import { READ, fileWords, lengthsWords, loadWords } from '../../words/measured.js';
import { sentence } from '../../words/yours.js';
import { labelled, section } from '../traffic/parts.js';

/** @import {Measured, MeasuredFile, Measurements} from '#engine' */

/** @param {number|null|undefined} value */
const shown = (value) => (typeof value === 'number' ? number(value) : '–');

/**
 * @param {(options: {input_tokens: number|null, output_tokens: number|null}) => unknown} onLengths for rows that have none
 */
export function rowsPart(onLengths) {
  const files = element('ul', { class: 'traffic-remarks' });
  const table = element('div', {
    class: 'yours-table',
    tabindex: 0,
    role: 'region',
    'aria-label': READ.caption,
  });
  const problem = element('p', { class: 'traffic-problem', role: 'alert' });
  const input = element('input', { id: 'measured-input', class: 'number', inputmode: 'decimal', autocomplete: 'off' });
  const output = element('input', {
    id: 'measured-output',
    class: 'number',
    inputmode: 'decimal',
    autocomplete: 'off',
  });
  const lengths = element(
    'div',
    { class: 'traffic-fields', hidden: true },
    element('p', { class: 'note' }, READ.lengths),
    labelled(READ.input, input),
    labelled(READ.output, output),
  );
  const given = (/** @type {HTMLInputElement} */ { value }) =>
    value.trim() === '' ? null : Number(value.replace(',', '.'));
  lengths.addEventListener('change', () => onLengths({ input_tokens: given(input), output_tokens: given(output) }));
  const root = section('measured-rows', READ.title, files, table, lengths, problem);

  return {
    root,
    /** For another file nothing is known yet. */
    forget() {
      input.value = '';
      output.value = '';
      lengths.hidden = true;
    },
    /** @param {Measurements|null} measurements */
    render(measurements) {
      root.hidden = measurements === null;
      if (measurements === null) return;
      files.replaceChildren(...measurements.files.map(fileItem));
      const { rows } = measurements;
      table.hidden = rows.length === 0;
      table.replaceChildren(rowsTable(rows));
      const lacks = rows.some((row) => typeof row.input_tokens !== 'number' || typeof row.output_tokens !== 'number');
      // Once asked for they stay, to be corrected.
      lengths.hidden = lengths.hidden && !lacks;
      setWords(
        problem,
        measurements.problem === null || measurements.problem === undefined ? '' : sentence(measurements.problem),
      );
    },
  };
}

/** @param {MeasuredFile} file */
function fileItem(file) {
  const { notes, problem } = file;
  const told = typeof problem === 'string' ? [sentence(problem)] : notes.map(sentence);
  return element(
    'li',
    { class: typeof problem === 'string' ? 'yours-wrong' : null },
    fileWords(file),
    ' ',
    told.join(' '),
  );
}

/** @param {readonly Measured[]} rows */
function rowsTable(rows) {
  return element(
    'table',
    { class: 'plain' },
    element('caption', { class: 'visually-hidden' }, READ.caption),
    element('thead', {}, element('tr', {}, ...READ.columns.map((words) => element('th', { scope: 'col' }, words)))),
    element(
      'tbody',
      {},
      ...rows.flatMap((row) => {
        const cells = [
          lengthsWords(row.input_tokens ?? null, row.output_tokens ?? null),
          shown(row.ttft_ms),
          shown(row.itl_ms),
          shown(row.e2e_ms),
          shown(row.output_tokens_per_s),
          shown(typeof row.requests === 'bigint' ? Number(row.requests) : row.requests),
        ];
        const line = element(
          'tr',
          {},
          element('th', { scope: 'row' }, loadWords(row.rate ?? null, row.concurrency ?? null)),
          ...cells.map((words) => element('td', {}, words)),
        );
        if (typeof row.problem !== 'string') return [line];
        const why = element(
          'td',
          { colspan: READ.columns.length, class: 'yours-wrong' },
          sentence(`${READ.left}: ${row.problem}`),
        );
        return [line, element('tr', {}, why)];
      }),
    ),
  );
}
