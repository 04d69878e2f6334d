// The scorers of the weighted policy: a short list of names with weights. Its text form is `name:weight,name:weight`.

import { element } from '../../ui/dom.js';
import { ADD_SCORER, removeScorerName, scorerName, scorerWeightName } from '../../words/settings.js';
import { field } from './field.js';

/** @import {Setting} from '../../shared/types.d.ts' */
/** @import {Choice} from './choice.js' */
/** @import {Control, OnEdit} from './field.js' */

/** @typedef {{name: string, weight: string}} Row */

/**
 * @param {string} text
 * @returns {Row[]}
 */
export function parseScorers(text) {
  if (text.trim() === '') return [];
  return text.split(',').map((entry) => {
    const [name, ...weight] = entry.split(':');
    return { name: name.trim(), weight: weight.join(':').trim() };
  });
}

/**
 * @param {Row[]} rows
 * @returns {string}
 */
export function formatScorers(rows) {
  return rows.map(({ name, weight }) => `${name}:${weight}`).join(',');
}

/**
 * @param {Setting} setting
 * @param {Choice[]} choices
 * @param {OnEdit} onEdit
 * @returns {Control}
 */
export function scorersControl(setting, choices, onEdit) {
  const list = element('div', { class: 'scorers', role: 'group' });
  const { root, explain } = field(setting, list, [list]);
  root.classList.add('wide');
  /** @type {Row[]} */
  let rows = [];

  const edited = () => onEdit(setting.key, formatScorers(rows));
  const changed = () => {
    draw();
    edited();
  };
  const draw = () => list.replaceChildren(...rows.map((row, index) => rowElements(row, index)), addButton());

  /** @param {Row} row @param {number} index */
  const rowElements = (row, index) => {
    const taken = new Set(rows.map(({ name }) => name));
    const options = choices
      .filter(({ value }) => value === row.name || !taken.has(value))
      .map(({ value, label, help }) =>
        element('option', { value, title: help ?? null, selected: value === row.name }, label),
      );
    const name = element('select', { 'aria-label': scorerName(index + 1) }, ...options);
    const weight = element('input', {
      type: 'text',
      inputmode: 'decimal',
      class: 'number',
      value: row.weight,
      'aria-label': scorerWeightName(index + 1),
    });
    const remove = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': removeScorerName(index + 1) },
      '×',
    );
    name.addEventListener('change', () => {
      row.name = name.value;
      changed();
    });
    weight.addEventListener('input', () => {
      row.weight = weight.value.trim();
      edited();
    });
    remove.addEventListener('click', () => {
      rows.splice(index, 1);
      changed();
    });
    return element('div', { class: 'scorer' }, name, weight, remove);
  };

  const addButton = () => {
    const free = choices.find(({ value }) => !rows.some(({ name }) => name === value));
    if (!free) return '';
    const button = element('button', { type: 'button', class: 'quiet' }, ADD_SCORER);
    button.addEventListener('click', () => {
      rows.push({ name: free.value, weight: '1' });
      changed();
    });
    return button;
  };

  return {
    root,
    explain,
    show(text) {
      // Rows on the screen must not be rebuilt while a person uses them.
      if (formatScorers(rows) === text && list.childElementCount > 0) return;
      if (list.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement) return;
      rows = parseScorers(text);
      draw();
    },
  };
}
