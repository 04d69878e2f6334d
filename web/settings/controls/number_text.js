// Numbers as people type them.

/**
 * Without the commas between thousands, which the page itself writes: `2,000` is 2000. Anything else stays as it is, so
 * that `2,5` is refused and not read as 25.
 * @param {string} text
 */
export function plainNumber(text) {
  return /^[-−+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)
    ? text.replaceAll(',', '').replace('−', '-')
    : text.replace(/^−/, '-');
}
