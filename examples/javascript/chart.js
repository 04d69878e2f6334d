// Columns of a run as a chart: the TTFT of each request by its arrival. Any library that takes arrays does as well.

import init, { simulate } from './node_modules/blis-playground/index.js';

await init();
const result = simulate({ cluster: { num_instances: 4 }, workload: { rate: 100, num_requests: 500 } });
// A column has a number per request; NaN where the thing did not happen (docs/API.md lists all columns).
const [arrival, ttft] = [result.column('arrival_us'), result.column('ttft_us')];
// The columns are copies: the result, which is large, can go.
result.free();

const answered = [...arrival.keys()].filter((request) => !Number.isNaN(ttft[request]));
const across = 600 / Math.max(...arrival);
const up = 200 / Math.max(...answered.map((request) => ttft[request]));
const svg = document.querySelector('svg');
for (const request of answered) {
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  dot.setAttribute('cx', arrival[request] * across);
  dot.setAttribute('cy', 200 - ttft[request] * up);
  dot.setAttribute('r', 1.5);
  svg.append(dot);
}
