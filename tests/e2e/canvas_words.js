// What is written on canvases, and where: each word with the box that it takes, in pixels of its canvas.

/** @import {Page} from '@playwright/test' */

/** @typedef {{text: string, left: number, right: number, top: number, bottom: number}} Written */

/** @typedef {{at: number, upper: number, lower: number}} Line */

/** Notes words and dashed upright lines in the order in which they are drawn; runs in the page. */
function note() {
  /** @type {Map<HTMLCanvasElement, {words: Written[], struck: string[], lines: Line[]}>} */
  const drawn = new Map();
  const of = (/** @type {HTMLCanvasElement} */ canvas) => {
    const known = drawn.get(canvas) ?? { words: [], struck: [], lines: [] };
    drawn.set(canvas, known);
    return known;
  };
  const { clearRect, fillText, moveTo, lineTo } = CanvasRenderingContext2D.prototype;
  const proto = CanvasRenderingContext2D.prototype;
  proto.clearRect = function (...where) {
    drawn.delete(this.canvas);
    return clearRect.apply(this, where);
  };
  proto.fillText = function (text, x, y, ...width) {
    const { width: wide } = this.measureText(text);
    const size = Number(/(\d+(\.\d+)?)px/.exec(this.font)?.[1]);
    const share = { center: 0.5, right: 1, end: 1 }[/** @type {string} */ (this.textAlign)] ?? 0;
    const head = this.textBaseline === 'top' ? 0 : 0.75 * size;
    const corner = (/** @type {number} */ left, /** @type {number} */ top) =>
      this.getTransform().transformPoint(new DOMPoint(left, top));
    const [from, to] = [corner(x - share * wide, y - head), corner(x + (1 - share) * wide, y - head + size)];
    if (text !== '') of(this.canvas).words.push({ text, left: from.x, right: to.x, top: from.y, bottom: to.y });
    return fillText.call(this, text, x, y, ...width);
  };
  /** @type {[number, number]} */
  let last = [0, 0];
  proto.moveTo = function (x, y) {
    last = [x, y];
    return moveTo.call(this, x, y);
  };
  proto.lineTo = function (x, y) {
    if (this.getLineDash().length > 0 && x === last[0]) {
      const [from, to] = [last[1], y].map((end) => this.getTransform().transformPoint(new DOMPoint(x, end)));
      const [upper, lower] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
      const { words, struck, lines } = of(this.canvas);
      lines.push({ at: to.x, upper, lower });
      for (const { text, left, right, top, bottom } of words)
        if (left + 1 < to.x && to.x < right - 1 && top < lower && upper < bottom) struck.push(text);
    }
    last = [x, y];
    return lineTo.call(this, x, y);
  };
  Object.assign(globalThis, { drawnOn: of });
}

/** @param {Page} page before it is opened */
export const noteCanvasWords = (page) => page.addInitScript(note);

/**
 * @param {Page} page
 * @param {string} selector of a canvas
 * @returns {Promise<{words: Written[], struck: string[], lines: Line[]}>} with the words through which a dashed upright line was drawn
 * later, and those lines
 */
export const canvasWords = (page, selector) =>
  page.locator(selector).evaluate((canvas) => /** @type {any} */ (globalThis).drawnOn(canvas));

/**
 * The pairs of words that run into each other.
 * @param {Written[]} words
 */
export function collisions(words) {
  return words.flatMap((one, i) =>
    words
      .slice(i + 1)
      .filter(
        (other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
      )
      .map((other) => `${one.text} | ${other.text}`),
  );
}

/**
 * The words that a line goes through, or behind.
 * @param {Written[]} words
 * @param {Line[]} lines
 */
export function crossed(words, lines) {
  const isOn = (/** @type {Written} */ word, /** @type {Line} */ { at, upper, lower }) =>
    word.left + 1 < at && at < word.right - 1 && word.top < lower && upper < word.bottom;
  return words.filter((word) => lines.some((line) => isOn(word, line))).map(({ text }) => text);
}
