// The page's colours, where a canvas needs them.

const DARK = '(prefers-color-scheme: dark)';

/** Asking the browser has it compute all styles at once; the colours only change with the theme. @type {Map<string, string>} */
const known = new Map();

if (typeof matchMedia === 'function') matchMedia(DARK).addEventListener('change', () => known.clear());

/**
 * The value of a CSS custom property of the page.
 * @param {Element} element
 * @param {string} name
 */
export function colour(element, name) {
  const value = known.get(name) ?? getComputedStyle(element).getPropertyValue(name).trim();
  if (value !== '') known.set(name, value);
  return value;
}

/**
 * Calls back when the page changes between light and dark.
 * @param {() => void} callback
 */
export function onThemeChange(callback) {
  matchMedia(DARK).addEventListener('change', callback);
}
