// One colour and one shape per state of a request, with the same meaning in animation, charts, legend and lessons.
// Shapes repeat what the colours tell, so that the page can be read without them.

import { STATES } from '../words/states.js';

/**
 * @typedef {'future'|'transit'|'waiting'|'preempted'|'prefill'|'decode'|'done'|'rejected'|'timed-out'|'dropped'|'lost'} StateName
 */

/**
 * @typedef {object} Mark
 * @property {StateName} name
 * @property {string} label
 * @property {string} meaning one sentence for someone who sees the word for the first time
 * @property {string} colour name of a CSS custom property
 * @property {string} path of the shape, in a square from -1 to 1
 * @property {boolean} solid whether the shape is filled; otherwise it is a line
 */

const CIRCLE = 'M-.75 0A.75 .75 0 1 1 .75 0A.75 .75 0 1 1 -.75 0Z';

/** @type {Record<StateName, Mark>} */
export const MARKS = {
  future: {
    name: 'future',
    ...STATES.future,
    colour: '--state-future',
    path: 'M-.7 0h.05M0 0h.05M.7 0h.05',
    solid: false,
  },
  transit: {
    name: 'transit',
    ...STATES.transit,
    colour: '--state-transit',
    path: 'M-.6 -.75L.75 0L-.6 .75Z',
    solid: true,
  },
  waiting: {
    name: 'waiting',
    ...STATES.waiting,
    colour: '--state-waiting',
    path: CIRCLE,
    solid: false,
  },
  preempted: {
    name: 'preempted',
    ...STATES.preempted,
    colour: '--state-preempted',
    path: 'M-.8 -.65H.8L0 .8Z',
    solid: false,
  },
  prefill: {
    name: 'prefill',
    ...STATES.prefill,
    colour: '--state-prefill',
    path: 'M0 -.95L.95 0L0 .95L-.95 0Z',
    solid: true,
  },
  decode: {
    name: 'decode',
    ...STATES.decode,
    colour: '--state-decode',
    path: CIRCLE,
    solid: true,
  },
  done: {
    name: 'done',
    ...STATES.done,
    colour: '--state-done',
    path: 'M-.75 .05L-.2 .65L.8 -.6',
    solid: false,
  },
  rejected: {
    name: 'rejected',
    ...STATES.rejected,
    colour: '--state-rejected',
    path: 'M-.65 -.65L.65 .65M.65 -.65L-.65 .65',
    solid: false,
  },
  'timed-out': {
    name: 'timed-out',
    ...STATES['timed-out'],
    colour: '--state-timed-out',
    path: 'M-.65 -.8H.65L-.65 .8H.65Z',
    solid: false,
  },
  dropped: {
    name: 'dropped',
    ...STATES.dropped,
    colour: '--state-rejected',
    path: 'M-.7 -.7H.7V.7H-.7ZM-.7 .7L.7 -.7',
    solid: false,
  },
  lost: {
    name: 'lost',
    ...STATES.lost,
    colour: '--state-lost',
    path: 'M.25 -.95L-.35 0H.35L-.25 .95',
    solid: false,
  },
};

/** Width of the line of shapes that are not filled, in units of the shape. */
export const LINE = 0.4;

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The shape of a state for the page's text, in the colour of the text around it.
 * @param {StateName} name
 */
export function markIcon(name) {
  const { path, solid } = MARKS[name];
  const icon = document.createElementNS(SVG, 'svg');
  const attributes = { class: `mark state-${name}`, viewBox: '-1.1 -1.1 2.2 2.2', 'aria-hidden': 'true' };
  for (const [key, value] of Object.entries(attributes)) icon.setAttribute(key, value);
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  shape.setAttribute('fill', solid ? 'currentColor' : 'none');
  shape.setAttribute('stroke', solid ? 'none' : 'currentColor');
  shape.setAttribute('stroke-width', String(LINE));
  icon.append(shape);
  return icon;
}
