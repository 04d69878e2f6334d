// What a sweep varies: as the label of an axis, in a choice, as the head of a column, and a value with its unit.

import { duration, number, plural } from '../shared/format.js';

/** @typedef {{label: string, short: string, name: string, format: (value: number) => string}} AxisWords */

export const AXES = /** @satisfies {Record<string, AxisWords>} */ ({
  instances: {
    label: 'instances',
    short: 'instances',
    name: 'Instances',
    format: (/** @type {number} */ value) => plural(value, 'instance'),
  },
  rate: {
    label: 'requests per second',
    short: 'rate',
    name: 'Requests per second',
    format: (/** @type {number} */ value) => `${number(value)} requests/s`,
  },
  tp: {
    label: 'GPUs per instance (TP)',
    short: 'TP',
    name: 'TP',
    format: (/** @type {number} */ value) => `TP ${value}`,
  },
  running: {
    label: 'max running requests per instance',
    short: 'max running',
    name: 'Max running requests',
    format: (/** @type {number} */ value) => `at most ${number(value)} running`,
  },
  gpu: {
    label: 'GPU',
    short: 'GPU',
    name: 'GPU',
    format: String,
  },
  refresh: {
    label: 'age of the router’s data',
    short: 'router data age',
    name: 'Router data age',
    format: duration,
  },
});
