// The life of one request: a sentence, a line to scale, and a table of the same in ms.

import { count, duration, plural } from '../../../shared/format.js';
import { element } from '../../../ui/dom.js';
import { markIcon } from '../../../ui/palette.js';
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

/** @type {Record<string, string>} */
const ENDS = {
  completed: 'completed',
  length_capped: 'ended at the model’s length limit',
  rejected: 'rejected by admission',
  timed_out: 'timed out',
  dropped: 'dropped as too large',
};

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
 * Milliseconds to the µs, as exact as the simulation: the unit of everything in the inspector.
 * @param {number} us
 */
export function ms(us) {
  if (!Number.isFinite(us)) return '–';
  const value = us / 1000;
  return `${value.toLocaleString('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 })} ms`;
}

/**
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 */
function sentence(lives, request, runEndUs) {
  const where = Number.isFinite(lives.instance[request]) ? ` on instance ${lives.instance[request]}` : '';
  const end = ENDS[lives.states[request]] ?? 'unfinished when the run ended';
  const total = endUs(lives, request) - lives.arrival_us[request];
  const after = Number.isFinite(total) ? ` after ${duration(total / 1000)}` : ` at ${duration(runEndUs / 1000)}`;
  const tokens = `${plural(lives.input_tokens[request], 'prompt token')}, ${plural(lives.output_tokens[request], 'output token')}`;
  return `Request ${request}: ${tokens}${where}; ${end}${after}.`;
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
  const heads = ['Phase', 'from', 'to', 'took'].map((head) => element('th', { scope: 'col' }, head));
  const rows = phases.map(({ name, meaning, state, fromUs, toUs, open }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', title: meaning }, markIcon(state), ` ${name}`),
      element('td', {}, ms(fromUs - arrival)),
      element('td', {}, open ? 'run ended' : ms(toUs - arrival)),
      element('td', {}, open ? `${ms(toUs - fromUs)} so far` : ms(toUs - fromUs)),
    ),
  );
  return element(
    'div',
    { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Phases of the request' },
    element(
      'table',
      { class: 'life-table' },
      element('caption', {}, `Since its arrival at ${ms(arrival)}`),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows),
    ),
  );
}

/** @param {Eviction} eviction */
function evictionInWords({ timeUs, usedBlocks, kvBlocks, batchBefore, batchAfter, position }) {
  const place =
    position > 0
      ? `It was number ${count(position)} of ${count(batchBefore)} in the batch`
      : 'It had just left the batch';
  return `Preempted at ${ms(timeUs)}: just before, ${count(usedBlocks)} of ${count(kvBlocks)} KV blocks in use, too few free for the next step. ${place}; ${plural(batchAfter, 'request')} ran on without it. It then waited and computed its prompt again.`;
}

/**
 * @param {Lives} lives
 * @param {number} request
 * @param {number} runEndUs
 * @param {EvictionSearch|null} evictions null while they are looked for
 */
export function lifeView(lives, request, runEndUs, evictions) {
  const phases = phasesOf(lives, request, runEndUs, evictions);
  if (phases.length === 0) return [element('p', {}, `Request ${request} never arrived: the run ended before.`)];
  const times = lives.preemptions[request];
  const searching = times > 0 && evictions === null ? [`Preempted ${plural(times, 'time')}; looking for when…`] : [];
  const unseen = evictions === null ? 0 : times - evictions.found.length;
  const why = evictions?.complete ? 'began and ended within one event' : 'not looked for: it took too long';
  const rest = unseen > 0 ? [`${plural(unseen, 'more preemption')} ${why}.`] : [];
  const words = [...searching, ...(evictions?.found ?? []).map(evictionInWords), ...rest];
  const figures = element(
    'dl',
    { class: 'life-figures' },
    ...[
      ['TTFT', ms(lives.ttft_us[request])],
      ['E2E', ms(lives.e2e_us[request])],
      ['preemptions', count(times)],
      ['prompt tokens from cache', count(lives.cached_tokens[request])],
    ].map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
  return [
    element('p', { class: 'life-sentence' }, sentence(lives, request, runEndUs)),
    drawing(phases, firstTokenUs(lives, request), evictions?.found ?? []),
    figures,
    ...words.map((line) => element('p', { class: 'life-eviction' }, markIcon('preempted'), ` ${line}`)),
    table(phases, lives, request),
  ];
}
