// Controls that an address hides, so that others see only what a link is about.

/**
 * The keys of controls that an address hides; unknown ones hide nothing.
 * @param {string} hide
 * @returns {Set<string>}
 */
export function hiddenKeys(hide) {
  return new Set(hide.split(',').filter((key) => key !== ''));
}
