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
  histogram: { edges: Float64Array; counts: Uint32Array };
  regret: { seconds: Float64Array; min: Float64Array; mean: Float64Array; max: Float64Array };
  requestsPerInstance: Uint32Array;
}

/** A run beside the closed forms of theory. */
export interface Study {
  digest: string;
  /** Every figure by name, nested as lessons name them: `ttft.p99_ms`, `theory.excess.capacity`. */
  figures: Record<string, unknown>;
  overlays: import('./pkg/blis_playground.js').Overlays;
}

/** How far a running simulation has come. */
export interface Progress {
  simulatedSeconds: number;
  finishedRequests: number;
  totalRequests: number;
}

/** TTFT p99 at one instance count, ms, by seed; the first seed is the current one. */
export interface SweepPoint {
  instances: number;
  bySeed: Map<string, number>;
}

/** The sweep over instance counts around the current settings. */
export interface Sweep {
  points: SweepPoint[];
  seed: string;
  planned: number;
  finished: number;
}

/** What the engine says about itself, once. */
export interface Description {
  version: string;
  schema: Setting[];
  catalog: import('./pkg/blis_playground.js').Catalog;
  defaultConfig: Config;
  defaultPairs: Pair[];
}

export type Setting = import('./pkg/blis_playground.js').Setting;

/** An answer to a set of pairs: the settings they give and what is wrong with them. */
export interface Proposal {
  config: Config;
  pairs: Pair[];
  problems: Problem[];
}
