import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGUMENTS, findProgram } from '../../scripts/browser.mjs';

/** What differs between browsers: the engine in workers, history, downloads, storage, canvas, and a journey a view. */
const IN_FIREFOX = /@firefox/;

/**
 * What Firefox is never asked, even in the full size: axe, whose findings are about the document and not about the
 * browser; and what needs the system's preferences of colour and motion, which WebDriver BiDi cannot set.
 */
const ONLY_CHROMIUM = /axe finds|@chromium/;

// The package is held at 1.60.0: it is the newest that can drive the Firefox of the distributions. Later ones begin
// with a command of WebDriver BiDi (emulation.setMediaFeaturesOverride) that Firefox 153 ESR does not know.
export default defineConfig({
  outputDir: '../../test-results',
  // Files side by side, as most of a test is waiting; CI has two cores.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  // A shared machine can stall a browser for half a minute; what passes only at the second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: { viewport: { width: 1280, height: 800 } },
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: { executablePath: findProgram('browser'), args: BROWSER_ARGUMENTS },
      },
    },
    {
      name: 'firefox',
      // All of its downloads come into one folder, which tests watch.
      workers: 1,
      ...(process.env.PAGES_FULL ? { grepInvert: ONLY_CHROMIUM } : { grep: IN_FIREFOX }),
      use: {
        browserName: 'firefox',
        // A Firefox as it is shipped, through WebDriver BiDi.
        channel: 'moz-firefox',
        launchOptions: { executablePath: findProgram('firefox'), downloadsPath: join(tmpdir(), 'blis-downloads') },
      },
    },
  ],
});
