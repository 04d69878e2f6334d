// The symbols of the buttons that move time, drawn: not every font has them.

const SVG = 'http://www.w3.org/2000/svg';

/** Shapes in a square of 16. */
const SHAPES = {
  play: 'M4 2.5v11l9.5-5.5Z',
  pause: 'M4 2.5h3v11h-3ZM9 2.5h3v11h-3Z',
  start: 'M3 2.5h2v11h-2ZM13.5 2.5v11l-8-5.5Z',
  end: 'M11 2.5h2v11h-2ZM2.5 2.5v11l8-5.5Z',
  step: 'M2.5 2.5v11l6.5-5.5ZM11 8a2 2 0 1 1 4 0a2 2 0 1 1-4 0Z',
};

/** @param {keyof typeof SHAPES} name */
export function icon(name) {
  const made = document.createElementNS(SVG, 'svg');
  const attributes = { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' };
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', SHAPES[name]);
  shape.setAttribute('fill', 'currentColor');
  made.append(shape);
  return made;
}
