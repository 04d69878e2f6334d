/**
 * A configuration in which nothing is left out: what the engine gives. `null` stands where the engine chooses.
 */
export interface CompleteConfig extends Config {
  version: FormatVersion;
  model: Required<ModelSettings>;
  memory: Required<MemorySettings>;
  cluster: Required<ClusterSettings>;
  admission: Required<AdmissionSettings>;
  routing: Required<RoutingSettings>;
  instance: Required<InstanceSettings>;
  workload: Required<WorkloadSettings>;
  trace: Required<TraceSettings>;
  slo: Record<string, Required<SloTarget>>;
  streams: StreamsName;
  seed: number | bigint;
}

/**
 * Cannot be changed: a result gives the same object at every read.
 */
export type Frozen<Part> = Part extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : Part extends object
    ? { readonly [Name in keyof Part]: Frozen<Part[Name]> }
    : Part;

/**
 * Pairs of a setting's name (URL key, path or flag) and its text: a list of pairs, a `Map`, `URLSearchParams`, or
 * whatever else gives pairs one by one. Numbers and booleans stand for their texts.
 */
export type Pairs = Iterable<readonly [name: string, value: string | number | bigint | boolean]>;

/**
 * A configuration read from pairs, and what could not be read.
 */
export interface ReadPairs {
  /**
   * The configuration, without the rejected pairs.
   */
  config: CompleteConfig;
  /**
   * The pairs that were left out, and why.
   */
  rejected: Problem[];
}

/**
 * A text, a value or a whole configuration that the engine refuses, with its place and what would have been right: all
 * that a `Problem` has. Functions throw the first problem that they meet; `validate` and `Settings.problems` list all.
 */
export class ConfigError extends Error {
  private constructor();
  readonly name: 'ConfigError';
  /**
   * What sort of problem, for programs.
   */
  readonly code: ProblemCode;
  /**
   * Where, as a path into the configuration; the name of the argument if it is another one.
   */
  readonly path: string;
  /**
   * The URL key of the setting at which it is to be shown; `null` if it belongs to none.
   */
  readonly key: string | null;
  /**
   * The offending value as text.
   */
  readonly value: string;
  /**
   * What would have been valid.
   */
  readonly expected: string;
  /**
   * The problem as data, to be sent to another thread: copies of errors lose all but their message.
   */
  toJSON(): Problem & { name: 'ConfigError' };
}

/**
 * A result as plain data, without its columns.
 */
export interface ResultJson {
  /**
   * 16 hexadecimal digits over all columns.
   */
  digest: string;
  /**
   * Whether the cluster keeps up, and why.
   */
  verdict: Frozen<Verdict>;
  /**
   * Remarks on settings with which the run went ahead.
   */
  warnings: readonly string[];
  /**
   * The headline figures.
   */
  summary: Frozen<Summary>;
  /**
   * The settings of the run.
   */
  config: Frozen<CompleteConfig>;
}

/**
 * A histogram of TTFT.
 */
export interface TtftHistogram {
  /**
   * Edges in ms, one more than bins.
   */
  edges: Float64Array;
  /**
   * Samples per bin.
   */
  counts: Uint32Array;
}

/**
 * A cumulative distribution.
 */
export interface Cdf {
  /**
   * Values in ms, ascending.
   */
  ms: Float64Array;
  /**
   * Share of samples up to and including the value.
   */
  share: Float64Array;
}

/**
 * Regret over time, an array per column.
 */
export interface RegretArrays {
  /**
   * Time of the first decision of a point, s.
   */
  seconds: Float64Array;
  /**
   * Smallest regret of the point's decisions.
   */
  min: Float64Array;
  /**
   * Mean regret.
   */
  mean: Float64Array;
  /**
   * Largest regret.
   */
  max: Float64Array;
}

/**
 * The instances over time. A column has all instances at the first time before all of them at the second.
 */
export interface Timeline {
  /**
   * The times, s.
   */
  seconds: Float64Array;
  /**
   * Number of instances.
   */
  instanceCount: number;
  /**
   * Waiting requests.
   */
  waiting: Uint32Array;
  /**
   * Running requests.
   */
  running: Uint32Array;
  /**
   * KV blocks in use.
   */
  usedBlocks: Uint32Array;
  /**
   * KV blocks in the second tier; zeros without one.
   */
  tierBlocks: Uint32Array;
}

/**
 * The two files of a trace.
 */
export interface TraceText {
  /**
   * The header, YAML.
   */
  header: string;
  /**
   * One row per request, CSV.
   */
  data: string;
}
