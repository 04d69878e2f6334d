// Where everything of the picture stands: plain arithmetic, so that drawing, pointing and tests agree.

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * @typedef {object} Card
 * @property {Box} box
 * @property {Box} queue where waiting requests stand, the next one at the right
 * @property {Box} batch where running requests stand, in batch order
 * @property {[Box, Box, Box]} bars how full the limits are: step budget, slots, KV blocks
 * @property {Box|null} waits the line with the reasons of waits, if there is room for it
 * @property {boolean} words whether there is room for words beside the bars
 * @property {boolean} low whether there is only one line: name, number, bars
 */

/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {{name: 'gateway'|'admission'|'routing', box: Box}[]} stations
 * @property {Card[]} cards
 * @property {number} columns of cards
 * @property {boolean} beside whether the stations stand beside the cards, not above them
 */

/** Below this width the stations stand above the instances. */
const NARROW = 520;

const EDGE = 10;

/** Edges of a low picture: the rails still have to run above its cards. */
const SHORT_EDGES = { above: 8, below: 2 };

/** Between cards: the rails along which requests are delivered run here. */
const GAP = 12;

const STATION_WIDTH = 124;

const STATION_HEIGHT = 48;

/** Between stations above the instances. */
const NARROW_BETWEEN = 14;

/** Below this height there is room only for one line per station. */
const SHORT = 230;

/** Width over height that a card is most readable at. */
const BEST_ASPECT = 1.8;

/** How much of a card's width is for its queue. */
const QUEUE_SHARE = 0.28;

/** Between queue and batch. */
const QUEUE_GAP = 6;

/** From this height on, a low card has a name; and how much of its line that takes. */
const NAMED = 18;

const NAME_WIDTH = 56;

/** Height of a card's line of words, and of one of its bars with words. */
export const LINE = 19;

/** Height of a bar without words. */
const BAR = 5;

/** From this size on, bars have words, and how much of the width these take. */
const WORDS_FROM = { height: 176, width: 158 };

export const LABEL_WIDTH = { long: 152, short: 104 };

/** From this width on there is room for the long words beside the bars, and for the whole reason of waits. */
export const LONG_FROM = 260;

/** From this size on, there is a line with the reason of waits. */
const WAITS_FROM = { height: 96, width: 158 };

/** Below this height a card has narrower edges. */
const SHORT_CARD = 90;

/** Below this height the bars stand beside the name instead of below it. */
export const LOW = 50;

/** What places count for that stay empty in the last row, as a share of all, and a card's form. */
const EMPTY = 2.5;

const FORM = 0.25;

/** Below these heights a batch is hardly seen, or not well. */
const SEEN = 12;

const SEEN_WELL = 26;

/** Below these widths there is no room for `45 waiting` beside a name, or for a number. */
const NUMBERED = 112;

const NARROW_CARD = 60;

/**
 * How much is wrong with cards of a size.
 * @param {number} width
 * @param {number} height
 */
function flaws(width, height) {
  const { batch, words, waits, low } = cardIn({ x: 0, y: 0, width, height });
  const nameless = !low && height < LOW;
  const unseen = nameless
    ? 3 + (4 * NAMED) / height
    : low
      ? 2
      : batch.height < SEEN
        ? 1.5
        : batch.height < SEEN_WELL
          ? 0.5
          : 0;
  const wordless = (words ? 0 : 0.4) + (waits === null ? 0.2 : 0);
  const narrow = width < NARROW_CARD ? 1.5 + NARROW_CARD / width : width < NUMBERED ? 0.4 : 0;
  const form = FORM * Math.abs(Math.log(Math.max(width, 1) / Math.max(height, 1) / BEST_ASPECT));
  return unseen + wordless + narrow + form;
}

/**
 * How many columns of cards suit a space best.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 */
export function columnsFor(count, width, height) {
  let best = 1;
  let lowest = Infinity;
  for (let columns = 1; columns <= Math.min(count, 40); columns += 1) {
    const rows = Math.ceil(count / columns);
    const empty = (EMPTY * (rows * columns - count)) / (rows * columns);
    const cardWidth = Math.max((width - GAP * (columns - 1)) / columns, 2);
    const cardHeight = Math.max((height - GAP * (rows - 1)) / rows, 2);
    const badness = empty + flaws(cardWidth, cardHeight);
    if (badness < lowest) {
      lowest = badness;
      best = columns;
    }
  }
  return best;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} instances
 * @returns {Layout}
 */
export function layoutFor(width, height, instances) {
  const beside = width >= NARROW;
  const left = beside ? STATION_WIDTH + EDGE + 2 * GAP : EDGE + GAP;
  const edges = beside && height < SHORT ? SHORT_EDGES : { above: EDGE, below: EDGE };
  const top = beside ? edges.above : EDGE + STATION_HEIGHT + GAP;
  const space = { x: left, y: top, width: width - left - EDGE, height: height - top - edges.below };
  const columns = columnsFor(instances, space.width, space.height);
  const rows = Math.ceil(instances / columns);
  const cardWidth = Math.max((space.width - GAP * (columns - 1)) / columns, 2);
  const cardHeight = Math.max((space.height - GAP * (rows - 1)) / rows, 2);
  const cards = Array.from({ length: instances }, (_unused, i) =>
    cardIn({
      x: space.x + (i % columns) * (cardWidth + GAP),
      y: space.y + Math.floor(i / columns) * (cardHeight + GAP),
      width: cardWidth,
      height: cardHeight,
    }),
  );
  return { width, height, stations: stationsIn(width, height, beside), cards, columns, beside };
}

/**
 * @param {number} width
 * @param {number} height
 * @param {boolean} beside
 * @returns {Layout['stations']}
 */
function stationsIn(width, height, beside) {
  const names = /** @type {const} */ (['gateway', 'admission', 'routing']);
  const between = beside ? (height < SHORT ? 17 : 22) : NARROW_BETWEEN;
  const stationWidth = beside ? STATION_WIDTH : (width - 2 * EDGE - 2 * between) / 3;
  const room = (height - 2 * EDGE - 3 * between) / 3;
  const stationHeight = beside ? Math.max(Math.min(STATION_HEIGHT, room), 20) : STATION_HEIGHT;
  return names.map((name, i) => ({
    name,
    box: {
      x: beside ? EDGE : EDGE + i * (stationWidth + between),
      y: beside ? EDGE + i * (stationHeight + between) : EDGE,
      width: stationWidth,
      height: stationHeight,
    },
  }));
}

/**
 * One line: name and number of waiting requests, and the bars beside them.
 * @param {Box} box
 * @returns {Card}
 */
function lowCardIn(box) {
  const none = { x: box.x, y: box.y, width: 0, height: 0 };
  const height = Math.min(BAR, box.height / 6);
  const middle = box.y + box.height / 2;
  const [x, width] = [box.x + NAME_WIDTH, box.width - NAME_WIDTH - 6];
  const bar = (/** @type {number} */ i) => ({ x, y: middle + (i - 1.5) * (height + 1.5), width, height });
  return { box, queue: none, batch: none, bars: [bar(0), bar(1), bar(2)], waits: null, words: false, low: true };
}

/**
 * @param {Box} box
 * @returns {Card}
 */
function cardIn(box) {
  const words = box.height >= WORDS_FROM.height && box.width >= WORDS_FROM.width;
  if (!words && box.height < LOW && box.height >= NAMED && box.width >= NAME_WIDTH + 12) return lowCardIn(box);
  const edge = box.height < LOW ? 1 : box.height < SHORT_CARD ? 4 : 6;
  const head = box.height < LOW ? 0 : LINE + 2;
  const bar = words ? LINE : Math.min(BAR, box.height / 6);
  const x = box.x + edge;
  const width = Math.max(box.width - 2 * edge, 1);
  const line = box.height >= WAITS_FROM.height && box.width >= WAITS_FROM.width ? LINE : 0;
  const bottom = box.y + box.height - edge - line;
  const between = words ? 0 : Math.min(2, box.height / 12);
  const barAt = (/** @type {number} */ fromBelow) => ({
    x,
    y: bottom - bar - fromBelow * (bar + between),
    width,
    height: bar,
  });
  const bars = /** @type {[Box, Box, Box]} */ ([barAt(2), barAt(1), barAt(0)]);
  const y = box.y + edge + head;
  const height = Math.max(bars[0].y - (words ? 2 : 4) - y, 0);
  const queueWidth = Math.round(width * QUEUE_SHARE);
  return {
    box,
    queue: { x, y, width: queueWidth, height },
    batch: { x: x + queueWidth + QUEUE_GAP, y, width: Math.max(width - queueWidth - QUEUE_GAP, 0), height },
    bars,
    waits: line > 0 ? { x, y: bottom, width, height: line } : null,
    words,
    low: false,
  };
}

/**
 * The rail from routing to an instance, as corners: out, along the gap above the instance's row, and in.
 * @param {Layout} layout
 * @param {number} instance
 * @returns {{x: number, y: number}[]}
 */
export function railTo({ stations, cards, beside }, instance) {
  const from = stations[2].box;
  const { box } = cards[instance];
  const trunk = cards[0].box.x - GAP;
  const lane = box.y - GAP / 2;
  const start = beside
    ? { x: from.x + from.width, y: from.y + from.height / 2 }
    : { x: from.x + from.width / 2, y: from.y + from.height };
  const out = beside ? [{ x: trunk, y: start.y }] : [{ x: start.x, y: cards[0].box.y - GAP / 2 }];
  const along = beside || instance > 0 ? [{ x: trunk, y: beside ? start.y : cards[0].box.y - GAP / 2 }] : [];
  const end = { x: box.x + 8, y: box.y };
  return [start, ...out, ...along, { x: trunk, y: lane }, { x: end.x, y: lane }, end];
}

/**
 * A point on a way, at a share of its length.
 * @param {{x: number, y: number}[]} corners
 * @param {number} share from 0 to 1
 */
export function pointAlong(corners, share) {
  const lengths = corners.slice(1).map(({ x, y }, i) => Math.abs(x - corners[i].x) + Math.abs(y - corners[i].y));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (let i = 0; i < lengths.length; i += 1) {
    if (left <= lengths[i] && lengths[i] > 0) {
      const part = left / lengths[i];
      const [from, to] = [corners[i], corners[i + 1]];
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    }
    left -= lengths[i];
  }
  return corners[corners.length - 1];
}
