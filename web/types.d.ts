/** The shapes that the page's modules exchange. Those of the engine come from the engine. */
import type { Config as PartialConfig, Summary } from './pkg/blis_playground.js';

/** The engine takes settings with parts left out; those that it gives are complete. */
type Complete<Part> = { [Name in keyof Part]-?: NonNullable<Part[Name]> };

/** All settings of a run. */
export type Config = { [Name in keyof PartialConfig]-?: Complete<NonNullable<PartialConfig[Name]>> } & { seed: number };

export type { Summary };

/** A setting in its short key, as in the address and in the form: always text. */
export type Pair = [key: string, text: string];

/** Why a value was not accepted. */
export interface Problem {
  path: string;
  value: string;
  expected: string;
  message: string;
}

/** One simulation, in the form in which it leaves the worker. */
export interface RunReport {
  config: Config;
  summary: Summary;
  digest: string;
  /** What one should know although the run went ahead. */
  warnings: string[];
  /** Time that the simulation took on this machine, in ms. */
  elapsedMs: number;
  /** Share of requests with a TTFT up to and including a value. */
  cdf: { ms: Float64Array; share: Float64Array };
  histogram: { edges: Float64Array; counts: Uint32Array };
  regret: { seconds: Float64Array; min: Float64Array; mean: Float64Array; max: Float64Array };
  requestsPerInstance: Uint32Array;
}

/** How far a running simulation has come. */
export interface Progress {
  simulatedSeconds: number;
  finishedRequests: number;
  totalRequests: number;
}

/** The figures of a run without its columns. */
export interface Measurement {
  summary: Summary;
  /** Share of all requests within the limits; null if none were given. */
  goodShare: number | null;
  elapsedMs: number;
}

/** What each request should keep to, ms; null where there is no limit. */
export interface Limits {
  ttftMs: number | null;
  itlMs: number | null;
  e2eMs: number | null;
}

/** The figures at one value of the swept setting, by seed; the first seed is the current one. */
export interface SweepPoint {
  at: number;
  bySeed: Map<string, import('./metrics.js').Figures>;
}

/** The sweep over one setting around its current value. */
export interface Sweep {
  /** Name of the swept setting. */
  axis: string;
  points: SweepPoint[];
  seed: string;
  planned: number;
  finished: number;
}

/** Where the time of a run's requests went, and what its instances did over time. */
export interface Details {
  config: Config;
  /** Requests that the means are over. */
  completed: number;
  phases: { name: string; meanMs: number }[];
  seconds: Float64Array;
  /** Three numbers per time and instance: waiting, running, KV blocks in use. */
  samples: Uint32Array;
  instances: number;
  kvBlocks: number;
}

/** What the engine says about itself, once. */
export interface Description {
  version: string;
  schema: Setting[];
  catalog: import('./pkg/blis_playground.js').Catalog;
  defaultConfig: Config;
  defaultPairs: Pair[];
}

export type Catalog = Description['catalog'];

export type Setting = import('./pkg/blis_playground.js').Setting;

/** An answer to a set of pairs: the settings they give and what is wrong with them. */
export interface Proposal {
  config: Config;
  pairs: Pair[];
  problems: Problem[];
}
