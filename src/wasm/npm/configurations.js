// Settings of small runs that together reach the optional parts of what the engine gives.

/** @import {Config} from '#engine' */

/** A workload specification in which everything occurs that may be left out. */
export const SPECIFICATION = `
version: "2"
seed: 7
category: language
aggregate_rate: 40
num_requests: 60
horizon: 60000000
goodput_slo_targets: {critical: {ttft_ms: 300}, batch: {itl_ms: 50, e2e_ms: 20000}}
clients:
  - {id: chat, tenant_id: one, slo_class: critical, rate_fraction: 0.3, arrival: {process: gamma, cv: 3.0},
     prefix_group: sys, prefix_length: 320, streaming: true, timeout: 5000000,
     input_distribution: {type: gaussian, params: {mean: 128, std_dev: 50, min: 10, max: 2048}},
     output_distribution: {type: exponential, params: {mean: 64}}}
cohorts:
  - {id: bulk, population: 2, tenant_id: two, slo_class: batch, rate_fraction: 0.7, arrival: {process: weibull, shape: 1, scale: 50000},
     input_distribution: {type: exponential, params: {mean: 1024}}, timeout: 90000000,
     output_distribution: {type: constant, params: {value: 32}}}
`;

/** One in which nothing occurs that may be left out. */
export const BARE = `
clients: [{id: a, lifecycle: {windows: [{start_us: 0, end_us: 9}]}}]
cohorts: [{id: b, spike: {duration_us: 5}}]
`;

/** A conversation whose later rounds follow from answers, one that times out, and one that the run's end interrupts. @type {Config} */
export const CONVERSATIONS = {
  cluster: { num_instances: 2, horizon: 60_000_000 },
  workload: {
    requests: [
      { arrival_us: 0, input_tokens: 200, output_tokens: 20, session: 'kept', round: 0 },
      { arrival_us: 10, input_tokens: 200, output_tokens: 20, session: 'given up', round: 0 },
      { arrival_us: 20, input_tokens: 200, output_tokens: 20, session: 'cut off', round: 0 },
      { arrival_us: 30, input_tokens: 50, output_tokens: 5 },
    ],
    sessions: [
      {
        session: 'kept',
        accumulate: true,
        timeout_us: null,
        rounds: [{ think_time_us: 1000, input_tokens: 40, output_tokens: 9 }],
      },
      { session: 'given up', timeout_us: 1, rounds: [{ think_time_us: 1000, input_tokens: 40, output_tokens: 9 }] },
      { session: 'cut off', rounds: [{ think_time_us: 99_000_000, input_tokens: 40, output_tokens: 9 }] },
    ],
  },
};

/** Prompts of several media, conversations that wait for no answer, and a label without effect. */
const MEDIA = `
aggregate_rate: 5
num_requests: 40
clients:
  - id: media
    rate_fraction: 0.5
    arrival: {process: poisson}
    input_distribution: {type: constant, params: {value: 1}}
    output_distribution: {type: exponential, params: {mean: 20}}
    multimodal:
${['text', 'image', 'audio', 'video'].map((name) => `      ${name}_distribution: {type: constant, params: {value: 40}}`).join('\n')}
${['image', 'audio', 'video'].map((name) => `      ${name}_count_distribution: {type: constant, params: {value: 1}}`).join('\n')}
  - id: words
    rate_fraction: 0.5
    arrival: {process: poisson}
    input_distribution: {type: constant, params: {value: 1}}
    output_distribution: {type: constant, params: {value: 9}}
    multimodal: {text_distribution: {type: constant, params: {value: 40}}}
  - id: pictures
    rate_fraction: 0.5
    arrival: {process: poisson}
    input_distribution: {type: constant, params: {value: 1}}
    output_distribution: {type: constant, params: {value: 9}}
    multimodal:
      image_distribution: {type: constant, params: {value: 40}}
      image_count_distribution: {type: constant, params: {value: 1}}
  - id: chat
    rate_fraction: 0.5
    arrival: {process: poisson}
    closed_loop: false
    input_distribution: {type: constant, params: {value: 30}}
    output_distribution: {type: constant, params: {value: 9}}
    reasoning:
      reason_ratio_distribution: {type: constant, params: {value: 50}}
      multi_turn: {max_rounds: 3, think_time_us: 1000, context_growth: accumulate}
`;

/** The load of another tool's benchmark. */
const BENCHMARK = `
inference_perf:
  stages: [{rate: 5, duration: 4}]
  shared_prefix: {num_unique_system_prompts: 2, num_users_per_system_prompt: 2, system_prompt_len: 64, question_len: 20, output_len: 9}
`;

/** Groups that are active at times. */
const ACTIVITY = `
aggregate_rate: 5
horizon: 30000000
cohorts:
${[
  'spike: {start_time_us: 1000000, duration_us: 5000000, trace_rate: 3}',
  'drain: {start_time_us: 5000000, ramp_duration_us: 9000000}',
  'diurnal: {peak_hour: 12, peak_to_trough_ratio: 4}',
]
  .map(
    (activity, i) => `  - {id: c${i}, population: 2, rate_fraction: 1, arrival: {process: poisson}, ${activity},
     input_distribution: {type: constant, params: {value: 9}}, output_distribution: {type: constant, params: {value: 9}}}`,
  )
  .join('\n')}
`;

/** Clients that are active at times. */
const WINDOWS = `
aggregate_rate: 0
horizon: 60000000
clients:
  - {id: a, rate_fraction: 1, arrival: {process: poisson},
     lifecycle: {windows: [{start_us: 0, end_us: 20000000, trace_rate: 3, arrival: {process: constant},
       input_distribution: {type: constant, params: {value: 9}}, output_distribution: {type: constant, params: {value: 9}}}]},
     input_distribution: {type: exponential, params: {mean: 9}}, output_distribution: {type: exponential, params: {mean: 9}}}
`;

/**
 * @param {typeof import('#engine')} api
 * @returns {Config[]}
 */
export function configurations(api) {
  const trace = api.exportTrace({ workload: { kind: 'chatbot', num_requests: 20 }, seed: 5 });
  const sizes = {
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    vocab_size: 99,
    intermediate_size: 99,
  };
  const own = api.readModel('me/mine', JSON.stringify({ ...sizes, hidden_act: 'silu', torch_dtype: 'bfloat16' }));
  const gpu = { ...api.catalog().gpus[0].figures, name: 'Mine' };
  return [
    { workload: { num_requests: 30 } },
    // What the user brings.
    {
      model: {
        name: 'me/mine',
        own_models: [own, { ...own, name: 'me/other', architecture: null }],
        hardware: 'Mine',
        own_gpus: [gpu],
        tp: 1,
        gpu_price: 3,
      },
      workload: { num_requests: 10 },
    },
    // A GPU without a known price.
    { model: { name: 'qwen/qwen3-14b', hardware: 'GB200', tp: 1 }, workload: { num_requests: 10 } },
    // Everything that can be set.
    {
      version: 2,
      model: { name: 'qwen/qwen3-14b', hardware: 'H100', tp: 2, latency_model: 'roofline' },
      memory: { total_kv_blocks: 4000, max_model_len: 8192 },
      cluster: { num_instances: 4, horizon: 20_000_000 },
      routing: { policy: 'weighted' },
      workload: { rate: 200, num_requests: 400, prefix_tokens: 100, timeout: 60 },
      slo: { default: { ttft_ms: 500, itl_ms: 40 }, batch: { e2e_ms: 9000 } },
      admission: { policy: 'tier-shed', slo_priorities: { batch: 1 }, tenant_budgets: { alice: 0.25 } },
      seed: 9007199254740993n,
    },
    { model: { alpha_coeffs: [1, 2, 3], beta_coeffs: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] }, workload: { num_requests: 20 } },
    api.importWorkloadSpec(SPECIFICATION, { cluster: { num_instances: 2 } }),
    api.importWorkloadSpec(WINDOWS, {}),
    api.importWorkloadSpec(MEDIA, {}),
    api.importWorkloadSpec(BENCHMARK, {}),
    api.importWorkloadSpec(ACTIVITY, {}),
    api.importTrace(trace.header, trace.data, {}),
    {
      workload: {
        requests: [
          { arrival_us: 0, input_tokens: 10, output_tokens: 5 },
          {
            id: 'two',
            arrival_us: 0,
            input_tokens: 10,
            output_tokens: 5,
            budget: 7,
            prefix_group: 'a',
            prefix_length: 4,
            slo_class: 'critical',
            tenant: 't',
            deadline_us: 9_000_000,
            client: 'c',
            session: 's',
            round: 1,
          },
        ],
      },
    },
    // Too much for it: evictions, requests that are refused, time out, or are cut off.
    { memory: { total_kv_blocks: 400 }, workload: { rate: 90, num_requests: 200, timeout: 8 } },
    { admission: { policy: 'token-bucket' }, workload: { rate: 90, num_requests: 50 } },
    {
      routing: { policy: 'always-busiest' },
      cluster: { num_instances: 3, horizon: 2_000_000 },
      workload: { rate: 50 },
    },
    { workload: { concurrency: 4, num_requests: 40, think_time_ms: 100 } },
    CONVERSATIONS,
    // A second tier of memory.
    { memory: { total_kv_blocks: 400, kv_cpu_blocks: 300 }, workload: { rate: 20, num_requests: 60 } },
    // Its second request never fits.
    {
      memory: { total_kv_blocks: 20, max_model_len: 0 },
      workload: { timeout: -1, requests: [{ arrival_us: 0, input_tokens: 200, output_tokens: 400 }] },
    },
  ];
}
