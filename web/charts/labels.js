// Where the labels of marked lines stand, so that none runs into another: geometry alone, the same on the page and in
// saved pictures.

/**
 * A line across the plot with a label.
 * @typedef {object} MarkedLine
 * @property {'x'|'y'} axis
 * @property {number} place of the line
 * @property {number} width of its label
 */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/**
 * Whether two boxes have more than an edge in common.
 * @param {Box} one
 * @param {Box} other
 */
export function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/**
 * @param {Box} box
 * @param {MarkedLine} line
 */
function isCrossed({ left, top, right, bottom }, { axis, place }) {
  return axis === 'x' ? place > left && place < right : place > top && place < bottom;
}

/**
 * Whether a line lies within the plot, so that it is drawn.
 * @param {MarkedLine} line
 * @param {Box} plot
 */
export function isWithin({ axis, place }, { left, top, right, bottom }) {
  return axis === 'x' ? place >= left && place <= right : place >= top && place <= bottom;
}

/**
 * The places that a label may have, best first: beside its line in the highest row that is free, or along its line from
 * the right end.
 * @param {MarkedLine} line
 * @param {Box} plot
 * @param {number} height of a row
 * @param {number} gap between line and label
 * @returns {Box[]}
 */
function candidates({ axis, place, width }, plot, height, gap) {
  /** @type {Box[]} */
  const found = [];
  const add = (/** @type {number} */ left, /** @type {number} */ top) => {
    const box = { left, top, right: left + width, bottom: top + height };
    const fits = left >= plot.left && box.right <= plot.right && top >= plot.top && box.bottom <= plot.bottom;
    if (fits) found.push(box);
  };
  if (axis === 'x') {
    // A label that fits on neither side lies over its line, at the edge.
    const edge = Math.min(Math.max(place + gap, plot.left), plot.right - width);
    const sides = [place + gap, place - gap - width];
    const beside = sides.filter((left) => left >= plot.left && left + width <= plot.right);
    for (let top = plot.top; top + height <= plot.bottom; top += height)
      for (const left of beside.length > 0 ? beside : [edge]) add(left, top);
    return found;
  }
  for (let left = plot.right - gap - width; left >= plot.left; left -= width / 2 + gap) {
    add(left, place - height);
    add(left, place + gap / 2);
  }
  return found;
}

/**
 * A box per line for its label: free of all other labels and, where possible, of all other lines. Null where the line
 * lies outside or where there is no room.
 * @param {MarkedLine[]} lines
 * @param {Box} plot
 * @param {{height: number, gap: number}} sizes of a row, and between a line and its label
 * @returns {(Box|null)[]}
 */
export function placeLabels(lines, plot, { height, gap }) {
  const drawn = lines.filter((line) => isWithin(line, plot));
  /** @type {Map<MarkedLine, Box>} */
  const boxes = new Map();
  const put = (/** @type {MarkedLine} */ line, /** @type {(box: Box) => boolean} */ isGood) => {
    const taken = [...boxes.values()];
    const isFree = (/** @type {Box} */ box) => !taken.some((other) => overlap(box, other));
    const box = candidates(line, plot, height, gap).find((place) => isFree(place) && isGood(place));
    if (box) boxes.set(line, box);
  };
  // First those that no line needs to go through.
  for (const line of drawn) put(line, (box) => !drawn.some((other) => other !== line && isCrossed(box, other)));
  for (const line of drawn) if (!boxes.has(line)) put(line, () => true);
  return lines.map((line) => boxes.get(line) ?? null);
}
