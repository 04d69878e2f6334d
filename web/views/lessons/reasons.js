// Which claims a text's sentences rest on: those about a figure that the sentence names.

/** @import {Claim, Lesson} from './types.d.ts' */

/** @typedef {Lesson['claims'][number]} LessonClaim */

/** @typedef {{text: string, claims: LessonClaim[]}} Sentence */

/** What it counts that a sentence names a figure of a claim, and the same figure of another run. */
const [SAME, ALIKE] = [10, 1];

/**
 * The sentences of a text that is not filled in yet: a point within a placeholder ends none.
 * @param {string} text
 */
export const sentencesOf = (text) => text.split(/(?<=[.?!])\s+(?=[\p{Lu}\d{“])/u);

/** The figures that a text names. @param {string} text */
function figuresIn(text) {
  const inside = [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, placeholder]) =>
    placeholder.replace(/ as percent\s*$/, ''),
  );
  return inside.flatMap((expression) => expression.trim().split(/ [/-] /));
}

/** The figures that a claim is about. @param {Claim} claim */
const figuresOf = (claim) =>
  Object.values(claim)
    .flat()
    .filter((term) => typeof term === 'string');

/** A figure without its run. @param {string} figure */
const withoutRun = (figure) => figure.slice(figure.indexOf('.'));

/** What a claim begins with that goes on with the one before. */
const GOES_ON = /^(and|although|because|but|nor|so|while|yet)\b/;

/**
 * Claims that are read in one breath.
 * @param {LessonClaim[]} claims
 */
function breaths(claims) {
  /** @type {LessonClaim[][]} */
  const all = [];
  for (const claim of claims) {
    const last = all.at(-1);
    if (last !== undefined && GOES_ON.test(claim.says)) last.push(claim);
    else all.push([claim]);
  }
  return all;
}

/**
 * How much of what claims are about a sentence names.
 * @param {LessonClaim[]} claims
 * @param {string[]} named
 */
function shared(claims, named) {
  const figures = new Set(claims.flatMap(({ that }) => figuresOf(that)));
  const alike = new Set(named.map(withoutRun));
  return [...figures].reduce(
    (sum, figure) => sum + (named.includes(figure) ? SAME : alike.has(withoutRun(figure)) ? ALIKE : 0),
    0,
  );
}

/**
 * Sentences that rest on nothing that is checked go on with the one before.
 * @param {Sentence[]} sentences
 * @returns {Sentence[]}
 */
function joined(sentences) {
  /** @type {Sentence[]} */
  const rows = [];
  for (const { text, claims } of sentences) {
    const last = rows.at(-1);
    if (last === undefined || claims.length > 0) rows.push({ text, claims });
    else rows[rows.length - 1] = { ...last, text: `${last.text} ${text}` };
  }
  return rows;
}

/** Whether a reason rests on some of these. @param {LessonClaim[]} claims */
const isReason = (claims) => claims.some(({ reason }) => reason);

/**
 * The sentences of a reason, each with the claims that are about its figures; and the other claims, those first that the
 * reason rests on as a whole.
 * @param {Pick<Lesson, 'why'|'claims'>} lesson
 * @returns {{sentences: Sentence[], reasons: LessonClaim[], others: LessonClaim[]}}
 */
export function reasonsOf({ why, claims }) {
  const texts = sentencesOf(why);
  const named = texts.map(figuresIn);
  /** @type {LessonClaim[][][]} */
  const beside = texts.map(() => []);
  /** @type {LessonClaim[][]} */
  const rest = [];
  for (const breath of breaths(claims)) {
    const scores = named.map((figures) => shared(breath, figures));
    const most = Math.max(...scores);
    (most > 0 ? beside[scores.indexOf(most)] : rest).push(breath);
  }
  // What the reason rests on stands first, wherever it stands.
  const reasonsFirst = (/** @type {LessonClaim[][]} */ all) =>
    [...all].sort((one, other) => Number(isReason(other)) - Number(isReason(one))).flat();
  return {
    sentences: joined(texts.map((text, i) => ({ text, claims: reasonsFirst(beside[i]) }))),
    reasons: rest.filter(isReason).flat(),
    others: rest.filter((breath) => !isReason(breath)).flat(),
  };
}
