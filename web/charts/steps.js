// Round numbers along an axis.

/** Steps of a linear axis, about. */
const MANY = 6;

/**
 * The labelled values of a logarithmic scale: powers of ten, and where there are few of them their doubles and fives.
 * @param {number} min
 * @param {number} max
 * @returns {number[]}
 */
export function logarithmicSteps(min, max) {
  // Such a scale has no labels, and the search for them no end.
  if (!(min > 0 && max < Infinity)) return [];
  const leading = max / min > 1000 ? [1] : [1, 2, 5];
  const steps = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.ceil(Math.log10(max)); exponent += 1) {
    for (const digit of leading) steps.push(Number(`${digit}e${exponent}`));
  }
  return steps.filter((step) => step >= min && step <= max);
}

/**
 * Round steps between two values.
 * @param {number} min
 * @param {number} max
 * @param {number} [many] at most, about
 */
export function linearSteps(min, max, many = MANY) {
  const rough = (max - min) / many;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.max(Math.floor(max / step) - first + 1, 0) }, (_unused, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
