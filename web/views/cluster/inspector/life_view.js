// The life of one request: a line to scale, and the same as figures and a table.

import { count } from '../../../shared/format.js';
import { element } from '../../../ui/dom.js';
import { markIcon } from '../../../ui/palette.js';
import { evictionWords, LIFE, lifeWords, time } from '../../../words/inspector.js';
import { endUs, firstTokenUs, phasesOf } from './life.js';

/** @import {Eviction, EvictionSearch, Lives} from '../../../shared/types.d.ts' */
/** @import {Phase} from './life.js' */

const SVG = 'http://www.w3.org/2000/svg';

/** Width of the drawing in its own units; it is stretched to its place. */
const WIDTH = 1000;

const HEIGHT = 26;

/** A phase that took any time is at least so wide. */
const MIN_WIDTH = 2;

/** States outside of a batch are drawn thinner. */
const OUTSIDE = new Set(['waiting', 'preempted']);

/**
 * @param {string} name
 * @param {Record<string, string|number>} attributes
 * @param {...Node} children
 */
function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/**
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 */
function sentence(lives, request, runEndUs) {
  const instance = lives.instance[request];
  const took = endUs(lives, request) - lives.arrival_us[request];
  return lifeWords(request, {
    input: lives.input_tokens[request],
    output: lives.output_tokens[request],
    instance: Number.isFinite(instance) ? instance : null,
    state: lives.states[request],
    tookUs: Number.isFinite(took) ? took : null,
    runEndUs,
  });
}

/**
 * @param {Phase[]} phases
 * @param {number} firstToken
 * @param {Eviction[]} evictions
 */
function drawing(phases, firstToken, evictions) {
  const from = phases[0].fromUs;
  const whole = Math.max(phases[phases.length - 1].toUs - from, 1);
  const x = (/** @type {number} */ us) => (WIDTH * (us - from)) / whole;
  const bars = phases
    .filter(({ fromUs, toUs }) => toUs > fromUs)
    .map(({ state, fromUs, toUs }) =>
      svg('rect', {
        class: `life-bar state-${state}`,
        x: Math.min(x(fromUs), WIDTH - MIN_WIDTH),
        y: OUTSIDE.has(state) ? 8 : 4,
        width: Math.max(x(toUs) - x(fromUs), MIN_WIDTH),
        height: OUTSIDE.has(state) ? 10 : 18,
        fill: state === 'prefill' ? 'url(#life-hatch)' : 'currentColor',
      }),
    );
  const marks = evictions.map(({ timeUs }) =>
    svg('path', { class: 'state-preempted', fill: 'currentColor', d: `M${x(timeUs) - 5} 0h10l-5 9Z` }),
  );
  const token = Number.isFinite(firstToken)
    ? [svg('path', { class: 'life-token', d: `M${x(firstToken)} 0V${HEIGHT}`, 'vector-effect': 'non-scaling-stroke' })]
    : [];
  return svg(
    'svg',
    { class: 'life-line', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('defs', {}, hatch()),
    ...bars,
    ...token,
    ...marks,
  );
}

/** The stripes of prefill, as on the picture of the cluster. */
function hatch() {
  const line = svg('path', { class: 'state-prefill', stroke: 'currentColor', 'stroke-width': 3, d: 'M0 0V7' });
  const attributes = { id: 'life-hatch', width: 6, height: 7, patternUnits: 'userSpaceOnUse' };
  return svg('pattern', { ...attributes, patternTransform: 'rotate(35)' }, line);
}

/**
 * @param {Phase[]} phases
 * @param {Lives} lives
 * @param {number} request
 */
function table(phases, lives, request) {
  const arrival = lives.arrival_us[request];
  const heads = LIFE.heads.map((head) => element('th', { scope: 'col' }, head));
  const rows = phases
    .filter(({ fromUs, toUs, open }) => open || toUs > fromUs)
    .map(({ name, meaning, state, fromUs, toUs, open }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', title: meaning }, markIcon(state), ` ${name}`),
        element('td', {}, time(fromUs - arrival)),
        element('td', {}, open ? LIFE.ended : time(toUs - arrival)),
        element('td', {}, open ? LIFE.soFar(toUs - fromUs) : time(toUs - fromUs)),
      ),
    );
  return element(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': LIFE.label },
    element(
      'table',
      { class: 'life-table' },
      element('caption', {}, LIFE.since(arrival)),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows),
    ),
  );
}

/**
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 * @param {EvictionSearch|null} evictions null while they are looked for
 * @returns {{line: Element[], details: Element[]}} the line to scale with its sentence, and all the rest
 */
export function lifeView(lives, request, runEndUs, evictions) {
  const phases = phasesOf(lives, request, runEndUs, evictions);
  if (phases.length === 0) return { line: [], details: [] };
  const times = lives.preemptions[request];
  const searching = times > 0 && evictions === null ? [LIFE.searching(times)] : [];
  const unseen = evictions === null ? 0 : times - evictions.found.length;
  const rest = unseen > 0 ? [LIFE.unseen(unseen, evictions?.complete === true)] : [];
  const words = [...searching, ...(evictions?.found ?? []).map(evictionWords), ...rest];
  const figures = element(
    'dl',
    { class: 'life-figures' },
    ...[
      [...LIFE.ttft, time(lives.ttft_us[request])],
      [...LIFE.e2e, time(lives.e2e_us[request])],
      [...LIFE.preemptions, count(times)],
      [...LIFE.cached, count(lives.cached_tokens[request])],
    ].map(([name, meaning, value]) =>
      element('div', { title: meaning }, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
  return {
    line: [
      drawing(phases, firstTokenUs(lives, request), evictions?.found ?? []),
      element('p', { class: 'life-sentence' }, sentence(lives, request, runEndUs)),
    ],
    details: [
      figures,
      ...words.map((line) => element('p', { class: 'life-eviction' }, markIcon('preempted'), ` ${line}`)),
      table(phases, lives, request),
    ],
  };
}
