import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockWords, rightWords, totalWords } from '../../../words/room.js';
import { ClassBets, MOST, readCount, sharesOf, totalOf, withHands } from './bets.js';
import { ClassClock } from './clock.js';
import { actionOf } from './keys.js';
import { lessonBeside, minutesOfPath, pathOf } from './path.js';

/** @param {string|null} text */
function storage(text = null) {
  return {
    getItem: () => text,
    setItem: (/** @type {string} */ _key, /** @type {string} */ value) => {
      text = value;
    },
  };
}

const DENIED = {
  getItem() {
    throw new Error('denied');
  },
  setItem() {
    throw new Error('denied');
  },
};

test('hands are whole numbers from 0 to 9,999', () => {
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ['0', 0],
    [' 12 ', 12],
    ['9999', 9999],
    ['9,999', 9999],
    ['007', 7],
  ]))
    assert.equal(readCount(text), value, text);
  for (const text of ['', ' ', '-1', '1.5', '10000', '10,000', '1,0', '1e3', '0x10', 'seven', '١٢'])
    assert.equal(readCount(text), null, text);
});

test('a hand more or less stays within what can be typed', () => {
  assert.deepEqual(withHands([1, 2, 3], 1, 1), [1, 3, 3]);
  assert.deepEqual(withHands([0, 2, 3], 0, -1), [0, 2, 3]);
  assert.deepEqual(withHands([MOST], 0, 1), [MOST]);
});

test('bars are shares of all hands', () => {
  assert.deepEqual(sharesOf([12, 7, 3]), [12 / 22, 7 / 22, 3 / 22]);
  assert.deepEqual(sharesOf([0, 0]), [0, 0]);
  assert.equal(totalOf([12, 7, 3]), 22);
});

test('the bets of a class survive a reload, each with its lesson', () => {
  const stored = storage();
  new ClassBets(stored).keep('one', { counts: [12, 7, 3], bars: true });
  const again = new ClassBets(stored);
  assert.deepEqual(again.of('one', 3), { counts: [12, 7, 3], bars: true });
  assert.deepEqual(again.of('two', 2), { counts: [0, 0], bars: false });
  assert.deepEqual(again.of('one', 2), { counts: [0, 0], bars: false }, 'a lesson with other answers');
});

test('bets that something else has written are left aside, and a denied storage is none', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"version":1,"entries":[["one",{"counts":[1],"bars":true}]]}',
    '{"version":2,"entries":[["one",{"counts":["1"],"bars":true}],["one",{"counts":[-1],"bars":true}],null]}',
    '{"version":2,"entries":[["one",{"counts":[10000],"bars":true}],["one",{"counts":[1]}]]}',
  ])
    assert.deepEqual(new ClassBets(storage(text)).of('one', 1).counts, [0], text);
  const denied = new ClassBets(DENIED);
  denied.keep('one', { counts: [4], bars: false });
  assert.deepEqual(denied.of('one', 1).counts, [4]);
});

test('how many were right is said in plain English', () => {
  assert.equal(rightWords(7, 22), '7 of 22 were right.');
  assert.equal(rightWords(1, 22), '1 of 22 was right.');
  assert.equal(rightWords(0, 22), 'None of 22 was right.');
  assert.equal(rightWords(22, 22), 'All 22 were right.');
  assert.equal(rightWords(1, 1), 'The only bet was right.');
  assert.equal(rightWords(0, 0), '');
  assert.equal(totalWords(0), 'No hands counted yet');
  assert.equal(totalWords(1), '1 hand in all');
  assert.equal(totalWords(1234), '1,234 hands in all');
});

/** @param {string} key @param {Partial<KeyboardEvent>} more */
const press = (key, more = {}) => ({
  key,
  code: '',
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

test('arrows, a clicker’s pages and the space bar lead from step to step', () => {
  for (const key of ['ArrowRight', 'PageDown', ' ']) assert.deepEqual(actionOf(press(key), 'none'), { do: 'forward' });
  for (const key of ['ArrowLeft', 'PageUp']) assert.deepEqual(actionOf(press(key), 'none'), { do: 'back' });
  assert.deepEqual(actionOf(press(' ', { shiftKey: true }), 'none'), { do: 'back' });
});

test('a digit is a hand for that answer, with Shift one less, whatever the keyboard prints', () => {
  assert.deepEqual(actionOf(press('2', { code: 'Digit2' }), 'none'), { do: 'hand', answer: 1, by: 1 });
  assert.deepEqual(actionOf(press('"', { code: 'Digit2', shiftKey: true }), 'none'), {
    do: 'hand',
    answer: 1,
    by: -1,
  });
  assert.deepEqual(actionOf(press('3', { code: 'Numpad3' }), 'button'), { do: 'hand', answer: 2, by: 1 });
  assert.equal(actionOf(press('2', { code: 'Digit2' }), 'field'), null, 'it is typed');
});

test('keys that a control has a use for are left to it', () => {
  assert.equal(actionOf(press(' '), 'button'), null);
  for (const key of ['ArrowRight', ' ', 'f', 'b', '.', 't', 'p'])
    assert.equal(actionOf(press(key), 'field'), null, key);
  for (const key of ['ArrowRight', 'PageDown']) assert.equal(actionOf(press(key), 'slider'), null, key);
  assert.deepEqual(actionOf(press('PageDown'), 'field'), { do: 'forward' });
  assert.deepEqual(actionOf(press('Escape'), 'slider'), { do: 'leave' });
  for (const held of ['ctrlKey', 'altKey', 'metaKey'])
    assert.equal(actionOf(press('f', { [held]: true }), 'none'), null, held);
});

test('b and a full stop blank the screen, f fills it, t hides the time, p plays', () => {
  for (const key of ['b', 'B', '.']) assert.deepEqual(actionOf(press(key), 'none'), { do: 'blank' });
  assert.deepEqual(actionOf(press('f'), 'none'), { do: 'full' });
  assert.deepEqual(actionOf(press('t'), 'none'), { do: 'clock' });
  for (const key of ['p', 'P']) assert.deepEqual(actionOf(press(key), 'button'), { do: 'play' });
  assert.equal(actionOf(press('x'), 'none'), null);
  assert.equal(actionOf(press('toString'), 'none'), null);
});

const COURSE = {
  lessons: ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id, question: id, minutes: 5 })),
  class: { minutes: 45, lessons: ['a', 'c'] },
};

test('a lesson of the class path leads to the next of the path, another to the next of the course', () => {
  assert.equal(lessonBeside(COURSE, 'a', 1), 'c');
  assert.equal(lessonBeside(COURSE, 'c', 1), null);
  assert.equal(lessonBeside(COURSE, 'c', -1), 'a');
  assert.equal(lessonBeside(COURSE, 'a', -1), null);
  assert.equal(lessonBeside(COURSE, 'b', 1), 'c');
  assert.equal(lessonBeside(COURSE, 'd', 1), null);
  assert.deepEqual(pathOf(COURSE, 'mine'), ['mine']);
  assert.equal(lessonBeside(COURSE, 'mine', 1), null);
  assert.equal(minutesOfPath(COURSE, 'c'), 45);
  assert.equal(minutesOfPath(COURSE, 'd'), null);
});

test('the clock counts whole minutes of lesson and class, and a reload does not stop it', () => {
  let now = 1_000_000;
  const minutes = (/** @type {number} */ value) => {
    now += value * 60_000;
  };
  const stored = storage();
  const clock = new ClassClock(stored, () => now);
  clock.restart();
  clock.lesson('a');
  minutes(6.9);
  assert.deepEqual(clock.gone, { lesson: 6, class: 6 });
  clock.lesson('c');
  minutes(2);
  const reloaded = new ClassClock(stored, () => now);
  reloaded.lesson('c');
  assert.deepEqual(reloaded.gone, { lesson: 2, class: 8 });
  assert.equal(clockWords(reloaded.gone, { lesson: 7, class: 45 }), '2 of 7 min · class 8 of 45');
  assert.equal(clockWords(reloaded.gone, { lesson: null, class: null }), '2 min · class 8 min');
  reloaded.hide(true);
  assert.equal(new ClassClock(stored, () => now).hidden, true);
  assert.deepEqual(new ClassClock(storage('{"class":"x"}'), () => now).gone, { lesson: 0, class: 0 });
  assert.deepEqual(new ClassClock(DENIED, () => now).gone, { lesson: 0, class: 0 });
});
