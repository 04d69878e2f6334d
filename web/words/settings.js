// Words of the form of settings: headings, the search, and what is said at a control. Labels and help of the settings
// themselves are the engine's (src/settings/schema).

import { count, plural } from '../shared/format.js';

/** How many settings of a section are not as they usually are. @param {number} many */
export const changedWords = (many) => `${count(many)} changed`;

/** Which these are. @param {string[]} labels */
export const changedHint = (labels) => `Changed: ${labels.join(', ')}`;

// The search

export const SEARCH_LABEL = 'Find a setting';

/** What can be looked for, by example. */
export const SEARCH_EXAMPLE = 'Name or flag, like --max-num-seqs';

export const SHOW_ALL = 'Show all settings';

/** @param {number} many */
export const foundWords = (many) => `${plural(many, 'setting')} found.`;

/** @param {string} query */
export const noneFoundWords = (query) => `No setting is called “${query}”.`;

/** Settings of that name there are, but none that can be changed now. */
export const NONE_SHOWN = 'Nothing to change here.';

/** By which of its names a setting was found, where its label does not say it. */
export const FOUND_BY = {
  flag: 'BLIS flag',
  vllm: 'vLLM flag',
  path: 'In files',
  key: 'In links',
  word: 'Also called',
  value: 'Has the choice',
};

/** @param {string} label */
export const hiddenByLinkWords = (label) => `“${label}” is hidden by this link.`;

/** @param {string} label */
export const fromFileWords = (label) => `“${label}” comes with a file that you import.`;

/** @param {string} label */
export const notHereWords = (label) => `“${label}” is set in a file of settings, not on this page.`;

/**
 * @param {string} label
 * @param {string} need what it takes for the setting to count
 */
export const withoutEffectWords = (label, need) => `“${label}” has no effect now: it needs ${need}.`;

/** @param {number} many */
export const moreWithoutControlWords = (many) => `${plural(many, 'more setting')} of this name cannot be changed now.`;

/** What another setting has to be, so that a setting counts. */
export const NEEDS = {
  /** @param {string} label @param {string} value */
  is: (label, value) => `“${label}” set to “${value}”`,
  /** @param {string} label @param {string} value */
  isNot: (label, value) => `“${label}” set to something other than “${value}”`,
  /** @param {string} label */
  empty: (label) => `“${label}” left empty`,
  own: 'requests that the form describes, not imported ones',
};

/** What others call a setting, by its path. @type {Record<string, string[]>} */
export const SYNONYMS = {
  'cluster.num_instances': ['servers', 'replicas', 'copies', 'nodes', 'pods', 'workers', 'data parallel', 'scale out'],
  'cluster.horizon': ['duration', 'run length', 'simulated time', 'stop time'],
  'cluster.kills': ['failure', 'crash', 'drain', 'outage', 'node down', 'chaos'],
  'workload.bursts': ['spike', 'surge', 'flash crowd', 'peak'],
  'workload.rate': ['QPS', 'RPS', 'requests per second', 'request rate', 'load', 'throughput'],
  'workload.num_requests': ['number of requests', 'num prompts', 'run length', 'count'],
  'workload.concurrency': ['closed loop', 'clients', 'sessions', 'max concurrency'],
  'workload.think_time_ms': ['pause', 'think time'],
  'workload.kind': ['lengths', 'dataset', 'use case'],
  'workload.prompt_tokens': ['input length', 'ISL', 'input tokens', 'context'],
  'workload.prompt_tokens_stdev': ['standard deviation of the input', 'variance of prompts'],
  'workload.prompt_tokens_min': ['min input tokens', 'minimum'],
  'workload.prompt_tokens_max': ['max input tokens', 'maximum'],
  'workload.output_tokens': ['output length', 'OSL', 'generated tokens', 'completion tokens'],
  'workload.output_tokens_stdev': ['standard deviation of the output', 'variance of answers'],
  'workload.output_tokens_min': ['min output tokens', 'minimum'],
  'workload.output_tokens_max': ['max output tokens', 'maximum'],
  'workload.prefix_tokens': ['system prompt', 'common prefix', 'prompt caching'],
  'workload.timeout': ['deadline', 'give up', 'abandon', 'request timeout'],
  streams: ['random numbers', 'generator', 'RNG', 'reference streams', 'common random numbers'],
  seed: ['random', 'randomness', 'repeat'],
  'model.name': ['LLM', 'weights', 'network'],
  'model.hardware': ['accelerator', 'card', 'device', 'hardware'],
  'model.tp': ['tensor parallelism', 'TP', 'number of GPUs', 'GPU count'],
  'model.latency_model': ['step time', 'performance model', 'timing'],
  'model.alpha_coeffs': ['calibration', 'alpha'],
  'model.beta_coeffs': ['calibration', 'beta'],
  'model.layers': ['hybrid', 'sliding window', 'linear attention', 'Mamba'],
  'model.gpu_price': ['cost', 'dollars', 'budget', 'price per hour'],
  'memory.kv_cache_format': ['fp8 KV cache', 'quantised cache'],
  'routing.policy': ['load balancer', 'load balancing', 'router', 'scheduler of the gateway', 'sticky sessions'],
  'routing.scorers': ['weights of the router', 'session affinity', 'sticky', 'prefix aware'],
  'routing.latency': ['router delay', 'gateway delay'],
  'routing.snapshot_refresh_interval': ['staleness', 'stale data', 'metrics interval', 'scrape interval'],
  'routing.cache_signal_delay': ['staleness', 'stale data', 'cache events'],
  'admission.policy': ['rate limit', 'rate limiter', 'load shedding', 'throttling', 'reject'],
  'admission.latency': ['gateway delay'],
  'admission.token_bucket_capacity': ['burst size', 'rate limit'],
  'admission.token_bucket_refill_rate': ['rate limit'],
  'admission.tier_shed_threshold': ['load shedding'],
  'admission.tier_shed_min_priority': ['load shedding'],
  'admission.gaie_qd_threshold': ['saturation', 'load shedding'],
  'admission.gaie_kv_threshold': ['saturation', 'load shedding'],
  'admission.slo_priorities': ['SLO', 'tiers'],
  'admission.tenant_budgets': ['quota', 'fair share', 'multi-tenancy', 'noisy neighbour'],
  'instance.scheduler': ['scheduling policy', 'queueing discipline', 'FIFO', 'order of requests'],
  'instance.priority_policy': ['request priority'],
  'instance.preemption_policy': ['eviction', 'recompute'],
  'instance.max_num_running_reqs': ['max batch size', 'slots', 'places', 'concurrency', 'running requests'],
  'instance.max_num_scheduled_tokens': ['step budget', 'token budget', 'batched tokens'],
  'instance.long_prefill_token_threshold': ['chunked prefill', 'chunk size', 'long prompts'],
  'memory.total_kv_blocks': ['KV cache size', 'cache', 'memory'],
  'memory.kv_cpu_blocks': ['CPU offload', 'host memory', 'swap space', 'KV tier', 'second tier', 'offloading'],
  'memory.block_size_in_tokens': ['page size', 'block size', 'paged attention'],
  'memory.gpu_memory_utilization': ['VRAM', 'HBM', 'memory fraction'],
  'memory.max_model_len': ['context length', 'context window', 'max tokens', 'sequence length'],
  'slo.*.ttft_ms': ['SLO', 'SLA', 'goodput', 'time to first token'],
  'slo.*.itl_ms': ['SLO', 'SLA', 'goodput', 'inter-token latency', 'TPOT', 'time per output token'],
  'slo.*.e2e_ms': ['SLO', 'SLA', 'goodput', 'end-to-end latency', 'response time'],
  'trace.counterfactual_k': ['regret', 'counterfactual', 'candidates'],
};

/** What some look for and no setting is: it cannot be turned off here. */
export const ALWAYS_SO = [
  {
    names: ['--enable-prefix-caching', '--no-enable-prefix-caching', 'prefix caching', 'automatic prefix caching'],
    words: 'Prefix caching is always on here.',
  },
  {
    names: ['--enable-chunked-prefill', '--no-enable-chunked-prefill', 'chunked prefill'],
    words: 'Chunked prefill is always on here: a prompt takes as many steps as its tokens need.',
  },
];

// At a control

/** @param {string} label */
export const helpName = (label) => `What is ${label}?`;

/** @param {string} label */
export const sliderName = (label) => `${label}, slider`;

/** What stands before the flag of our own command line. */
export const ON_COMMAND_LINE = 'On the command line:';

/** What stands before vLLM's flag of the same meaning. */
export const IN_VLLM = 'In vLLM:';

/** The engine counts in these; the form does not. */
export const FLAG_IN_MICROSECONDS = '(in µs)';

/** Short words in labels that not everybody knows. */
export const SHORT_WORDS = [
  {
    short: 'TTFT',
    words: 'TTFT is the time to first token, from a request’s arrival to the first word of its answer.',
  },
  { short: 'ITL', words: 'ITL is the inter-token latency, the time from one token of an answer to the next.' },
  { short: 'E2E', words: 'E2E is end to end, from a request’s arrival to the last word of its answer.' },
  { short: 'KV', words: 'KV stands for keys and values: what the model keeps of each token that it has seen.' },
];

/** Unit of a time in the form, with the value in a unit that suits it where it is long. */
export const MS = 'ms';

/** What an optional number says while it is empty. */
export const AUTO = 'auto';

/** The same, read aloud from its slider. */
export const AUTOMATIC_VALUE = 'automatic';

/** The coefficients that come with the page. */
export const BUNDLED = 'bundled';

export const ADD_SCORER = '+ add a scorer';

/** @param {number} number */
export const scorerName = (number) => `Scorer ${number}`;

/** @param {number} number */
export const scorerWeightName = (number) => `Weight of scorer ${number}`;

/** @param {number} number */
export const removeScorerName = (number) => `Remove scorer ${number}`;

// A workload that was brought in

export const IMPORTED_WORKLOAD = 'Imported workload';

export const REMOVE = 'Remove';

/** The way to bring requests in, and to change how they were. */
export const YOUR_TRAFFIC = {
  open: 'Your traffic …',
  change: 'Change …',
  note: 'or the requests of a file',
};

// Coefficients that were fitted to measurements

export const MEASURED = {
  title: 'Latency as measured',
  open: 'Your measurements …',
  change: 'Change …',
  remove: 'Remove',
  note: 'or coefficients fitted to a benchmark of yours',
};

// What a model does not fit on

export const NO_DEFAULT_GPU = 'no default GPU';

export const NOT_ON_DEFAULT_GPU = 'does not fit on its default GPU';

export const FITS_NOWHERE = 'does not fit';

/** @param {number} gpus */
export const needsWords = (gpus) => `needs ${plural(gpus, 'GPU')}`;

/** @param {number} gpus @param {boolean} orFewer */
export const fitsOnWords = (gpus, orFewer) => `fits on ${orFewer ? 'up to ' : ''}${plural(gpus, 'GPU')}`;

/** @param {number} gpus */
export const useGpusWords = (gpus) => `Use ${plural(gpus, 'GPU')} per instance`;

/** @param {string} gpu */
export const useGpuWords = (gpu) => `Use ${gpu}`;

/** @param {number} gpus @param {string} gpu */
export const useGpusOfWords = (gpus, gpu) => `Use ${gpus} × ${gpu} per instance`;

export const USE_ROOFLINE = 'Use the roofline latency model';

/** @param {string} words */
export const withRooflineWords = (words) => `${words}, with roofline`;

// Why a value was not accepted

/** What stands for the rest of a list of which one is to be chosen. */
export const ANOTHER = 'another one';

/** @param {string} model @param {string} gpus */
export const chooseGpuWords = (model, gpus) => `${model} has no default GPU. Choose ${gpus}.`;

/** @param {string} fact @param {string} use */
export const useInsteadWords = (fact, use) => `${fact}. Use ${use}.`;

/** @param {string} clash @param {string} instead */
export const expectedWords = (clash, instead) => `${clash}. Expected: ${instead}.`;

/** @param {string} values */
export const chooseWords = (values) => `Choose ${values}.`;

/** @param {string} value */
export const enterWords = (value) => `Enter ${value}.`;

/** After what to enter, where nothing may be entered as well. */
export const OR_EMPTY = ', or leave the field empty';

/** What to enter, to go behind “Enter”. */
export const RANGES = {
  /** @param {string} min @param {string} max */
  ms: (min, max) => `a number of ms from ${min} to ${max}`,
  whole: 'a whole number',
  /** @param {string} min @param {string} max */
  wholeFrom: (min, max) => `a whole number from ${min} to ${max}`,
  /** @param {string} min @param {boolean} above @param {string|null} max */
  number: (min, above, max) =>
    `a number ${above ? 'greater than' : 'of at least'} ${min}${max === null ? '' : ` and at most ${max}`}`,
};
