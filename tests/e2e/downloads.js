// Files that the page hands out, in either browser.

import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support.js';

/**
 * What a click makes the browser save.
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<void>} act
 * @returns {Promise<{name: string, content: Buffer}>}
 */
export async function downloaded(page, act) {
  const { launchOptions } = test.info().project.use;
  if (launchOptions?.downloadsPath) return savedIn(launchOptions.downloadsPath, act);
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/**
 * Firefox saves the file and says so, but without a navigation, which Playwright waits for: so the folder is watched.
 * @param {string} folder
 * @param {() => Promise<void>} act
 */
async function savedIn(folder, act) {
  const names = () => (existsSync(folder) ? readdirSync(folder) : []);
  for (const name of names()) rmSync(join(folder, name), { recursive: true });
  await act();
  const saved = () => names().filter((name) => !name.endsWith('.part'));
  await expect.poll(saved).toHaveLength(1);
  const [name] = saved();
  const size = () => readFileSync(join(folder, name)).length;
  await expect.poll(size).toBeGreaterThan(0);
  return { name, content: readFileSync(join(folder, name)) };
}
