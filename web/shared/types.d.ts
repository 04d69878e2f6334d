/** The shapes that the page's modules exchange. Those of the engine come from the engine. */
import type {
  CompleteConfig,
  ConversationEnd,
  Fit,
  Frozen,
  Imported,
  Summary as EngineSummary,
  TierFigures,
} from '#engine';

/** All settings of a run. */
export type Config = CompleteConfig;

export type { ConversationEnd, Fit, Imported, TierFigures };

/** The headline figures; nothing changes them. */
export type Summary = Frozen<EngineSummary>;

/** A setting in its short key, as in the address and in the form: always text. */
export type Pair = [key: string, text: string];

/** Why a value was not accepted. */
export interface Problem {
  path: string;
  /** The key of the setting at which it is shown; null if it belongs to none. */
  key: string | null;
  value: string;
  expected: string;
  message: string;
}

/** Settings to come back to. */
export interface Kept {
  pairs: Pair[];
  drafts: Map<string, string>;
  problems: Problem[];
  /** Where a workload that the settings hold comes from. */
  importedName: string;
  /** Whether their run waits to be asked for. */
  held: boolean;
}

/** The run that is shown, with the settings that it belongs to. */
export interface ShownRun extends RunReport {
  estimate: Estimate;
  pairs: Pair[];
  imported: Imported | null;
  importedName: string;
  /** Keys of the settings that have no effect because of the values of others. */
  withoutEffect: string[];
}

/** One simulation, in the form in which it leaves the worker. */
export interface RunReport {
  config: Config;
  summary: Summary;
  digest: string;
  /** Why requests waited, as shares of the time; null only if the run did not track them. */
  limits: Frozen<import('#engine').Limits> | null;
  /** Remarks on settings with which the run went ahead. */
  warnings: readonly string[];
  /** Where the headline figures mislead, in sentences without a dot. */
  notes: readonly string[];
  /** The SLO classes of which a request arrived. */
  classes: readonly string[];
  /** The latency targets of the settings, or of the workload's specification, by class. */
  targets: Frozen<Record<string, import('#engine').SloTarget>>;
  /** When the simulation started, in ms since 1970. */
  startedAt: number;
  /** Time that the simulation took on this machine, in ms. */
  elapsedMs: number;
  /** Share of requests with a TTFT up to and including a value. */
  cdf: { ms: Float64Array; share: Float64Array };
  histogram: { edges: Float64Array; counts: Uint32Array };
  regret: { seconds: Float64Array; min: Float64Array; mean: Float64Array; max: Float64Array };
  requestsPerInstance: Uint32Array;
}

/** A run beside the closed forms of theory. */
export interface Study {
  digest: string;
  /** Every figure by name, nested as lessons name them: `ttft.p99_ms`, `theory.excess.capacity`. */
  figures: Record<string, unknown>;
  overlays: import('#engine').Overlays;
}

/** How far a running simulation has come. */
export interface Progress {
  phase: import('#engine').Phase;
  simulatedSeconds: number;
  finishedRequests: number;
  totalRequests: number;
}

/** A search for a worker. */
export interface SizeWork {
  config: Config;
  /** GPUs per instance; null asks for the highest rate of the cluster as it is set. */
  tp: number | null;
  targets: import('#engine').Targets;
  /** Requests that may be simulated unasked; null once a person has asked. */
  budget: number | null;
}

/** How far a search has got. */
export interface SizeReport {
  row: import('#engine').Row;
  progress: import('#engine').SearchProgress;
}

/** The figures at one value of the swept setting, by seed; the first seed is the current one. */
export interface SweepPoint {
  at: number;
  bySeed: Map<string, import('./metrics.js').Figures>;
}

/** A run of a sweep: one of the variants, and a seed. */
export interface SweepTask {
  variant: number;
  seed: number | bigint;
}

/** Runs of a sweep for a worker. */
export interface SweepWork {
  /** Number of the sweep: its variants are read once. */
  sweep: number;
  variants: Config[];
  tasks: SweepTask[];
}

/** A run of a sweep that is done; no figures if the engine refused its settings. */
export interface SweepResult extends SweepTask {
  figures: import('./metrics.js').Figures | null;
  elapsedMs: number;
}

/** The sweep over one setting around its current value. */
export interface Sweep {
  /** The settings that it is around. */
  config: Config;
  /** Name of the swept setting. */
  axis: string;
  points: SweepPoint[];
  seed: string;
  planned: number;
  finished: number;
  /** Offered: it costs more than is computed unasked. Stopped: by a person. */
  status: 'running' | 'done' | 'stopped' | 'offered';
  /** About how long all of it takes, s. */
  seconds: number;
}

/** Where the time of a run's requests went, and what its instances did over time. */
export interface Details {
  config: Config;
  phases: import('#engine').Phases;
  seconds: Float64Array;
  instanceCount: number;
  /** A number per time and instance, all instances at the first time before all of them at the second. */
  waiting: Uint32Array;
  running: Uint32Array;
  usedBlocks: Uint32Array;
  /** KV blocks in the second tier; zeros without one. */
  tierBlocks: Uint32Array;
  kvBlocks: number;
  curves: Curves;
}

/** What the charts of single requests and decisions show. */
export interface Curves {
  distributions: Record<import('#engine').Latency, import('#engine').Distribution>;
  goodput: import('#engine').GoodputCurve;
  /** The SLO classes of which a request arrived. */
  classes: readonly string[];
  /** One value per request, NaN where there is none. */
  requests: {
    arrivalUs: Float64Array;
    ttftUs: Float64Array;
    routedUs: Float64Array;
    regret: Float64Array;
    instance: Float64Array;
  };
  /** Of each stretch of time the request that waited longest, and the decision with the largest regret. */
  worstWaits: Uint32Array;
  worstDecisions: Uint32Array;
  byInstance: import('#engine').InstanceRegret[];
}

/** The engine's description of itself, fetched once. */
export interface Description {
  version: string;
  schema: Setting[];
  catalog: import('#engine').Catalog;
  defaultConfig: Config;
  defaultPairs: Pair[];
}

export type Catalog = Description['catalog'];

export type Setting = import('#engine').Setting;

/** An answer to a set of pairs: the settings they give and what is wrong with them. */
export interface Proposal {
  config: Config;
  pairs: Pair[];
  /** Keys of the settings that have no effect because of the values of others. */
  withoutEffect: string[];
  /** The workload that replaces the settings' own. */
  imported: Imported | null;
  problems: Problem[];
  /** What their run takes; null if they are not valid. */
  estimate: Estimate | null;
  /** Whether they were not run because they are larger than may be run unasked. */
  held: boolean;
}

/** About what a run takes. */
export interface Estimate {
  requests: number;
  /** Memory in the engine. */
  bytes: number;
  /** Time of one run on this machine. */
  seconds: number;
}

/** Settings that are wanted: as pairs, or as in a file. */
export type Wanted = ({ pairs: Pair[] } | { imported: unknown }) & {
  /** Most requests that may be simulated unasked. None if a person has asked. */
  limit?: number;
};

/** What is known of a run before it is played. */
export interface PlaybackInfo {
  /** KV blocks of an instance. */
  kvBlocks: number;
  /** Times of the timeline, s. */
  seconds: Float64Array;
  /** Waiting and running requests of all instances at these times. */
  waiting: Uint32Array;
  running: Uint32Array;
  /** Most requests, waiting and running, of a single instance at one of these times. */
  fullest: number;
}

/** How many requests wait and run at every instance at some times: the instances of the first time, then those of the next. */
export interface RunFrames {
  /** The times, s. */
  seconds: Float64Array;
  instanceCount: number;
  waiting: Uint32Array;
  running: Uint32Array;
}

/** The cluster at one moment, in the form in which it leaves the worker. Lists are cut where more could not be seen. */
export interface MomentView {
  timeUs: number;
  /** The next event, null after the last. */
  nextUs: number | null;
  /** Requests by place. */
  counts: import('#engine').PlaceCounts;
  instanceCount: number;
  /** A number per instance and quantity. */
  instances: Pick<
    import('#engine').Moment,
    | 'waiting'
    | 'prefill'
    | 'decode'
    | 'usedBlocks'
    | 'inFlight'
    | 'evictions'
    | 'completed'
    | 'lost'
    | 'routable'
    | 'stepTokens'
    | 'limits'
    | 'tiers'
  >;
  /** Per instance its queue, next one first, and 1 for those that were evicted. */
  queues: Uint32Array[];
  evicted: Uint32Array[];
  /** Per instance its batch in order, and 1 for those in prefill. */
  batches: Uint32Array[];
  prefill: Uint32Array[];
}

/** What happened to every request, one number each; NaN where something did not happen. */
export interface Lives {
  arrival_us: Float64Array;
  input_tokens: Float64Array;
  output_tokens: Float64Array;
  admitted_us: Float64Array;
  routed_us: Float64Array;
  enqueued_us: Float64Array;
  first_scheduled_us: Float64Array;
  last_scheduled_us: Float64Array;
  ttft_us: Float64Array;
  e2e_us: Float64Array;
  ended_us: Float64Array;
  instance: Float64Array;
  score: Float64Array;
  regret: Float64Array;
  preemptions: Float64Array;
  cached_tokens: Float64Array;
  states: string[];
  /** Conversations and virtual users; null without any. */
  sessions: LifeSessions | null;
  ttftP99Ms: number;
  regretUnit: string;
}

/** Which turn of which session each request is. */
export interface LifeSessions {
  /** Number of its session; NaN for none. */
  session: Float64Array;
  round: Float64Array;
  context_tokens: Float64Array;
  /** Names of conversations by their number; empty for virtual users. */
  names: string[];
  /** How conversations ended, by their number; empty where rounds do not wait for answers. */
  ends: (ConversationEnd | null)[];
}

/** What really happened with a request on another instance. */
export interface Fork {
  instance: number;
  ttftUs: number;
  e2eUs: number;
  state: string;
  ttftP99Ms: number;
  ttftMeanMs: number;
  e2eP99Ms: number;
  digest: string;
}

/** A request thrown out of its batch. */
export interface Eviction {
  timeUs: number;
  /** When it was in the batch again; null if it never was. */
  backUs: number | null;
  /** KV blocks in use before, of so many. */
  usedBlocks: number;
  kvBlocks: number;
  /** Members of the batch before and after. */
  batchBefore: number;
  batchAfter: number;
  /** Its place in the batch before, from 1. */
  position: number;
}

/** Evictions of a request, all of them if the search is complete. */
export interface EvictionSearch {
  found: Eviction[];
  complete: boolean;
}

export type Explanation = import('#engine').Explanation;

/** What cutting and scaling has left of a file; or why that cannot be done. */
export type TraceCut =
  | { report: import('#engine').TraceSliceReport; longer: number; problem?: undefined }
  | { problem: Problem; report?: undefined };

/** A file of requests that was read; or why it cannot be, with what its beginning shows. */
export type TraceRead =
  | {
      report: import('#engine').TraceReport;
      /** Latency targets that it names, by class. */
      targets: Record<string, import('#engine').SloTarget>;
      cut: TraceCut;
      /** Rows that the model of the settings cannot serve. */
      longer: number;
      problem?: undefined;
    }
  | { problem: Problem; preview: import('#engine').TracePreview | null; progress: TraceReading; report?: undefined };

/** How far reading has come. */
export interface TraceReading {
  bytes: number;
  total: number;
  rows: number;
  dropped: number;
  /** Told once. */
  preview?: import('#engine').TracePreview | null;
}

/** Requests that were made for a run. */
export interface TraceMade {
  list: import('#engine').LoadedRequests;
  /** Lists that were given up for want of room. */
  gone: import('./list_store.js').KeptList[];
  /** The requests themselves, where the browser keeps nothing. */
  rows: { requests: unknown; hash_block: number } | null;
}

/** A file of requests that a person has brought in. */
export interface Brought {
  file: Blob;
  name: string;
  /** Of a trace of ours, YAML. */
  header: string | null;
}

/** A text that a person has brought in, and the name of its file; empty if it was pasted. */
export interface BroughtText {
  name: string;
  text: string;
}

/** The same where it may be compressed. */
export interface BroughtBytes {
  name: string;
  text: string | Uint8Array;
}

/** What the instances of some settings can hold. */
export interface Serving {
  /** Longest request, prompt and answer together, tokens; 0 = no limit. */
  max_model_len: number;
  /** KV blocks of one instance. */
  total_kv_blocks: number;
  /** Tokens of a block. */
  block_size: number;
  instances: number;
}
