import type {
  ColumnName,
  CompleteConfig,
  Config,
  ConfigError,
  Frozen,
  Limits,
  Problem,
  Progress,
  Summary,
  Verdict,
} from '../index.js';

export { ConfigError } from '../index.js';

/**
 * A client of the engine in workers. They start when they are needed, and are replaced when they break down, do not let
 * go of what was given up, or have grown large. In Node they are threads; those that have nothing to do keep no program
 * alive.
 */
export function createClient(options?: ClientOptions): Client;

/**
 * How the engine is started.
 */
export interface ClientOptions {
  /**
   * How many workers there are at most; 1 if left out. What is asked waits for a free one, in the order of asking.
   */
  workers?: number;
  /**
   * Makes a worker, where a bundler or a policy wants it done in a way of its own; its script is
   * `blis-playground/worker/thread.js`. Not in Node.
   */
  worker?: () => Worker;
  /**
   * Where the module comes from, if not from beside the package: an address, or the compiled module. Not in Node.
   */
  module?: string | URL | WebAssembly.Module;
}

/**
 * What can be said to a question.
 */
export interface Asking<Told> {
  /**
   * Gives the question up: its promise is rejected with the signal's reason at once, and its worker stops.
   */
  signal?: AbortSignal;
  /**
   * Gets how far it has come, about twenty times a second.
   */
  onProgress?: (progress: Told) => void;
}

/**
 * What can be said to a run.
 */
export interface RunOptions<Name extends ColumnName = never> extends Asking<Progress> {
  /**
   * Columns of the requests that are wanted, too.
   */
  columns?: readonly Name[];
  /**
   * Whether it is noted why requests wait, which takes a few percent longer.
   */
  limits?: boolean;
}

/**
 * How far a sweep has come.
 */
export interface SweepProgress {
  /**
   * Runs that are done.
   */
  finished: number;
  /**
   * All runs: one for each variant and seed.
   */
  total: number;
}

/**
 * Asks workers. Everything that it gives is plain data: there is nothing to free.
 */
export interface Client {
  /**
   * Runs a configuration to its end.
   *
   * @throws {ConfigError} if the configuration cannot be used, or cannot be copied for the worker, as a proxy; as a
   *   rejection of the promise, as the others
   * @throws {EngineFailure} if the engine broke down twice, as when there is no more memory
   * @throws the signal's reason, or an `AbortError`, if it was given up or the client was closed
   */
  simulate<Name extends ColumnName = never>(config: Config, options?: RunOptions<Name>): Promise<RunReport<Name>>;
  /**
   * Runs every variant with every seed. With several workers, seeds are run side by side.
   *
   * @returns the runs by variant, and therein by seed
   * @throws {ConfigError} if one of them is no configuration, or a seed is none
   * @throws {EngineFailure} as above
   * @throws the signal's reason, or an `AbortError`, if it was given up or the client was closed
   */
  sweep(
    variants: readonly Config[],
    seeds: Iterable<number | bigint>,
    options?: Asking<SweepProgress>,
  ): Promise<SweepRun[][]>;
  /**
   * Ends the workers. What was asked is rejected with an `AbortError`.
   */
  close(): void;
}

/**
 * A run as plain data.
 */
export interface RunReport<Name extends ColumnName = never> {
  /**
   * 16 hexadecimal digits over all columns.
   */
  digest: string;
  /**
   * The headline figures.
   */
  summary: Summary;
  /**
   * Whether the cluster keeps up, and why.
   */
  verdict: Verdict;
  /**
   * Remarks on settings with which the run went ahead.
   */
  warnings: string[];
  /**
   * Where the headline figures mislead, in sentences without a dot at the end; mostly none.
   */
  notes: string[];
  /**
   * Why requests waited; `null` unless that was asked for.
   */
  limits: Limits | null;
  /**
   * The settings of the run.
   */
  config: CompleteConfig;
  /**
   * The wanted columns: one number per request.
   */
  columns: Record<Name, Float64Array>;
}

/**
 * A run of a sweep: its headline figures, or why its variant cannot be used.
 */
export type SweepRun = { summary: Summary; problem: null } | { summary: null; problem: Problem };

/**
 * The engine broke down, as when there is no more memory; what is asked next gets a new one.
 */
export class EngineFailure extends Error {
  private constructor();
  readonly name: 'EngineFailure';
  /**
   * Whether there was no more memory.
   */
  readonly outOfMemory: boolean;
}
