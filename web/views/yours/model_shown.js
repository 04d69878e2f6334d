// What was understood of a model: its figures, its layers by kind, its parameters by part, and what is approximated.

import { parameterWords } from '../../words/catalogue.js';
import { element } from '../../ui/dom.js';
import * as words from '../../words/model.js';
import { sentence } from '../../words/yours.js';
import { facts, section } from '../traffic/parts.js';

/** @import {ModelDescription} from '#engine' */

const { FACTS, MODEL } = words;

/**
 * @param {string} caption
 * @param {string[]} heads
 * @param {{name: string, cells: string[]}[]} rows
 */
function table(caption, heads, rows) {
  const made = element(
    'table',
    { class: 'plain' },
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...rows.map(({ name, cells }) =>
        element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((text) => element('td', {}, text))),
      ),
    ),
  );
  return element('div', { class: 'yours-table', tabindex: 0, role: 'region', 'aria-label': caption }, made);
}

/**
 * @param {ModelDescription} description
 * @returns {[string, string][]}
 */
export function modelFacts(description) {
  const { coverage, parameters, active_parameters: active, max_length: longest, weight_bytes: weights } = description;
  const all = /** @type {[string, string][]} */ ([
    [FACTS.total, parameterWords(parameters)],
    [FACTS.active, parameterWords(active)],
    [FACTS.published, words.publishedWords(description)],
    [FACTS.weights, words.weightWords(weights)],
    [FACTS.cache, words.cacheWords(description)],
    [FACTS.window, words.perSequence(description.window_bytes_per_sequence)],
    [FACTS.state, words.perSequence(description.state_bytes_per_sequence)],
    [FACTS.longest, words.longestWords(longest)],
    [FACTS.label, coverage],
    [FACTS.reference, words.referenceWords(description)],
  ]);
  return all.filter(([, value]) => value !== '');
}

export function shownPart() {
  const body = element('div', {});
  const root = section('model-shown', MODEL.understood, body);
  return {
    root,
    /** @param {ModelDescription|null} description */
    render(description) {
      root.hidden = description === null;
      if (description === null) return;
      const { layers, parts, remarks } = description;
      const layerRows = layers.map((row) => ({ name: row.kind, cells: words.layerCells(row) }));
      const partRows = parts
        .filter(({ parameters }) => parameters > 0)
        .map(({ part, parameters, format, bytes }) => ({
          name: part,
          cells: [parameterWords(parameters), format, words.weightWords(bytes)],
        }));
      body.replaceChildren(
        facts(modelFacts(description)),
        table(MODEL.layers, MODEL.layerHeads, layerRows),
        table(MODEL.parts, MODEL.partHeads, partRows),
        ...(remarks.length === 0
          ? []
          : [
              element('h4', {}, MODEL.remarks),
              element('ul', { class: 'traffic-remarks' }, ...remarks.map((each) => element('li', {}, sentence(each)))),
            ]),
      );
    },
  };
}
