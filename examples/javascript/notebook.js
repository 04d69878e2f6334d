// A cell of a notebook (Observable, JupyterLite, a console): the package by its address, wherever it is served.

const { default: init, simulate } = await import('https://example.org/blis-playground/index.js');
await init();
const result = simulate({ cluster: { num_instances: 4 }, workload: { rate: 50, num_requests: 200 } });
const { summary, digest } = result.toJSON();
result.free();
console.log(digest, summary.ttft);
