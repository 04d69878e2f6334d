// The page's colours, where a canvas needs them.

/**
 * The value of a CSS custom property.
 * @param {Element} element
 * @param {string} name
 */
export function colour(element, name) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/**
 * Calls back when the page changes between light and dark.
 * @param {() => void} callback
 */
export function onThemeChange(callback) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', callback);
}
