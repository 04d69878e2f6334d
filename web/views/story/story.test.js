import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as words from '../../words/story.js';
import { decades, pointsOf, scales, serverTicks, zonesIn } from './curve.js';
import { Scene } from './scene.js';

/** @param {[number, Record<string, number>][]} points */
const sweepOf = (points, axis = 'instances') =>
  /** @type {any} */ ({
    axis,
    seed: '9',
    points: points.map(([at, seeds]) => ({
      at,
      bySeed: new Map(Object.entries(seeds).map(([seed, ms]) => [seed, { 'ttft-p99': ms }])),
    })),
  });

test('the factor is computed, and says which way it goes', () => {
  assert.equal(words.factorWords(55.7, 1390, 4), '25× sooner than with 4');
  assert.equal(words.factorWords(1390, 55.7, 12), '25× later than with 12');
  assert.equal(words.factorWords(1000, 1500, 4), '1.5× sooner than with 4');
  assert.equal(words.factorWords(1000, 1010, 4), 'as soon as with 4');
  assert.equal(words.factorWords(0, 10, 4), '');
  assert.equal(words.factorWords(10, 0, 4), '');
});

test('the sentence and the figure make one statement', () => {
  assert.equal(words.sentenceWords(4, true), 'With 4 servers, 1 in 100 waits longer than');
  assert.equal(words.sentenceWords(1, true), 'With 1 server, 1 in 100 waits longer than');
  assert.equal(words.sentenceWords(12, false), 'With 12 servers, 99 of 100 see the first word within');
});

const summary = (/** @type {object} */ verdict) => /** @type {any} */ ({ verdict });
const shares = { step_budget: 0, slots: 0, kv_blocks: 0, step_under_way: 0.2, nothing: 0.8 };
const limits = (/** @type {object} */ part) => /** @type {any} */ ({ overall: { ...shares, ...part } });

test('the reasons are two sentences, and name what arrives, what is read and what is finished', () => {
  const load = { arrives: 50, reads: 43.6, finishes: 17.2, room: 'slots' };
  const why = (/** @type {object} */ part) =>
    words.whyWords(
      /** @type {any} */ ({
        servers: 4,
        zone: 'behind',
        load,
        slots: 256,
        summary: summary({ kind: 'overloaded' }),
        limits: limits({}),
        ...part,
      }),
    );
  assert.match(why({})[0], /^Each server gets 50 questions a second and can read only 43.6, so/);
  assert.match(why({ servers: 1 })[0], /^The server gets 50/);
  const later = why({
    zone: 'fills',
    load: { ...load, arrives: 25 },
    summary: summary({ kind: 'too_short', enough_requests: 14000 }),
  });
  assert.match(later[0], /gets 25 .* reads them in time, but can finish only 17.2 answers/);
  assert.match(later[1], /room for 256 conversations is full\. A run of 14,000 questions would prove it\.$/);
  const some = why({ zone: 'fills', limits: limits({ step_budget: 0.1 }), summary: summary({ kind: 'too_short' }) });
  assert.match(some[1], /^Questions wait now and then/);
  const full = why({ zone: 'fills', summary: summary({ kind: 'overloaded' }) });
  assert.match(full[1], /is full, and the queue grows/);
  const keeps = { zone: 'keeps', summary: summary({ kind: 'too_short' }) };
  assert.match(why(keeps)[1], /^No question waited for room/);
  assert.match(
    why({ ...keeps, limits: limits({ slots: 0.012 }) })[1],
    /^On average, a server kept questions waiting for room 1.2% of the time\.$/,
  );
  assert.match(why({ ...keeps, limits: limits({ slots: 0.0002 }) })[1], /less than 0.1%/);
});

test('where memory binds, memory is what is full', () => {
  const load = { arrives: 25, reads: 43.6, finishes: 3.3, room: 'memory' };
  const facts = {
    servers: 8,
    zone: 'fills',
    load,
    slots: 256,
    summary: summary({ kind: 'overloaded' }),
    limits: limits({}),
  };
  const [, second] = words.whyWords(/** @type {any} */ (facts));
  assert.match(second, /^Its memory is full/);
  assert.doesNotMatch(second, /256/);
});

test('one of something is singular, and less than one a second is turned round', () => {
  const requests = /** @type {any} */ ({ requests: 1 });
  assert.equal(words.kickerWords(requests, 200), 'Every second, 200 people ask a chatbot.');
  assert.equal(words.kickerWords(requests, 1), 'Every second, someone asks a chatbot.');
  assert.equal(words.kickerWords(requests, 0.5), 'Every 2 s, someone asks a chatbot.');
  assert.equal(words.kickerWords(requests, null), 'A chatbot is asked 1 question.');
  const load = { arrives: 1, reads: 43.6, finishes: 17.2, room: 'slots' };
  const facts = {
    servers: 1,
    zone: 'keeps',
    load,
    slots: 256,
    summary: summary({ kind: 'steady' }),
    limits: limits({}),
  };
  const [first, second] = words.whyWords(/** @type {any} */ (facts));
  assert.match(first, /^The server gets 1 question a second/);
  assert.equal(second, 'No question waited for room at it.');
});

test('what the figure leaves out is said', () => {
  const of = (/** @type {number} */ completed) =>
    words.unansweredWords(/** @type {any} */ ({ requests: 1000, completed }));
  assert.equal(of(1000), '');
  assert.equal(of(380), '; 620 of 1,000 got no answer');
  assert.equal(words.noFigureWords(8), 'With 8 servers, no one sees a first word');
});

test('where no zone is known, the verdict of the run and what requests waited for are the reasons', () => {
  const verdict = { kind: 'overloaded', reason: 'the busiest instance gets 50 requests/s' };
  const facts = { servers: 2, zone: null, load: null, slots: 256, summary: summary(verdict) };
  const said = words.whyWords(/** @type {any} */ ({ ...facts, limits: limits({ kv_blocks: 0.4, slots: 0.1 }) }));
  assert.equal(said[0], 'The busiest server gets 50 questions a second.');
  const lost = {
    kind: 'overloaded',
    reason: '12 requests got lost when an instance crashed; an idle instance 3 waits',
  };
  assert.equal(
    words.whyWords(/** @type {any} */ ({ ...facts, summary: summary(lost), limits: null }))[0],
    '12 requests got lost when a server crashed; an idle server 4 waits.',
  );
  assert.match(said[1], /above all because the memory of a server was full/);
  assert.match(words.whyWords(/** @type {any} */ ({ ...facts, limits: limits({}) }))[1], /Hardly any/);
});

test('the curve is that of the instances, at the current seed, with the spread of all', () => {
  const points = pointsOf(
    sweepOf([
      [1, { 9: 50, 10: 60 }],
      [2, { 10: 7 }],
      [3, { 9: 5, 10: 4 }],
    ]),
  );
  assert.deepEqual(points, [
    { at: 1, ms: 50, low: 50, high: 60 },
    { at: 3, ms: 5, low: 4, high: 5 },
  ]);
  // Seeds without a first token have no wait, and no place on the axis.
  assert.deepEqual(pointsOf(sweepOf([[1, { 9: 50, 10: 0 }]])), [{ at: 1, ms: 50, low: 50, high: 50 }]);
  assert.deepEqual(pointsOf(sweepOf([[1, { 9: 50 }]], 'rate')), []);
  assert.deepEqual(pointsOf(null), []);
});

test('its axis ends at powers of ten, and a place on it is a number of servers', () => {
  const at = (/** @type {number} */ low, /** @type {number} */ high) => decades([{ at: 1, ms: low, low, high }]);
  assert.deepEqual(at(52, 48_000), [10, 100, 1000, 10_000, 100_000]);
  assert.deepEqual(at(10, 10), [10, 100]);
  const { x, y, at: servers } = scales({ width: 400, height: 300 }, [1, 16], [10, 100, 1000]);
  assert.equal(Math.round(servers(x(7))), 7);
  assert.ok(y(1000) < y(100) && y(100) < y(10));
});

test('a zone that ends outside of the curve is cut, one that has no room is left out', () => {
  assert.deepEqual(zonesIn([1, 16], { reads: 4.6, finishes: 11.6 }), [
    { zone: 'behind', from: 1, to: 4.6 },
    { zone: 'fills', from: 4.6, to: 11.6 },
    { zone: 'keeps', from: 11.6, to: 16 },
  ]);
  assert.deepEqual(zonesIn([1, 16], { reads: 0.3, finishes: 0.4 }), [{ zone: 'keeps', from: 1, to: 16 }]);
  // Where reading prompts is what limits, nothing fills up later.
  assert.deepEqual(
    zonesIn([1, 16], { reads: 5, finishes: 5 }).map(({ zone }) => zone),
    ['behind', 'keeps'],
  );
  assert.deepEqual(zonesIn([1, 16], { reads: 40, finishes: 90 }), [{ zone: 'behind', from: 1, to: 16 }]);
});

test('the axis names the ends and some numbers between that do not run into them', () => {
  assert.deepEqual(serverTicks(1, 16), [1, 4, 8, 12, 16]);
  assert.deepEqual(serverTicks(1, 4), [1, 2, 3, 4]);
  const wide = serverTicks(50, 134);
  assert.deepEqual([wide[0], wide.at(-1)], [50, 134]);
  assert.ok(wide.length <= 6);
});

/** @param {object} part @param {number} [instances] */
const config = (part, instances = 4) =>
  /** @type {any} */ ({
    seed: 1,
    cluster: { num_instances: instances, horizon: null },
    workload: { rate: 200, concurrency: 0, spec: null, requests: null },
    ...part,
  });

test('one started where a scene was first shown, whatever the seed and the number of servers since', () => {
  const scene = new Scene();
  const startOf = (/** @type {any} */ settings) => {
    scene.follow(settings);
    return scene.start;
  };
  assert.equal(startOf(config({})), 4);
  assert.equal(startOf(config({}, 12)), 4);
  assert.equal(startOf(config({ seed: 2 }, 8)), 4);
  assert.equal(startOf(config({ workload: { requests: [1] } }, 8)), 8);
});

test('slider and curve reach as far as before while a scene lasts, and further where a setting is beyond', () => {
  const scene = new Scene();
  const rangeOf = (/** @type {number} */ servers) => {
    scene.follow(config({}, servers));
    return scene.range;
  };
  assert.deepEqual(rangeOf(4), [1, 16]);
  assert.deepEqual(rangeOf(16), [1, 16]);
  const far = new Scene();
  far.follow(config({}, 40));
  const [first, last] = far.range;
  assert.ok(first < 40 && last > 40);
  far.follow(config({}, last));
  assert.deepEqual(far.range, [first, last], 'nothing runs away under the pointer');
  far.follow(config({}, last + 30));
  assert.deepEqual(far.range, [first, last + 30]);
});

test('what a server can do in one run holds for the others of its scene and seed until theory speaks', () => {
  const scene = new Scene();
  const run = (/** @type {number} */ servers, /** @type {object} */ part = {}) => {
    const settings = config(part, servers);
    scene.follow(settings);
    return /** @type {any} */ ({
      digest: `${servers}`,
      config: settings,
      summary: { rejected: 0, timed_out: 0, dropped: 0, stops: [], burst: 0 },
    });
  };
  const theory = /** @type {any} */ ({
    digest: '4',
    overlays: { ceilings: { holds: true } },
    figures: {
      theory: { ceilings: { prefill: 44, capacity: 17, kv: 30, slots: 17 }, excess: { rate_per_instance: 50 } },
    },
  });
  assert.equal(scene.load(run(4), null), null);
  assert.equal(scene.load(run(4), theory)?.arrives, 50);
  assert.deepEqual(scene.load(run(8), theory), { arrives: 25, reads: 44, finishes: 17, room: 'slots' });
  assert.equal(
    scene.load({ ...run(8), summary: { rejected: 1, timed_out: 0, dropped: 0, stops: [], burst: 0 } }, theory),
    null,
  );
  assert.equal(scene.load(run(8, { seed: 2 }), theory), null, 'of another seed nothing is known');
  assert.equal(scene.load(run(8), 'there is no theory of this'), null);
});
