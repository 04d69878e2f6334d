// A hook for React: runs settings in a worker whenever they change; only the newest are ever shown.

import { useEffect, useState } from 'react';
import { createClient, type RunReport } from 'blis-playground/worker';
import type { Config } from 'blis-playground';

/** One for the whole program: it starts its worker when it is first asked something. */
const client = createClient();

export interface Simulated {
  /** The last run that is done; `null` before the first. */
  report: RunReport | null;
  /** How far the next one is, 0 to 1; `null` if none is under way. */
  progress: number | null;
  /** What is wrong with the settings, or with the engine; `null` if nothing is. */
  error: Error | null;
}

/** Give it the same object as long as the settings are the same (`useMemo`, or a constant). */
export function useSimulation(config: Config): Simulated {
  const [simulated, setSimulated] = useState<Simulated>({ report: null, progress: null, error: null });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setSimulated((former) => ({ ...former, progress: 0, error: null }));
    client
      .simulate(config, {
        signal,
        onProgress: ({ finishedRequests, totalRequests }) =>
          setSimulated((former) => ({ ...former, progress: finishedRequests / totalRequests })),
      })
      .then(
        (report) => setSimulated({ report, progress: null, error: null }),
        (error: Error) => {
          if (!signal.aborted) setSimulated((former) => ({ ...former, progress: null, error }));
        },
      );
    // In development React does all this twice: the first run is given up.
    return () => controller.abort();
  }, [config]);
  return simulated;
}

export function Figures({ config }: { config: Config }) {
  const { report, progress, error } = useSimulation(config);
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <p>
      {report && `TTFT p99: ${report.summary.ttft.p99_ms} ms, digest ${report.digest}`}
      {progress !== null && <progress value={progress} />}
    </p>
  );
}
