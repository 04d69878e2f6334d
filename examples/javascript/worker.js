// A long run in a worker: the page stays alive, shows how far it is, and can give it up.

import { createClient } from './node_modules/blis-playground/worker/browser.js';

const client = createClient();
const [run, cancel, progress, outcome] = ['run', 'cancel', 'progress', 'outcome'].map((id) =>
  document.getElementById(id),
);
const config = { cluster: { num_instances: 64 }, workload: { rate: 900, num_requests: 300_000 } };

run.addEventListener('click', async () => {
  const controller = new AbortController();
  cancel.onclick = () => controller.abort();
  [run.disabled, cancel.disabled] = [true, false];
  try {
    const { summary, digest } = await client.simulate(config, {
      signal: controller.signal,
      onProgress: ({ finishedRequests, totalRequests }) => (progress.value = finishedRequests / totalRequests),
    });
    outcome.textContent = `TTFT p99: ${summary.ttft.p99_ms} ms, digest ${digest}`;
  } catch (error) {
    outcome.textContent = error.name === 'AbortError' ? 'cancelled' : String(error);
  }
  [run.disabled, cancel.disabled, progress.value] = [false, true, 0];
});
