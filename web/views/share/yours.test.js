import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBenchmark, yoursOf } from './yours.js';

/** @param {unknown} value */
const kind = (value) => yoursOf(JSON.stringify(value));

test('models, GPUs and means of a benchmark are told by what is in them', () => {
  assert.equal(kind({ model_type: 'llama', hidden_size: 8 }), 'model');
  assert.equal(
    yoursOf('{"architectures": ["X"], "text_config": {"hidden_size": 8}, "limit": [0.0, Infinity]}'),
    'model',
  );
  assert.equal(kind({ quantization: { quant_algo: 'NVFP4' } }), 'model');
  assert.equal(kind({ H100: { TFlopsPeak: 1 }, B: { BwPeakTBs: 1 } }), 'gpu');
  assert.equal(kind({ mean_ttft_ms: 5, request_rate: 2 }), 'measured');
});

test('settings that hold models and GPUs are settings, and a benchmark with its requests is traffic', () => {
  assert.equal(kind({ model: { name: 'x', own_gpus: [{ TFlopsPeak: 1 }], own_models: [{ model_type: 'a', hidden_size: 1 }] } }), null); // prettier-ignore
  assert.equal(kind({ mean_ttft_ms: 5, input_lens: [1], output_lens: [1] }), null);
  assert.equal(yoursOf('no json'), null);
  assert.equal(kind({ version: 1, clients: [] }), null);
});

test('several results of a benchmark are its rates', () => {
  assert.ok(isBenchmark('{"mean_ttft_ms": 5, "input_lens": [1]}'));
  assert.ok(isBenchmark('{"benchmarks": []}'));
  assert.ok(isBenchmark('{"metrics": {"time_to_first_token": {}}}\n{"metrics": {}}'));
  assert.ok(!isBenchmark('{"clients": []}') && !isBenchmark('a,b\n1,2'));
});
