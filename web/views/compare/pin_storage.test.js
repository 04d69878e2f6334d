import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../app/state.js';
import { notKeptWords } from '../../words/compare.js';
import { loadPins, MAX_PINS, merged, notKept, PINS_KEY, savePins } from './pin_storage.js';
import { keepPins, pinOf, removePin } from './pins.js';

/** A storage of texts. @param {Record<string, string>} [texts] */
function storage(texts = {}) {
  const kept = new Map(Object.entries(texts));
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

/** A storage that refuses. */
const DENIED = {
  getItem: () => {
    throw new Error('denied');
  },
  removeItem: () => {
    throw new Error('denied');
  },
  setItem: () => {
    throw new Error('denied');
  },
};

/** @param {string} id @param {object} [part] @returns {any} */
const pinned = (id, part = {}) => ({
  ...JSON.parse(
    JSON.stringify(pinOf(/** @type {any} */ ({ run: RUN, pairs: [['rate', '2']], pins: [], sweep: null }))),
  ),
  id,
  name: id,
  ...part,
});

/** @type {any} */
const RUN = {
  digest: 'd',
  summary: {
    ttft: { p99_ms: 10, p50_ms: 5, p90_ms: 10, mean_ms: 5 },
    itl: { p99_ms: 1, mean_ms: 1 },
    e2e: { p99_ms: 1 },
    responses_per_sec: 1,
    mean_regret: 1,
    completed: 1,
  },
  cdf: { ms: Float64Array.of(5, 10), share: Float64Array.of(0.5, 1) },
  imported: null,
  importedName: '',
  withoutEffect: [],
};

test('pins are kept beyond the tab, and those that an earlier build has kept for it are read', () => {
  const [local, session] = [storage(), storage()];
  const pin = pinned('A');
  assert.equal(savePins([], [pin], local), true);
  assert.deepEqual(loadPins(local, session), [pin]);
  session.setItem('blis-playground-pins', JSON.stringify({ version: 1, pins: [pinned('old')] }));
  assert.deepEqual(loadPins(local, session), [pin]);
  assert.deepEqual(
    loadPins(storage(), session).map(({ id }) => id),
    ['old'],
  );
  // All of them removed is not the same as none kept.
  savePins([pin], [], local);
  assert.deepEqual(loadPins(local, session), []);
});

test('a pin of an earlier build keeps its settings: its streams are independent', () => {
  const { version, ...old } = pinned('A');
  assert.equal(version, '2');
  const named = { ...old, id: 'B', pairs: [['streams', 'reference']] };
  const [local, session] = [storage({ [PINS_KEY]: JSON.stringify([old, named, pinned('C')]) }), storage()];
  const read = loadPins(local, session);
  assert.deepEqual(
    read.map(({ pairs }) => pairs),
    [
      [
        ['streams', 'independent'],
        ['rate', '2'],
      ],
      [['streams', 'reference']],
      [['rate', '2']],
    ],
  );
  assert.deepEqual(
    read.map((pin) => pin.version),
    ['2', '2', '2'],
  );
  // Once more through the storage, nothing is added to it.
  savePins([], read, local);
  assert.deepEqual(loadPins(local, session), read);
  session.setItem('blis-playground-pins', JSON.stringify({ version: 1, pins: [old] }));
  assert.deepEqual(loadPins(storage(), session)[0].pairs[0], ['streams', 'independent']);
  assert.deepEqual(loadPins(storage({ [PINS_KEY]: JSON.stringify([pinned('D', { version: '3' })]) }), null), []);
});

test('whatever else stands in the storage makes no pin, and the page does without where it is denied', () => {
  const sound = pinned('A');
  const garbage = [
    null,
    3,
    {},
    { id: 3 },
    pinned('name', { name: 'x'.repeat(41) }),
    pinned('pairs', { pairs: [['rate', 2]] }),
    pinned('pairs', { pairs: 'rate' }),
    pinned('cdf', { cdf: { ms: [1], share: [] } }),
    pinned('cdf', { cdf: { ms: ['1'], share: [1] } }),
    pinned('summary', { summary: { ttft: {} } }),
    pinned('sweep', { sweep: { axis: 'rate', points: [{}] } }),
    sound,
  ];
  const local = storage({ [PINS_KEY]: JSON.stringify([...garbage, sound]) });
  assert.deepEqual(loadPins(local, null), [sound]);
  for (const text of ['nonsense', '{}', '7', 'null', '{"pins":[]}'])
    assert.deepEqual(loadPins(storage({ [PINS_KEY]: text }), null), [], text);
  assert.deepEqual(loadPins(DENIED, DENIED), []);
  assert.equal(savePins([], [sound], DENIED), false);
  assert.deepEqual(notKept([sound], DENIED), { names: ['A'], denied: true });
  assert.match(notKeptWords(['A'], true), /keeps nothing/);
});

test('a pin that is too large for the browser is not kept, and is named', () => {
  const local = storage();
  const [small, large] = [pinned('A'), pinned('B', { pairs: [['requests', 'x'.repeat(200_000)]] })];
  savePins([], [small, large], local);
  assert.deepEqual(loadPins(local, null), [small]);
  assert.deepEqual(notKept([small, large], local), { names: ['B'], denied: false });
  assert.match(notKeptWords(['B'], false), /Too large to be kept.*: B\.$/);
  assert.equal(notKeptWords([], false), '');
});

test('asking whether the browser keeps anything leaves nothing behind', () => {
  const local = storage();
  const large = pinned('A', { pairs: [['requests', 'x'.repeat(200_000)]] });
  assert.deepEqual(notKept([large], local), { names: ['A'], denied: false });
  assert.deepEqual([...local.kept.keys()], []);
});

/**
 * A store whose pins are kept in a storage.
 * @param {import('node:test').TestContext} context
 * @param {ReturnType<typeof storage>} local
 */
function kept(context, local) {
  /** @type {((event: {key: string|null}) => void)[]} */
  const listeners = [];
  const globals = {
    localStorage: local,
    sessionStorage: storage(),
    addEventListener: (/** @type {string} */ name, /** @type {any} */ listener) => {
      assert.equal(name, 'storage');
      listeners.push(listener);
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    const former = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true });
    context.after(() =>
      former ? Object.defineProperty(globalThis, name, former) : Reflect.deleteProperty(globalThis, name),
    );
  }
  const store = new Store();
  keepPins(store);
  return {
    store,
    ids: () => store.state.pins.map(({ id }) => id),
    /** What another tab does. @param {any[]} before @param {any[]} after */
    elsewhere(before, after) {
      savePins(before, after, local);
      for (const listener of listeners) listener({ key: PINS_KEY });
    },
  };
}

test('a pin that only this tab has stays when another tab pins, and one that the other tab removes goes', (context) => {
  const local = storage();
  const { store, ids, elsewhere } = kept(context, local);
  const [small, large] = [pinned('small'), pinned('large', { pairs: [['requests', 'x'.repeat(200_000)]] })];
  store.change({ pins: [small, large], against: 'large' });
  const other = pinned('other');
  elsewhere([], [other]);
  assert.deepEqual(ids(), ['small', 'other', 'large']);
  assert.equal(store.state.against, 'large');
  elsewhere([small, other], [other]);
  assert.deepEqual(ids(), ['other', 'large']);
  // Gone from the storage by what this tab itself does to it.
  store.change({ pins: [{ ...other, pairs: large.pairs }, large] });
  elsewhere([], [small]);
  assert.deepEqual(ids(), ['small', 'other', 'large']);
  removePin(store, 'large');
  elsewhere([small], []);
  assert.deepEqual(ids(), ['other']);
});

test('a pin that came while the storage was full stays when another tab removes one', (context) => {
  const first = pinned('first');
  const local = storage({ [PINS_KEY]: JSON.stringify([first]) });
  const { store, ids, elsewhere } = kept(context, local);
  const { setItem } = local;
  local.setItem = () => {
    throw new Error('full');
  };
  store.change({ pins: [first, pinned('late')] });
  local.setItem = setItem;
  elsewhere([first], []);
  assert.deepEqual(ids(), ['late']);
});

test('two tabs that pin, rename and remove at the same time lose nothing of each other', () => {
  const [one, two, three] = ['1', '2', '3'].map((id) => pinned(id));
  const ids = (/** @type {any[]} */ pins) => pins.map(({ id }) => id);
  // This tab has added 3 and removed 1 while the other one added 2.
  assert.deepEqual(ids(merged([one, two], [one], [three])), ['2', '3']);
  const renamed = { ...one, name: 'mine' };
  assert.deepEqual(merged([one, two], [one], [renamed]), [renamed, two]);
  // What the other tab has removed stays removed.
  assert.deepEqual(ids(merged([], [one], [one, two])), ['2']);
  const many = Array.from({ length: MAX_PINS }, (_unused, i) => pinned(`m${i}`));
  assert.deepEqual(ids(merged(many, [], [three])).slice(-2), [`m${MAX_PINS - 1}`, '3']);
  assert.equal(merged(many, [], [three]).length, MAX_PINS);
});
