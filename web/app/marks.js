// When things happened, as performance marks for measurements: of each name only the latest.

/** @import {State} from './state.js' */

/**
 * @param {string} name
 * @param {PerformanceMarkOptions} [options]
 */
function mark(name, options) {
  performance.clearMarks(name);
  performance.mark(name, options);
}

/**
 * Notes that a chart shows a state: how much of the sweep, or which run.
 * @param {string} chart
 * @param {Readonly<State>} state
 */
export function markDrawn(chart, { sweep, run }) {
  const detail =
    chart === 'sweep' ? { finished: sweep?.finished ?? 0, planned: sweep?.planned ?? 0 } : { run: run?.digest ?? null };
  // The plot is drawn in a microtask that is already queued.
  queueMicrotask(() => mark(`drawn-${chart}`, { detail }));
}

/**
 * Notes when the worker began to simulate.
 * @param {number} startedAt ms since 1970
 */
export function markSimulation(startedAt) {
  mark('simulation', { startTime: Math.max(startedAt - performance.timeOrigin, 0) });
}
