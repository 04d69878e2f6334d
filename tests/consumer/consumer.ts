// A developer's program in TypeScript: compiled under `tsc --strict`, declarations of the package included.
import init, { Simulation, simulate, validate, type Config } from 'blis-playground';

const config: Config = {
  cluster: { num_instances: 12 },
  routing: { policy: 'weighted', scorers: [{ name: 'queue-depth', weight: 2 }] },
  workload: { rate: 200, num_requests: 1000 },
};

export async function p99(): Promise<number> {
  await init();
  const problems: string[] = validate(config).map(({ path, message }) => `${path}: ${message}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const result = simulate(config);
  try {
    const digest: string = result.digest;
    if (digest.length !== 16) throw new Error(digest);
    return result.summary.ttft.p99_ms;
  } finally {
    result.free();
  }
}

export function slices(): number {
  const simulation = new Simulation(config);
  let many = 0;
  while (!simulation.advance(1000).done) many += 1;
  simulation.finish().free();
  return many;
}

// @ts-expect-error: a text is no number of instances
export const wrong: Config = { cluster: { num_instances: 'twelve' } };
