import init, { simulate } from 'blis-playground';
await init();
const result = simulate({ cluster: { num_instances: 12 }, workload: { rate: 200, num_requests: 1000 } });
console.log(`TTFT p99: ${result.summary.ttft.p99_ms} ms, digest ${result.digest}`);
result.free();
