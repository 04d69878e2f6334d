// A menu in the head of a chart.

import { element } from './dom.js';

/**
 * @param {string} name for screen readers
 * @param {Record<string, string>} options words by value
 * @param {(value: any) => void} onChange
 */
export function selectMenu(name, options, onChange) {
  const entries = Object.entries(options).map(([value, words]) => element('option', { value }, words));
  const select = element('select', { 'aria-label': name }, ...entries);
  select.addEventListener('change', () => onChange(select.value));
  return select;
}
