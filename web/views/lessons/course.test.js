import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CHANGE,
  COURSE,
  PICTURES,
  RESULTS,
  checkedWords,
  hereWords,
  momentsWords,
  stepWords,
} from '../../words/lessons.js';
import { lengths } from './bars.js';
import { lessonAfter, lessonToDo } from './course.js';
import { Progress } from './progress.js';

/** @param {string} id */
const entry = (id) => ({ id, title: id, question: '', minutes: 5 });

const SOME = { lessons: ['one', 'two', 'three'].map(entry), class: { minutes: 45, lessons: ['one'] } };

test('one lesson follows the other, in the order of the course alone', () => {
  assert.equal(lessonAfter(SOME, 'one')?.id, 'two');
  assert.equal(lessonAfter(SOME, 'three'), null);
  assert.equal(lessonAfter(SOME, 'of my own'), null);
});

test('one goes on with the first lesson that is not done', () => {
  const progress = new Progress(null);
  assert.equal(lessonToDo(SOME, progress)?.id, 'one');
  progress.keep('one', 'wrong');
  progress.keep('three', 'right');
  assert.equal(lessonToDo(SOME, progress)?.id, 'two');
  progress.keep('two', 'right');
  assert.equal(lessonToDo(SOME, progress), null);
});

test('the longest bar fills its room, and what is no length has none', () => {
  assert.deepEqual(lengths([2, 4, null, -1, 0]), [0.5, 1, 0, 0, 0]);
  assert.deepEqual(lengths([0, null]), [0, 0]);
});

test('what a lesson says of a person’s way is said in words, not in signs alone', () => {
  assert.equal(hereWords(3, 12, 6), 'Lesson 3 of 12 · 6 min');
  assert.equal(stepWords(3, 'Big or many?', 'wrong'), 'Lesson 3: Big or many? (done: it turned out otherwise)');
  assert.equal(stepWords(4, 'How many?', null), 'Lesson 4: How many?');
  assert.equal(COURSE.done(2, 12), '2 of 12 lessons done.');
  assert.equal(COURSE.done(12, 12), 'All 12 lessons done.');
  assert.match(checkedWords(9, 10), /^9 of 10 claims of this lesson hold/);
  assert.match(checkedWords(10, 10), /^All 10 claims/);
  assert.notEqual(RESULTS.right, RESULTS.wrong);
  assert.notEqual(CHANGE.before, CHANGE.after);
});

test('two pictures are one sentence each, with the same time', () => {
  const moment = { seconds: 5, allWaiting: 1200, allRunning: 1 };
  assert.equal(
    momentsWords([
      { label: '4 instances', frame: moment },
      { label: '8 instances', frame: { ...moment, allWaiting: 0 } },
    ]),
    '4 instances after 5.0 s: 1,200 waiting, 1 being answered. 8 instances after 5.0 s: 0 waiting, 1 being answered.',
  );
  assert.match(PICTURES.legend(1, []), /^Each dot is 1 request\. TTFT/);
  assert.match(
    PICTURES.legend(20, [256, 256]),
    /^Each dot is 20 requests\. The line marks the 256 slots of an instance\./,
  );
});
