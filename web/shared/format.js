// Numbers as people read them, always with their unit.

/**
 * A whole number with its digits in groups of three. `Intl.NumberFormat` would do, but to load its tables takes the browser
 * longer than the first simulation.
 * @param {number} value
 */
function grouped(value) {
  return value.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * A number with three significant digits, more for large ones: 0.0123, 1.23, 12.3, 1,234.
 * @param {number} value
 * @returns {string}
 */
export function number(value) {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return `−${number(-value)}`;
  if (value === 0) return '0';
  if (value >= 99.95) return grouped(value);
  if (value >= 0.001) return String(Number(value.toPrecision(3)));
  return value.toExponential(1);
}

/**
 * @param {number} value
 * @returns {string}
 */
export function count(value) {
  return grouped(value);
}

/**
 * A duration in the unit that suits it: 55.9 ms, 1.43 s, 12.5 min.
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (!Number.isFinite(ms)) return '–';
  if (Math.abs(ms) < 999.5) return `${number(ms)} ms`;
  const seconds = ms / 1000;
  if (Math.abs(seconds) < 600) return `${number(seconds)} s`;
  return `${number(seconds / 60)} min`;
}

/** Waits from here to there are said in whole milliseconds, ms. */
const [WHOLE_FROM, WHOLE_TO] = [10, 9999.5];

/**
 * A wait in the Story: those of its opening are 1,497, 63 and 54 ms, so that whoever has BLIS knows them again.
 * @param {number} ms
 */
export function wait(ms) {
  return ms >= WHOLE_FROM && ms < WHOLE_TO ? `${grouped(ms)} ms` : duration(ms);
}

/**
 * `1 instance`, `4 instances`.
 * @param {number} value
 * @param {string} noun
 */
export function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/**
 * US dollars: $2.29, $1,234, $0.042.
 * @param {number} value
 * @returns {string}
 */
export function dollars(value) {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return `−${dollars(-value)}`;
  if (value >= 999.5) return `$${grouped(value)}`;
  return value === 0 || value >= 0.0995 ? `$${value.toFixed(2)}` : `$${Number(value.toPrecision(2))}`;
}
