import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonsOf, sentencesOf } from './reasons.js';

/** @param {string} says @param {string} figure @param {boolean} [reason] */
const claim = (says, figure, reason) => ({
  says,
  that: /** @type {any} */ ({ greater: [figure, 1, 2] }),
  ...(reason ? { reason } : {}),
});

/** @param {import('./types.d.ts').Lesson['claims']} claims */
const said = (claims) => claims.map(({ says }) => says);

test('a sentence ends where the next one begins, and not within a figure', () => {
  assert.deepEqual(
    sentencesOf('It waits {{a.ttft.p99_ms / b.ttft.p99_ms}} times. 8 do not. {{a.rejected}} are lost. Why? So.'),
    ['It waits {{a.ttft.p99_ms / b.ttft.p99_ms}} times.', '8 do not.', '{{a.rejected}} are lost.', 'Why?', 'So.'],
  );
});

test('a claim stands beside the sentence that names its figure, what the reason rests on first', () => {
  const { sentences, reasons, others } = reasonsOf({
    why: 'Nothing is counted here. It waits {{a.limits.slots as percent}} of the time. It takes {{a.ttft.p99_ms}}.',
    claims: [
      claim('Slots are short in the other run', 'b.limits.slots'),
      claim('Slots are short', 'a.limits.slots', true),
      claim('p99 is long', 'a.ttft.p99_ms'),
      claim('The rest is by the way', 'a.mean_regret'),
      claim('The whole rests on this', 'a.busiest_share', true),
    ],
  });
  assert.deepEqual(
    sentences.map(({ claims }) => said(claims)),
    [[], ['Slots are short', 'Slots are short in the other run'], ['p99 is long']],
  );
  assert.deepEqual(said(reasons), ['The whole rests on this']);
  assert.deepEqual(said(others), ['The rest is by the way']);
});

test('a claim that goes on with the one before stays with it', () => {
  const { sentences, others } = reasonsOf({
    why: 'It waits {{a.limits.slots as percent}}.',
    claims: [
      claim('With 4, it waits', 'a.limits.slots'),
      claim('and with 8 it does not', 'c.rejected'),
      claim('By the way', 'c.rejected'),
    ],
  });
  assert.deepEqual(said(sentences[0].claims), ['With 4, it waits', 'and with 8 it does not']);
  assert.deepEqual(said(others), ['By the way']);
});

test('sentences that rest on nothing that is checked go on with the one before', () => {
  const { sentences } = reasonsOf({
    why: 'One {{a.rejected}}. Two. Three {{a.arrived}}. Four.',
    claims: [claim('It is', 'a.arrived')],
  });
  assert.deepEqual(
    sentences.map(({ text }) => text),
    ['One {{a.rejected}}. Two.', 'Three {{a.arrived}}. Four.'],
  );
});
