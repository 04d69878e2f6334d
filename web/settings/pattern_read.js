// What a workload specification says of conversations: read by whatever names a workload, so it comes with the first view.

/** @typedef {'chat'|'agents'|'rag'} PatternId */

/**
 * What the form shows of the conversations of a specification.
 * @typedef {object} Pattern
 * @property {PatternId|null} id null for a specification of others
 * @property {number|null} turns most rounds; null where clients differ
 * @property {number|null} thinkS thinking time, s; null where they differ
 * @property {boolean} grows whether any of them repeats the conversation so far
 * @property {number|null} rate conversations per second; null where they all start together, or each window has a rate of its own
 * @property {number|null} requests rounds that are planned; null where none are given, or agents give them
 * @property {number|null} agents at once; null where the specification is no fan-out
 */

/**
 * Clients and cohorts of a specification that hold conversations.
 * @param {any} specification
 * @returns {any[]}
 */
export const talking = ({ clients, cohorts }) =>
  [...(clients ?? []), ...(cohorts ?? [])].filter((each) => each?.reasoning?.multi_turn);

/** The value that all have; null where they differ. @template T @param {T[]} values */
const common = (values) => (values.every((value) => value === values[0]) ? values[0] : null);

/**
 * The patterns by the names of their clients and by mean prompt and answer: the figures that have a source, and that the form does not
 * change. @type {Record<PatternId, [RegExp, number, number]>}
 */
const KNOWN = { chat: [/^chat$/, 250, 211], agents: [/^agents$/, 540, 182], rag: [/^document-\d+$/, 80, 512] };

/** The mean of a distribution of lengths. @param {any} distribution */
const meanOf = ({ params }) => Number(params?.get?.('mean') ?? params?.mean);

/**
 * Which of the patterns a specification was made from, if its lengths are still those: turns, pauses and numbers may have changed.
 * @param {any} specification
 * @returns {PatternId|null}
 */
export function patternId(specification) {
  const clients = talking(specification ?? {});
  const fits = (/** @type {PatternId} */ key) => {
    const [name, prompt, answer] = KNOWN[key];
    return clients.every(
      ({ id, input_distribution: input, output_distribution: output }) =>
        name.test(id ?? '') && meanOf(input ?? {}) === prompt && meanOf(output ?? {}) === answer,
    );
  };
  const ids = /** @type {PatternId[]} */ (clients.length === 0 ? [] : Object.keys(KNOWN));
  return ids.find(fits) ?? null;
}

/** The one cohort whose members are an agent each. @param {any} specification @returns {any} */
export function fanOut({ clients, cohorts }) {
  const [only, ...others] = cohorts ?? [];
  const alone = only && others.length === 0 && (clients ?? []).length === 0;
  return alone && only.reasoning?.multi_turn?.single_session && only.arrival?.process === 'constant' ? only : null;
}

/**
 * What the form shows of a specification; null if it holds no conversations.
 * @param {any} specification
 * @returns {Pattern|null}
 */
export function patternOf(specification) {
  if (!specification) return null;
  const all = talking(specification);
  if (all.length === 0) return null;
  const turns = all.map(({ reasoning }) => reasoning.multi_turn);
  const cohort = fanOut(specification);
  return {
    id: patternId(specification),
    turns: common(turns.map(({ max_rounds: rounds }) => Number(rounds))),
    thinkS: common(turns.map(({ think_time_us: us }) => Number(us ?? 0) / 1e6)),
    grows: turns.some(({ context_growth: growth }) => growth === 'accumulate'),
    rate: cohort ? null : specification.aggregate_rate || null,
    requests: cohort ? null : Number(specification.num_requests ?? 0) || null,
    agents: cohort ? Number(cohort.population) : null,
  };
}
