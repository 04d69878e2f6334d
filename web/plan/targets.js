// What a cluster should keep to, as text and as the engine takes it.

/**
 * @typedef {object} Targets
 * @property {number|null} ttft p99, ms; null where there is no target
 * @property {number|null} itl p99, ms
 * @property {number|null} e2e p99, ms
 * @property {number|null} goodput share of all requests within all of the limits above, %
 * @property {number} seeds how many runs have to meet all of it
 */

/** @type {Targets} */
export const DEFAULT_TARGETS = { ttft: 500, itl: null, e2e: null, goodput: null, seeds: 5 };

/** Most seeds: each is a run of every cluster that passes. */
export const MOST_SEEDS = 20;

/** The targets that are numbers, with the words of the form. */
export const TARGET_FIELDS = /** @type {const} */ ([
  { id: 'ttft', label: 'TTFT p99', unit: 'ms', help: '99 of 100 first tokens arrive within it' },
  { id: 'itl', label: 'ITL p99', unit: 'ms', help: '99 of 100 gaps between tokens are shorter' },
  { id: 'e2e', label: 'E2E p99', unit: 'ms', help: '99 of 100 answers are complete within it' },
  {
    id: 'goodput',
    label: 'Goodput',
    unit: '%',
    help: 'share of requests that meet every target (ITL: the mean of each)',
  },
  { id: 'seeds', label: 'Seeds', unit: 'runs', help: 'all of them have to meet the targets' },
]);

/**
 * Reads targets, naming what cannot be read.
 * @param {Record<string, string>} texts by id; empty is "no target"
 * @returns {{targets: Targets, problems: Record<string, string>}}
 */
export function readTargets(texts) {
  /** @type {Record<string, string>} */
  const problems = {};
  const read = (/** @type {string} */ id, /** @type {number} */ most) => {
    const text = (texts[id] ?? '').trim();
    if (text === '') return null;
    const value = Number(text);
    if (Number.isFinite(value) && value > 0 && value <= most) return value;
    problems[id] = most === Infinity ? 'must be a number above 0' : `must be a number above 0, at most ${most}`;
    return null;
  };
  const seeds = read('seeds', MOST_SEEDS);
  if (!problems.seeds && (seeds === null || !Number.isInteger(seeds)))
    problems.seeds = `must be a whole number from 1 to ${MOST_SEEDS}`;
  const targets = {
    ttft: read('ttft', Infinity),
    itl: read('itl', Infinity),
    e2e: read('e2e', Infinity),
    goodput: read('goodput', 100),
    seeds: problems.seeds ? DEFAULT_TARGETS.seeds : (seeds ?? DEFAULT_TARGETS.seeds),
  };
  const none = targets.ttft === null && targets.itl === null && targets.e2e === null;
  if (none && Object.keys(problems).length === 0) problems.ttft = 'give at least one of the latency targets';
  return { targets, problems };
}

/**
 * As in the address: `ttft:500,itl:20`; the defaults are nothing.
 * @param {Targets} targets
 */
export function formatTargets(targets) {
  const same = Object.entries(DEFAULT_TARGETS).every(
    ([id, value]) => targets[/** @type {keyof Targets} */ (id)] === value,
  );
  if (same) return '';
  const { ttft, itl, e2e, goodput, seeds } = targets;
  return Object.entries({ ttft, itl, e2e, goodput, seeds })
    .filter(([, value]) => value !== null)
    .map(([id, value]) => `${id}:${value}`)
    .join(',');
}

/**
 * The texts that an address gives; those of the defaults if it says nothing.
 * @param {string} words
 * @returns {Record<string, string>}
 */
export function targetTexts(words) {
  const text = words === '' ? `ttft:${DEFAULT_TARGETS.ttft},seeds:${DEFAULT_TARGETS.seeds}` : words;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const colon = part.indexOf(':');
      return [part.slice(0, colon), part.slice(colon + 1)];
    }),
  );
}

/**
 * The same as the engine takes them.
 * @param {Targets} targets
 * @returns {import('../pkg/blis_playground.js').Targets}
 */
export function engineTargets({ ttft, itl, e2e, goodput, seeds }) {
  return /** @type {any} */ ({
    ttft_p99_ms: ttft,
    itl_p99_ms: itl,
    e2e_p99_ms: e2e,
    goodput_percent: goodput,
    seeds,
  });
}
