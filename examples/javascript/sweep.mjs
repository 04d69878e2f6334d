// How TTFT depends on the number of instances: every number with several seeds, on two workers.

import { createClient } from 'blis-playground/worker';

const instances = [4, 6, 8, 10, 12];
const seeds = [1, 2, 3, 4, 5];
const variants = instances.map((num_instances) => ({
  cluster: { num_instances },
  routing: { policy: 'least-loaded' },
  workload: { rate: 100, num_requests: 1000 },
}));

const client = createClient({ workers: 2 });
const runs = await client.sweep(variants, seeds, {
  onProgress: ({ finished, total }) => process.stderr.write(`\r${finished} of ${total}`),
});
process.stderr.write('\n');
for (const [row, ofVariant] of runs.entries()) {
  // A variant that cannot be used has a problem in place of figures.
  const p99s = ofVariant.flatMap(({ summary }) => (summary ? [summary.ttft.p99_ms] : []));
  const mean = p99s.reduce((sum, p99) => sum + p99, 0) / p99s.length;
  console.log(
    `${instances[row]} instances: TTFT p99 ${mean.toFixed(0)} ms (${Math.min(...p99s).toFixed(0)} to ${Math.max(...p99s).toFixed(0)})`,
  );
}
client.close();
