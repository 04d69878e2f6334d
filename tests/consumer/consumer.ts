// A developer's program in TypeScript: compiled under `tsc --strict`, declarations of the package included.
import init, {
  ConfigError,
  configFromPairs,
  defaultConfig,
  Settings,
  Simulation,
  schema,
  simulate,
  Sweep,
  validate,
  type CompleteConfig,
  type Config,
  type Result,
  type Summary,
} from 'blis-playground';

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

/** What the engine gives is complete, and taken back as it is. */
export function complete(): CompleteConfig {
  const config = defaultConfig();
  config.cluster.num_instances += 1;
  config.slo['critical'] = { ttft_ms: 500, itl_ms: null, e2e_ms: null };
  const file: Config = { ...config, version: 2, model: { hardware: null }, seed: 2n ** 60n };
  return configFromPairs(new Map([['rate', 5]])).config ?? file;
}

/** Absent is null, as it comes. */
export function units(): string[] {
  return schema().flatMap(({ unit }) => (unit === null ? [] : [unit.trim()]));
}

export function pairs(): readonly string[] {
  const settings = new Settings(new URLSearchParams('rate=5'));
  return settings.rejected.map(({ code, key }) => `${code} ${key ?? ''}`);
}

export function seeds(): number | undefined {
  const sweep = new Sweep([config]);
  sweep.start(0, 42);
  sweep.start(0, 42n);
  return sweep.finish()?.ttft.p99_ms;
}

export function disposed(): string {
  using simulation = new Simulation(config);
  using result: Result = simulation.finish();
  return result.digest;
}

export function why(error: unknown): string {
  return error instanceof ConfigError ? `${error.code} at ${error.path}: expected ${error.expected}` : String(error);
}

export function figures(result: Result): number {
  const column: Float64Array = result.column('ttft_us');
  // @ts-expect-error: there is no such column
  result.column('nope');
  // @ts-expect-error: the summary is the same object at every read
  result.summary.requests_per_instance.push(1);
  return column.length;
}

/** A copy is one's own. */
export const copied = (result: Result): Summary => structuredClone(result.summary) as Summary;
