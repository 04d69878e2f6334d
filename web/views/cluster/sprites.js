// Small pictures of the marks, drawn once: thousands of them are then copied or repeated, not drawn, in every frame.

import { LINE, MARKS } from '../../ui/palette.js';

/** @import {StateName} from '../../ui/palette.js' */

/** Colours of the page that the picture needs besides those of the states. */
const INKS = /** @type {const} */ (['--paper', '--page', '--ink', '--muted', '--rule', '--main', '--focus']);

export class Sprites {
  /** @type {Map<string, HTMLCanvasElement>} */
  #drawn = new Map();

  /** @type {Map<string, CanvasPattern|null>} */
  #hatches = new Map();

  /** Marks as patterns, by state and size. @type {Map<StateName, Map<number, CanvasPattern|null>>} */
  #tiles = new Map();

  #place = new DOMMatrix();

  /** @type {Record<string, string>} */
  colours = {};

  #ratio = 1;

  /**
   * Forgets everything if the colours or the pixels have changed.
   * @param {Element} host whose custom properties give the colours
   * @param {number} ratio device pixels per CSS pixel
   */
  refresh(host, ratio) {
    this.#ratio = ratio;
    this.#drawn.clear();
    this.#hatches.clear();
    this.#tiles.clear();
    const names = [...INKS, ...Object.values(MARKS).map(({ colour: name }) => name)];
    const styles = getComputedStyle(host);
    this.colours = Object.fromEntries(names.map((name) => [name, styles.getPropertyValue(name).trim()]));
  }

  /** @param {StateName} state */
  colourOf(state) {
    return this.colours[MARKS[state].colour];
  }

  /**
   * Copies a mark to a place.
   * @param {CanvasRenderingContext2D} ctx
   * @param {StateName} state
   * @param {number} x of its middle
   * @param {number} y
   * @param {number} size of its cell
   */
  draw(ctx, state, x, y, size) {
    ctx.drawImage(this.#sprite(state, size), x - size / 2, y - size / 2, size, size);
  }

  /**
   * Fills a stretch of cells with the same mark at once: in a full cluster that is ten times quicker than mark by mark.
   * @param {CanvasRenderingContext2D} ctx
   * @param {StateName} state
   * @param {number} x of its left upper corner
   * @param {number} y
   * @param {number} width whole cells
   * @param {number} height
   * @param {number} cell side of a cell
   */
  fill(ctx, state, x, y, width, height, cell) {
    const tile = this.#tile(ctx, state, cell);
    if (tile === null) return;
    const scale = cell / this.#sprite(state, cell).width;
    // One matrix is used again and again: thousands of new ones a second would have to be collected.
    this.#place.a = scale;
    this.#place.d = scale;
    this.#place.e = x;
    this.#place.f = y;
    tile.setTransform(this.#place);
    ctx.fillStyle = tile;
    ctx.fillRect(x, y, width, height);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {StateName} state
   * @param {number} size
   */
  #tile(ctx, state, size) {
    const sizes = this.#tiles.get(state) ?? new Map();
    let tile = sizes.get(size);
    if (tile === undefined) {
      tile = ctx.createPattern(this.#sprite(state, size), 'repeat');
      sizes.set(size, tile);
      this.#tiles.set(state, sizes);
    }
    return tile;
  }

  /**
   * Stripes in the colour of a state, for areas.
   * @param {CanvasRenderingContext2D} ctx
   * @param {StateName} state
   * @returns {CanvasPattern|string}
   */
  hatch(ctx, state) {
    let pattern = this.#hatches.get(state);
    if (pattern === undefined) {
      pattern = ctx.createPattern(this.#stripes(state), 'repeat');
      pattern?.setTransform(new DOMMatrix().scale(1 / this.#ratio));
      this.#hatches.set(state, pattern);
    }
    return pattern ?? this.colourOf(state);
  }

  /**
   * @param {StateName} state
   * @param {number} size
   */
  #sprite(state, size) {
    const key = `${state} ${size}`;
    const known = this.#drawn.get(key);
    if (known) return known;
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(size * this.#ratio);
    canvas.height = canvas.width;
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const scale = canvas.width / 2.5;
    ctx.translate(canvas.width / 2, canvas.height / 2);
    ctx.scale(scale, scale);
    ctx.fillStyle = this.colourOf(state);
    ctx.strokeStyle = this.colourOf(state);
    ctx.lineWidth = LINE;
    ctx.lineCap = 'round';
    ctx.lineJoin = 'round';
    const shape = new Path2D(MARKS[state].path);
    if (MARKS[state].solid) ctx.fill(shape);
    else ctx.stroke(shape);
    this.#drawn.set(key, canvas);
    return canvas;
  }

  /** @param {StateName} state */
  #stripes(state) {
    const side = Math.round(5 * this.#ratio);
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = side;
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    ctx.strokeStyle = this.colourOf(state);
    ctx.lineWidth = side * 0.42;
    for (const shift of [-side, 0, side]) {
      ctx.beginPath();
      ctx.moveTo(shift - 1, side + 1);
      ctx.lineTo(shift + side + 1, -1);
      ctx.stroke();
    }
    return canvas;
  }
}
