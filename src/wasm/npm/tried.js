// Traces, models, measurements and searches that together reach what the package declares.

/** A trace with a model that ignores a row, and one with hash ids; both with what may be left out of the options. */
export const TRACES = /** @type {[string, import('#engine').TraceOptions][]} */ ([
  [
    'Timestamp,Model,Request tokens,Response tokens\n5,ChatGPT,472,18\n45,ChatGPT,1087,0\n118,ChatGPT,417,276\nx,ChatGPT,1,1\n',
    {},
  ],
  [
    '{"timestamp":0,"input_length":6,"output_length":2,"hash_ids":[1]}\n{"timestamp":9,"input_length":6,"output_length":3,"hash_ids":[1]}\n',
    { format: null, mapping: null, shape: { delimiter: null, decimal: null, header: null }, header: null, slices: {} },
  ],
  [
    'when;prompt;answer\n1,5;10;3\n1,5;11;4\n',
    {
      format: 'generic',
      mapping: [
        { column: 'when', role: 'arrival', unit: 's' },
        { column: 'prompt', role: 'input', unit: null },
        { column: 'answer', role: 'output' },
      ],
      shape: { delimiter: ';', decimal: ',', header: true },
      header: '',
      answers: { keep_failures: 'no' },
    },
  ],
]);

/** What may be cut, all and nothing of it. @type {import('#engine').TraceSlices[]} */
export const SLICES = [
  {
    from_us: 0,
    to_us: 1e9,
    filters: [{ field: 'input', is: '>=', value: '1' }],
    every: 1,
    sample: 1,
    seed: 3,
    first: 100,
    clip_input: 1000,
    clip_output: 1000,
    input_scale: 1,
    output_scale: 1,
    spread: true,
    speed: 1,
    rate: null,
    repeat: 2,
    repeat_fresh: false,
  },
  {
    from_us: null,
    to_us: null,
    every: null,
    sample: null,
    first: null,
    clip_input: null,
    clip_output: null,
    input_scale: null,
    output_scale: null,
    speed: null,
    rate: null,
    repeat: null,
  },
];

const SIZES = {
  hidden_size: 64,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  vocab_size: 1000,
  intermediate_size: 128,
  torch_dtype: 'bfloat16',
};

/** Models of each coverage, with and without a published size. @type {[string, object, string|null][]} */
export const MODELS = [
  ['me/mine', { ...SIZES, rope_scaling: { type: 'yarn', factor: 4 } }, null],
  ['openai/gpt-oss-20b', { ...SIZES, num_local_experts: 8, num_experts_per_tok: 2, sliding_window: 128 }, null],
  ['Qwen/Qwen3-8B', { ...SIZES, hidden_act: 'silu' }, '{"quantization": {"quant_algo": "FP8"}}'],
  [
    'me/no-width',
    { ...SIZES, intermediate_size: undefined, num_experts: 4, num_experts_per_tok: 1, moe_intermediate_size: 32 },
    null,
  ],
];

/** A result of vLLM's benchmark with every request. @param {object} load */
function detailed(load) {
  const twelve = (/** @type {unknown} */ value) => Array.from({ length: 12 }, () => value);
  const [gaps, times] = [twelve([0.014, 0.015]), { ttfts: twelve(0.05), duration: 12, completed: 12 }];
  return JSON.stringify({ ...load, ...times, input_lens: twelve(200), output_lens: twelve(3), itls: gaps });
}

/** A table that was typed in, and results of a benchmark at a rate and with a number of requests under way. */
export const MEASURED = [
  'rate,input tokens,output tokens,ttft (ms),itl (ms),throughput\n1,200,20,60,14,20\n8,200,20,75,16,160\n',
  detailed({ request_rate: 2, burstiness: 0.5 }),
  detailed({ max_concurrency: 4 }),
];

/** Searches that end in each way. @type {[import('#engine').Config, number|null][]} */
export const SEARCHES = [
  [{ workload: { rate: 20, num_requests: 200 } }, 1],
  [{ workload: { rate: 20, num_requests: 200 } }, null],
  [{ workload: { concurrency: 20, num_requests: 200 } }, 1],
  [{ workload: { rate: 20, num_requests: 200 } }, 3],
  [{ model: { name: 'qwen/qwen3-14b', hardware: 'GB200' }, workload: { rate: 20, num_requests: 200 } }, 1],
];
