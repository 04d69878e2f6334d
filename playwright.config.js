import { defineConfig } from '@playwright/test';
import { BROWSER_ARGUMENTS, findProgram } from './scripts/browser.mjs';

export default defineConfig({
  testDir: 'tests/e2e',
  // Two cores: the page itself uses several workers.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: findProgram('browser'), args: BROWSER_ARGUMENTS },
  },
});
