import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHash, pageValue, parseHash } from '../address/url.js';
import { tabAfterKey } from './tabs.js';

test('arrow keys go round the tabs, Home and End to the first and the last', () => {
  assert.equal(tabAfterKey('ArrowRight', 1, 3), 2);
  assert.equal(tabAfterKey('ArrowRight', 2, 3), 0);
  assert.equal(tabAfterKey('ArrowLeft', 0, 3), 2);
  assert.equal(tabAfterKey('Home', 2, 3), 0);
  assert.equal(tabAfterKey('End', 0, 3), 2);
  assert.equal(tabAfterKey('x', 0, 3), null);
});

test('the tab stands in the address and is kept from the engine', () => {
  const hash = formatHash([['k', '4']], [['tab', 'cluster']]);
  assert.equal(hash, '#v=2&k=4&tab=cluster');
  assert.deepEqual(parseHash(hash)?.pairs, [['k', '4']]);
  assert.equal(pageValue(hash, 'tab'), 'cluster');
});

test('the first tab is left out of the address', () => {
  assert.equal(formatHash([['k', '4']], [['tab', '']]), '#v=2&k=4');
  assert.equal(pageValue('#v=2&k=4', 'tab'), '');
});
