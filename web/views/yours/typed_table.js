// Measurements that are typed in: a row per rate.

import { element } from '../../ui/dom.js';
import { TYPED } from '../../words/measured.js';

/** The columns: what the reader of tables calls them. */
const COLUMNS = ['rate', 'input tokens', 'output tokens', 'ttft (ms)', 'itl (ms)', 'output tokens/s'];

/** Rows at first, and most of them. */
const [ROWS, MOST] = [4, 50];

/**
 * @param {(text: string) => unknown} onRead gets the table as comma-separated values
 */
export function typedTable(onRead) {
  const body = element('tbody', {});
  const add = element('button', { type: 'button', class: 'quiet' }, TYPED.add);
  const read = element('button', { type: 'submit' }, TYPED.read);
  const row = () => {
    const number = body.children.length + 1;
    const cells = COLUMNS.map((_column, i) =>
      element(
        'td',
        {},
        element('input', {
          class: 'number',
          inputmode: 'decimal',
          autocomplete: 'off',
          'aria-label': TYPED.cell(TYPED.columns[i], number),
        }),
      ),
    );
    body.append(element('tr', {}, ...cells));
    add.disabled = body.children.length >= MOST;
  };
  for (let i = 0; i < ROWS; i += 1) row();
  add.addEventListener('click', () => {
    row();
    body.lastElementChild?.querySelector('input')?.focus();
  });
  const root = element(
    'details',
    { class: 'traffic-paste yours-typed' },
    element('summary', {}, TYPED.title),
    element('p', { class: 'note' }, TYPED.note),
    element(
      'form',
      { novalidate: true, 'aria-label': TYPED.title },
      element(
        'div',
        { class: 'yours-table', tabindex: 0, role: 'region', 'aria-label': TYPED.title },
        element(
          'table',
          {},
          element(
            'thead',
            {},
            element('tr', {}, ...TYPED.columns.map((words) => element('th', { scope: 'col' }, words))),
          ),
          body,
        ),
      ),
      element('div', { class: 'yours-actions' }, add, read),
    ),
  );
  root.querySelector('form')?.addEventListener('submit', (event) => {
    event.preventDefault();
    const rows = [...body.children].map((each) => [...each.querySelectorAll('input')].map(({ value }) => value));
    onRead(tableText(rows));
  });
  return root;
}

/**
 * The rows that hold something, as a table; a decimal comma is a point.
 * @param {string[][]} rows
 */
export function tableText(rows) {
  const filled = rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some((cell) => cell !== ''));
  // A column that is empty everywhere is none.
  const used = COLUMNS.map((_column, i) => i).filter((i) => filled.some((row) => row[i] !== ''));
  const line = (/** @type {string[]} */ cells) => used.map((i) => cells[i].replace(',', '.')).join(',');
  return [line(COLUMNS), ...filled.map(line)].join('\n');
}
