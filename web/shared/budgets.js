// What the page does unasked, at most; what costs more is offered with its time and memory. Typed by hand, a run of any
// size is begun: it can be cancelled. docs/ARCHITECTURE.md names these.

/** Requests of a run that a link asks for. */
export const LINK_REQUESTS = 1_000_000;

/** Requests of the run to which a link that asks for more can be cut. */
export const SMALLER_REQUESTS = 100_000;

/** Requests of a run that a view replays because its tab is open: the cluster, details, theory. */
export const VIEW_REQUESTS = 1_000_000;

/** Requests of a run that is replayed beside it although no tab asks for that: the cluster on the overview, theory's lines. */
export const BESIDE_REQUESTS = 100_000;

/** Requests of all runs of a sweep: points times seeds. */
export const SWEEP_REQUESTS = 20_000_000;

/** Requests of the sweep of the current seed alone, where all seeds would take more. */
export const CURVE_REQUESTS = 5_000_000;

/** Memory of the runs of a sweep that are under way at a time; and once a person has asked for it. */
export const SWEEP_BYTES = 128e6;
export const ASKED_SWEEP_BYTES = 1e9;

/** Requests of each question of a plan: a few seconds of a worker. */
export const PLAN_REQUESTS = 1_500_000;

/** A worker that holds more than this many bytes is replaced when it is idle: WebAssembly cannot give memory back. Runs of
 * up to about a million requests stay below, so that a worker is not replaced between the changes of a slider. */
export const FAT_WORKER_BYTES = 256 * 2 ** 20;

/** The same for a worker that is shared: it may not be needed again soon, and there are up to five of them. */
export const FAT_SHARED_WORKER_BYTES = 48 * 2 ** 20;
