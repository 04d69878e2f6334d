// Which claims a text's sentences rest on: those about a figure that the sentence names.

/** @import {Claim, Lesson} from './types.d.ts' */

/** @typedef {Lesson['claims'][number]} LessonClaim */

/** @typedef {{text: string, claims: LessonClaim[]}} Sentence */

/**
 * The sentences of a text that is not filled in yet: a point within a placeholder ends none.
 * @param {string} text
 */
export const sentencesOf = (text) => text.split(/(?<=[.?!])\s+(?=[\p{Lu}{“])/u);

/** The figures that a text names. @param {string} text */
function figuresIn(text) {
  const inside = [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, placeholder]) =>
    placeholder.replace(/ as percent\s*$/, ''),
  );
  return new Set(inside.flatMap((expression) => expression.trim().split(/ [/-] /)));
}

/** The figures that a claim is about. @param {Claim} claim */
const figuresOf = (claim) =>
  Object.values(claim)
    .flat()
    .filter((term) => typeof term === 'string');

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

/**
 * The sentences of a reason, each with the claims that are about its figures; and the other claims, those first that the
 * reason rests on as a whole.
 * @param {Pick<Lesson, 'why'|'claims'>} lesson
 * @returns {{sentences: Sentence[], reasons: LessonClaim[], others: LessonClaim[]}}
 */
export function reasonsOf({ why, claims }) {
  const sentences = sentencesOf(why).map((text) => ({ text, claims: /** @type {LessonClaim[]} */ ([]) }));
  const named = sentences.map(({ text }) => figuresIn(text));
  /** @type {LessonClaim[]} */
  const rest = [];
  for (const claim of claims) {
    const shared = named.map((figures) => figuresOf(claim.that).filter((figure) => figures.has(figure)).length);
    const most = Math.max(...shared);
    (most > 0 ? sentences[shared.indexOf(most)].claims : rest).push(claim);
  }
  // What the reason rests on stands first, wherever it stands.
  for (const each of sentences)
    each.claims.sort((one, other) => Number(other.reason ?? false) - Number(one.reason ?? false));
  return {
    sentences: joined(sentences),
    reasons: rest.filter(({ reason }) => reason),
    others: rest.filter(({ reason }) => !reason),
  };
}
