// Audits the built page with Lighthouse, as a desktop and as a phone would load it, and prints the scores and whatever is
// short of full marks. Fails if that is anything but performance, which depends on the machine.
// As a command: `node scripts/lighthouse.mjs [desktop|mobile]`; reports go to shots/.

import { chromium } from '@playwright/test';
import lighthouse, { desktopConfig } from 'lighthouse';
import { mkdirSync, writeFileSync } from 'node:fs';
import { BROWSER_ARGUMENTS, findProgram } from './browser.mjs';
import { serve } from './serve.mjs';

/** @import {Result} from 'lighthouse' */

const PRESETS = /** @type {const} */ (['desktop', 'mobile']);

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

/**
 * @param {Result} report
 * @returns {string[]}
 */
function shortcomings({ categories, audits }) {
  const weighted = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id),
  );
  return [...new Set(weighted)].flatMap((id) => {
    const { score, title, displayValue = '' } = audits[id];
    return score === null || score >= 0.995 ? [] : [`  ${Math.round(100 * score)} ${id}: ${title} ${displayValue}`];
  });
}

/**
 * @param {string} address
 * @param {number} port of the browser's debugging interface
 * @param {typeof PRESETS[number]} preset
 */
async function audit(address, port, preset) {
  const flags = {
    port,
    output: /** @type {const} */ ('json'),
    onlyCategories: CATEGORIES,
    logLevel: /** @type {const} */ ('error'),
  };
  const outcome = await lighthouse(address, flags, preset === 'desktop' ? desktopConfig : undefined);
  if (!outcome) throw new Error('Lighthouse gave no report');
  const { lhr } = outcome;
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const scores = CATEGORIES.map(
    (id) => `${lhr.categories[id].title} ${Math.round(100 * (lhr.categories[id].score ?? 0))}`,
  );
  console.log(`${preset}: ${scores.join(', ')}`);
  if (CATEGORIES.some((id) => id !== 'performance' && lhr.categories[id].score !== 1)) process.exitCode = 1;
  for (const id of [
    'first-contentful-paint',
    'largest-contentful-paint',
    'total-blocking-time',
    'cumulative-layout-shift',
  ]) {
    console.log(`  ${lhr.audits[id].title}: ${lhr.audits[id].displayValue}`);
  }
  console.log(shortcomings(lhr).join('\n'));
  writeFileSync(`shots/lighthouse-${preset}.json`, JSON.stringify(lhr, null, 1));
}

const wanted = PRESETS.filter((preset) => process.argv.length === 2 || process.argv.includes(preset));
mkdirSync('shots', { recursive: true });
const server = await serve({ folder: 'dist' });
const port = Number(process.env.DEBUGGING_PORT ?? 9377);
const browser = await chromium.launch({
  executablePath: findProgram('browser'),
  args: [...BROWSER_ARGUMENTS, `--remote-debugging-port=${port}`],
});
try {
  for (const preset of wanted) await audit(server.address, port, preset);
} finally {
  await browser.close();
  await server.close();
}
