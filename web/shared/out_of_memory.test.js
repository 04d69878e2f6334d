import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutOfMemory } from './out_of_memory.js';

/** What an engine that stops without a word is said to have done, by browser. */
const TRAPS = {
  Chrome: 'unreachable',
  Firefox: 'unreachable executed',
  Safari: "Unreachable code should not be executed (evaluating 'wasm.simulation_advanceFor(this.__wbg_ptr, ms)')",
};

for (const [browser, words] of Object.entries(TRAPS)) {
  test(`a want of memory is known by the words of ${browser}`, () => {
    const error = new WebAssembly.RuntimeError(words);
    assert.equal(isOutOfMemory(error), true);
    assert.equal(isOutOfMemory(error, true), false, 'the engine has said what it was');
  });
}

test('memory refused to JavaScript is a want of memory, other errors are not', () => {
  assert.equal(isOutOfMemory(new RangeError('Array buffer allocation failed')), true);
  assert.equal(isOutOfMemory(new RangeError('Out of memory')), true);
  assert.equal(isOutOfMemory(new WebAssembly.RuntimeError('memory access out of bounds')), false);
  assert.equal(isOutOfMemory(new Error('unreachable host')), false);
});
