import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isModelConfig, isQuantConfig, looseObject, modelFiles, proposedName } from './model_files.js';

const CONFIG = '{"architectures": ["X"], "hidden_size": 64, "time_step_limit": [0.0, Infinity], "x": NaN}';
const QUANT = '{"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "NVFP4"}}';

/** @param {string} name @param {string} text */
const file = (name, text) => ({ name, text });

test('JSON as Python writes it is read, text that looks like it is left alone', () => {
  assert.deepEqual(looseObject(CONFIG)?.time_step_limit, [0, null]);
  assert.equal(looseObject('\ufeff{"a": ": Infinity,"}')?.a, ': Infinity,');
  assert.equal(looseObject('[1]'), null);
  assert.equal(looseObject('{'), null);
});

test('the two files of a model are told apart in any order, and one alone is what it is', () => {
  const config = file('config.json', CONFIG);
  const quant = file('hf_quant_config.json', QUANT);
  assert.deepEqual(modelFiles([quant, config]), { config, quant });
  assert.deepEqual(modelFiles([config]), { config, quant: null });
  assert.deepEqual(modelFiles([quant], config), { config, quant });
  assert.deepEqual(modelFiles([quant]), { config: null, quant });
});

test('what is a model is told by what is in it', () => {
  assert.ok(isModelConfig({ model_type: 'a', text_config: { hidden_size: 8 } }));
  assert.ok(!isModelConfig({ hidden_size: 8 }) && !isModelConfig({ model: { name: 'x' }, model_type: 1 }));
  assert.ok(!isQuantConfig({ quantization: {}, hidden_size: 8 }));
});

test('a name is proposed', () => {
  assert.equal(proposedName(file('Qwen--Qwen3-8B_config.json', '{}')), 'Qwen3-8B');
  assert.equal(proposedName(file('config.json', '{"_name_or_path": "org/My-7B"}')), 'My-7B');
  assert.equal(proposedName(file('config (1).json', '{"model_type": "llama"}')), 'llama');
  assert.equal(proposedName(file('', 'no json')), 'my-model');
});
