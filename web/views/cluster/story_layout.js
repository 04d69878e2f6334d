// Where everything of the Story's picture stands: cards and nothing else, every dot of the same size.

/** @import {Box} from './layout.js' */
/** @import {Grid} from './marks.js' */

/**
 * @typedef {object} StoryLayout
 * @property {number} width
 * @property {number} height
 * @property {number} columns of cards
 * @property {{box: Box, dots: Box}[]} cards
 * @property {Grid} grid of the dots of every card
 * @property {number} each requests that a dot stands for
 */

const GAP = 8;

const EDGE = 6;

/** Height of the line with name and number, and that of a card that has little. */
const HEAD = { roomy: 24, tight: 19 };

/** Below this height a card has little. */
const ROOMY = 50;

/** Width over height that a card is most readable at. */
const BEST_ASPECT = 1.7;

/** What places count for that stay empty in the last row, as a share of all. */
const EMPTY = 4;

/** From this width on there is room for a number and its word. */
const WORDS_WIDTH = 112;

/** Below this size a card has no room for its number, or for dots below it. */
const LEAST = { width: 58, height: 38 };

/** Sides of a dot's cell: the largest, and the least at which dots can be told apart at arm's length. */
const LARGEST_CELL = 12;

const SMALLEST_CELL = 7;

/** Room for more requests than the timeline has seen. */
const MARGIN = 1.05;

/** Of a card that is not there. @type {Box} */
const NO_ROOM = { x: 0, y: 0, width: 0, height: 0 };

/** Requests that a dot can stand for: what can be multiplied in the head. */
const EACH = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * @param {number} count
 * @param {number} width
 * @param {number} height
 */
export function storyColumns(count, width, height) {
  let best = 1;
  let lowest = Infinity;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cardWidth = (width - GAP * (columns - 1)) / columns;
    const cardHeight = (height - GAP * (rows - 1)) / rows;
    const small = (cardWidth < LEAST.width ? 3 : 0) + (cardHeight < LEAST.height ? 2 : 0);
    const wordless = cardWidth < WORDS_WIDTH ? 0.4 : 0;
    const empty = (EMPTY * (rows * columns - count)) / (rows * columns);
    const aspect = Math.abs(Math.log(Math.max(cardWidth, 1) / Math.max(cardHeight, 1) / BEST_ASPECT));
    const badness = small + wordless + empty + aspect;
    if (badness < lowest) {
      lowest = badness;
      best = columns;
    }
  }
  return best;
}

/**
 * @param {Box} box
 * @param {number} cell
 * @returns {Grid}
 */
function gridOf({ width, height }, cell) {
  const columns = Math.floor(width / cell);
  const rows = Math.floor(height / cell);
  return { cell, columns, rows, capacity: columns * rows };
}

/**
 * The largest dots in which the fullest instance of the run fits into its card, and how many requests each is.
 * @param {Box} box
 * @param {number} fullest
 * @param {number} [least] requests that a dot stands for, even where there is room for more dots
 * @returns {{grid: Grid, each: number}}
 */
function dotsFor(box, fullest, least = 1) {
  const smallest = gridOf(box, SMALLEST_CELL);
  // Waiting and answered requests stand in rows of their own, and between two points of the timeline there may be more.
  const fits = (/** @type {Grid} */ { columns, rows }, /** @type {number} */ each) =>
    Math.ceil(Math.ceil((fullest * MARGIN) / each) / columns) + 1 <= rows;
  const each = EACH.find((requests) => requests >= least && fits(smallest, requests)) ?? EACH[EACH.length - 1];
  for (let cell = LARGEST_CELL; cell > SMALLEST_CELL; cell -= 0.5) {
    const grid = gridOf(box, cell);
    if (fits(grid, each)) return { grid, each };
  }
  return { grid: smallest, each };
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} instances
 * @param {number} fullest most requests that an instance ever holds
 * @returns {StoryLayout}
 */
export function storyLayout(width, height, instances, fullest) {
  const columns = storyColumns(instances, width, height);
  const rows = Math.ceil(instances / columns);
  const cardWidth = Math.max((width - GAP * (columns - 1)) / columns, 2);
  const cardHeight = Math.max((height - GAP * (rows - 1)) / rows, 2);
  const cards = Array.from({ length: instances }, (_unused, i) => {
    const x = (i % columns) * (cardWidth + GAP);
    const y = Math.floor(i / columns) * (cardHeight + GAP);
    const head = cardHeight < LEAST.height ? EDGE / 2 : cardHeight < ROOMY ? HEAD.tight : HEAD.roomy;
    return {
      box: { x, y, width: cardWidth, height: cardHeight },
      dots: {
        x: x + EDGE,
        y: y + head,
        width: Math.max(cardWidth - 2 * EDGE, 0),
        height: Math.max(cardHeight - head - (cardHeight < ROOMY ? EDGE / 2 : EDGE), 0),
      },
    };
  });
  return { width, height, columns, cards, ...dotsFor(cards[0]?.dots ?? NO_ROOM, fullest) };
}

/**
 * Layouts of pictures that stand side by side: a dot is as large in one as in the other, and stands for as many requests.
 * @param {number} width
 * @param {number} height
 * @param {{instances: number, fullest: number}[]} clusters
 * @returns {StoryLayout[]}
 */
export function alikeLayouts(width, height, clusters) {
  const layouts = clusters.map(({ instances, fullest }) => storyLayout(width, height, instances, fullest));
  const each = Math.max(...layouts.map((layout) => layout.each));
  const boxes = layouts.map(({ cards }) => cards[0]?.dots ?? NO_ROOM);
  // The larger the dot, the fewer of them fit: with the smaller one every card has the room that it needs.
  const cell = Math.min(...boxes.map((box, i) => dotsFor(box, clusters[i].fullest, each).grid.cell));
  return layouts.map((layout, i) => ({ ...layout, each, grid: gridOf(boxes[i], cell) }));
}

/**
 * Rows of dots: what waits hangs from the top, what is answered stands on the ground, so that neither moves when the other
 * grows.
 * @param {Box} box
 * @param {Grid} grid
 * @param {number} dots
 * @param {boolean} fromTop
 * @param {number} [most] rows that there is room for
 * @returns {{x: number, y: number, length: number}[]} left upper corner and number of dots of each row
 */
export function rowsOfDots(box, { cell, columns, rows }, dots, fromTop, most = rows) {
  if (columns === 0) return [];
  const used = Math.min(Math.ceil(dots / columns), most);
  // What is left over of the height stands between the two.
  const y = (/** @type {number} */ row) => (fromTop ? box.y + row * cell : box.y + box.height - (row + 1) * cell);
  return Array.from({ length: used }, (_unused, row) => ({
    x: box.x,
    y: y(row),
    length: Math.min(columns, dots - row * columns),
  }));
}

/** Slots that are fewer dots than this have no line: what it would be above cannot be told. */
const LEAST_SLOTS = 4;

/**
 * The line above the place of as many running requests as an instance takes; null where there is no room for it.
 * @param {Box} box of the dots
 * @param {Pick<StoryLayout, 'grid'|'each'>} layout
 * @param {number} slots
 * @returns {{x: number, y: number}[]|null}
 */
export function slotsLine(box, { grid: { cell, columns, rows }, each }, slots) {
  const dots = Math.ceil(slots / each);
  if (dots < LEAST_SLOTS || dots > columns * rows) return null;
  const full = Math.floor(dots / columns);
  const rest = dots - full * columns;
  const y = (/** @type {number} */ row) => box.y + box.height - row * cell - 0.5;
  const right = box.x + columns * cell;
  if (rest === 0) return [{ x: box.x, y: y(full) }, { x: right, y: y(full) }]; // prettier-ignore
  const step = box.x + rest * cell;
  return [
    { x: box.x, y: y(full + 1) },
    { x: step, y: y(full + 1) },
    { x: step, y: y(full) },
    { x: right, y: y(full) },
  ];
}
