// The type of what is drawn and not set by a style sheet: pictures have the sizes that the style sheets have.

/** The smallest size of type, px: `--text-small` where the browser's own size is not changed. */
export const SMALL_PX = 14;

/** By how much type is larger than the style sheets have it: in front of a class, and where a browser's own size is changed. */
export const typeScale = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/**
 * A font for a canvas or for uPlot.
 * @param {string} [weight]
 * @param {number} [px]
 */
export function font(weight = 'normal', px = SMALL_PX) {
  return `${weight} ${px}px system-ui, sans-serif`;
}
