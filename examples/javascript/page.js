import init, { simulate } from './node_modules/blis-playground/index.js';
await init();
const result = simulate({ cluster: { num_instances: 12 }, workload: { rate: 200, num_requests: 1000 } });
document.body.textContent = `TTFT p99: ${result.summary.ttft.p99_ms} ms, digest ${result.digest}`;
result.free();
