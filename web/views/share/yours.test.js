import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBenchmark, isMeasuredTable, yoursOf } from './yours.js';

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

test('a table of latencies by rate is told from requests one by one', () => {
  assert.ok(isMeasuredTable('# ours\nrate,input tokens,output tokens,ttft (ms),itl (ms)\n1,300,200,40,6'));
  assert.ok(isMeasuredTable('| concurrency | TTFT [s] |\n|---|---|\n| 4 | 0.05 |'));
  assert.ok(!isMeasuredTable('arrival_time,rate,ttft\n1,2,3'));
  assert.ok(!isMeasuredTable('TIMESTAMP,ContextTokens,GeneratedTokens\n1,2,3'));
});

test('results one per line and summaries without requests are measurements', () => {
  assert.equal(yoursOf('{"mean_ttft_ms": 5, "request_rate": 1}\n{"mean_ttft_ms": 6, "request_rate": 2}\n'), 'measured');
  assert.equal(kind({ time_to_first_token: { unit: 'ms', avg: 5 } }), 'measured');
  assert.equal(yoursOf('{"timestamp": 0, "input_length": 5}\n{"timestamp": 9, "input_length": 5}'), null);
});
