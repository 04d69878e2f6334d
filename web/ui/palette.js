// One colour and one shape per state of a request, with the same meaning in animation, charts, legend and lessons.
// Shapes repeat what the colours tell, so that the page can be read without them.

/**
 * @typedef {'future'|'transit'|'waiting'|'preempted'|'prefill'|'decode'|'done'|'rejected'|'timed-out'|'dropped'} StateName
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
    label: 'to come',
    meaning: 'Not sent yet.',
    colour: '--state-future',
    path: 'M-.7 0h.05M0 0h.05M.7 0h.05',
    solid: false,
  },
  transit: {
    name: 'transit',
    label: 'on the way',
    meaning: 'Between gateway and instance: being admitted, routed or delivered.',
    colour: '--state-transit',
    path: 'M-.6 -.75L.75 0L-.6 .75Z',
    solid: true,
  },
  waiting: {
    name: 'waiting',
    label: 'waiting',
    meaning: 'In the wait queue of an instance, because its batch has no room.',
    colour: '--state-waiting',
    path: CIRCLE,
    solid: false,
  },
  preempted: {
    name: 'preempted',
    label: 'preempted',
    meaning: 'Thrown out of the batch because KV memory ran out; it waits again and computes its prompt anew.',
    colour: '--state-preempted',
    path: 'M-.8 -.65H.8L0 .8Z',
    solid: false,
  },
  prefill: {
    name: 'prefill',
    label: 'prefill',
    meaning: 'In the batch, its prompt is being computed.',
    colour: '--state-prefill',
    path: 'M0 -.95L.95 0L0 .95L-.95 0Z',
    solid: true,
  },
  decode: {
    name: 'decode',
    label: 'decode',
    meaning: 'In the batch, one word of its answer per step.',
    colour: '--state-decode',
    path: CIRCLE,
    solid: true,
  },
  done: {
    name: 'done',
    label: 'completed',
    meaning: 'The whole answer was sent.',
    colour: '--state-done',
    path: 'M-.75 .05L-.2 .65L.8 -.6',
    solid: false,
  },
  rejected: {
    name: 'rejected',
    label: 'rejected',
    meaning: 'Refused by admission.',
    colour: '--state-rejected',
    path: 'M-.65 -.65L.65 .65M.65 -.65L-.65 .65',
    solid: false,
  },
  'timed-out': {
    name: 'timed-out',
    label: 'timed out',
    meaning: 'Given up at its deadline.',
    colour: '--state-timed-out',
    path: 'M-.65 -.8H.65L-.65 .8H.65Z',
    solid: false,
  },
  dropped: {
    name: 'dropped',
    label: 'too large',
    meaning: 'Larger than an instance can ever hold, so it was dropped.',
    colour: '--state-rejected',
    path: 'M-.7 -.7H.7V.7H-.7ZM-.7 .7L.7 -.7',
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
