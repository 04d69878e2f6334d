// The package: what wasm-bindgen has made, with objects that end safely.

import * as engine from './blis_playground.js';
import { endSafely, given, remember } from './objects.js';

for (const type of Object.values(engine)) {
  if (typeof type === 'function' && type.prototype?.free) endSafely(type);
}
remember(engine.Result);

export const Calibration = given(engine.Calibration, '`calibrate(config)`');
export const Moment = given(engine.Moment, '`playback.seek(time)`');
export const TraceSlice = given(engine.TraceSlice, '`table.slice(slices)`');
export const TraceTable = given(engine.TraceTable, '`reader.finish()`');
export const Result = given(engine.Result, '`simulate(config)` or `simulation.finish()`');

export {
  default,
  initSync,
  calibrate,
  catalog,
  checkLesson,
  columns,
  ConfigError,
  configFromPairs,
  configToPairs,
  defaultConfig,
  describeModel,
  estimate,
  explainDecision,
  explainWait,
  exportTrace,
  exportWorkloadSpec,
  fits,
  forkRoute,
  hasRequests,
  importPolicy,
  importSettings,
  importTrace,
  importWorkloadSpec,
  LatencyFit,
  loadRequests,
  newSeed,
  packedRequests,
  Place,
  Playback,
  readModel,
  readMeasurements,
  schema,
  serving,
  Settings,
  simulate,
  Simulation,
  SizeSearch,
  Sweep,
  traceFormats,
  TraceReader,
  traceRoles,
  unloadRequests,
  validate,
  version,
  withRows,
} from './blis_playground.js';
