import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { engine } from './engine.js';
import { expect, test } from './support.js';

test(
  'the example page runs the package from a plain server under the strict policy',
  { tag: '@firefox' },
  async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), 'blis-example-'));
    cpSync('examples/javascript', folder, { recursive: true });
    cpSync('pkg', join(folder, 'node_modules/blis-playground'), { recursive: true });
    const { address, close } = await serve({ folder });
    try {
      const result = engine.simulate({ cluster: { num_instances: 12 }, workload: { rate: 200, num_requests: 1000 } });
      await page.goto(address);
      await expect(page.locator('body')).toHaveText(
        `TTFT p99: ${result.summary.ttft.p99_ms} ms, digest ${result.digest}`,
      );
      result.free();
    } finally {
      await close();
      rmSync(folder, { recursive: true });
    }
  },
);
