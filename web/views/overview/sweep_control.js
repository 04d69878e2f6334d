// The sweep as a control: the setting that it varies, and its text for a value of the axis.

import { axisOf, hasRate } from '../../engine/axes.js';

/** @import {State} from '../../app/state.js' */
/** @import {Pair} from '../../shared/types.d.ts' */

/** The settings by axis, and how a value of the axis is written in the form; a place in a list is written as what stands there. @type {Record<string, {path: string, text?: (at: number) => string}>} */
const SETTINGS = {
  instances: { path: 'cluster.num_instances', text: String },
  rate: { path: 'workload.rate', text: String },
  tp: { path: 'model.tp', text: String },
  gpu: { path: 'model.hardware' },
  running: { path: 'instance.max_num_running_reqs', text: String },
  refresh: { path: 'routing.snapshot_refresh_interval', text: (at) => String(Math.round(at * 1000)) },
};

/**
 * The setting and its text that a point of the sweep stands for; null where no setting does, as a rate does not with a
 * workload that sets its own pace.
 * @param {Pick<State, 'sweep'|'config'|'description'>} state
 * @param {number} at
 * @returns {Pair|null}
 */
export function chosenPair({ sweep, config, description }, at) {
  if (sweep === null || config === null || description === null) return null;
  const axis = axisOf(sweep.axis);
  if (axis.id === 'rate' && !hasRate(config)) return null;
  const { path, text } = SETTINGS[axis.id] ?? {};
  const key = description.schema.find((setting) => setting.path === path)?.key;
  if (key === undefined) return null;
  if (text) return [key, text(at)];
  const name = axis.names?.(config, description.catalog)[at];
  return name === undefined ? null : [key, name];
}
