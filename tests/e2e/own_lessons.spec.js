// Lessons that a person brings along: by file, by link, from one of ours.

import { readFileSync } from 'node:fs';
import { LOOKS, violations, widthOf } from './axe.js';
import { downloaded } from './downloads.js';
import { expect, revealLesson, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const LIST = '#v=2&tab=lessons';

/** A small lesson of a teacher's own. */
const OWN = {
  id: 'two-or-four',
  title: 'Two or four?',
  question: 'Is twice the number of instances twice as fast?',
  situation: 'Requests arrive at random, and each instance takes its turn.',
  answers: [{ text: 'Yes, about' }, { text: 'Faster, but not by that', right: true }],
  base: { model: 'qwen/qwen3-14b', gpu: 'H100', tp: 1, latency: 'roofline', rate: 20, n: 100 },
  scenes: [
    { name: 'two', label: 'Two instances', pairs: { instances: 2 } },
    { name: 'four', label: 'Four instances', pairs: { instances: 4 } },
  ],
  change: 'Only the number of instances changes.',
  metrics: ['ttft.p99_ms', 'e2e.mean_ms'],
  claims: [
    { says: 'Four are faster', that: { greater: ['two.e2e.mean_ms', 1, 'four.e2e.mean_ms'] } },
    { says: 'Four are ten times as fast', that: { greater: ['two.e2e.mean_ms', 10, 'four.e2e.mean_ms'] } },
  ],
  reveal: 'An answer takes {{two.e2e.mean_ms}} with two and {{four.e2e.mean_ms}} with four.',
  why: 'Half as many answers share each step, so that a step is shorter; but the weights of the model have to be read in each step all the same, however few answers it has, and that takes most of the time.',
  explore: { text: 'Try more instances.', scene: 'four', pairs: { instances: 8 }, change: 'eight instances' },
  minutes: 5,
};

/** @param {Page} page @param {object|string} lesson @param {string} [name] */
async function bring(page, lesson, name = 'lesson.json') {
  const text = typeof lesson === 'string' ? lesson : JSON.stringify(lesson);
  await page.locator('#own-file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

/** @param {Page} page */
const part = (page) => page.getByRole('region', { name: 'Your own lessons' });

test(
  'a lesson in a file is checked, listed, run, and there after a reload',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(LIST);
    await bring(page, OWN);
    await expect(part(page)).toContainText('“Two or four?” is on your list.');
    await part(page).getByRole('link', { name: 'Two or four?' }).click();
    await expect(page.getByRole('heading', { name: OWN.question })).toBeFocused();
    await expect(page).toHaveURL(/lesson=own:two-or-four&own=[\w-]+$/);
    await revealLesson(page, 1);
    await expect(page.locator('.lesson')).toContainText(/An answer takes [\d.]+ m?s with two/, { timeout: 30_000 });
    await page.reload();
    await playground.settled();
    await expect(page.getByRole('heading', { name: OWN.question })).toBeVisible();
    await page.getByRole('link', { name: 'All lessons' }).first().click();
    await expect(part(page).getByRole('link', { name: 'Two or four?' })).toBeVisible();
    await expect(page).not.toHaveURL(/own/);
    await part(page).getByRole('button', { name: 'Remove “Two or four?”' }).click();
    await expect(part(page).getByRole('link')).toHaveCount(0);
    await expect(page.locator('#own-file')).toBeFocused();
  },
);

test('another text of a lesson is begun anew, and nothing of the earlier one is left after a reload', async ({
  page,
  playground,
}) => {
  const three = { ...OWN, answers: [...OWN.answers, { text: 'Slower' }] };
  await playground.open(LIST);
  await bring(page, three);
  await part(page).getByRole('link', { name: 'Two or four?' }).click();
  await revealLesson(page, 2);
  await expect(page.locator('.lesson')).toContainText(/An answer takes [\d.]+ m?s with two/, { timeout: 30_000 });
  await page.getByRole('link', { name: 'All lessons' }).first().click();
  await bring(page, { ...OWN, question: 'Is four better than two?' });
  await expect(part(page)).toContainText('is on your list.');
  await part(page).getByRole('link', { name: 'Two or four?' }).click();
  for (const load of [async () => {}, () => page.reload()]) {
    await load();
    await expect(page.getByRole('heading', { name: 'Is four better than two?' })).toBeVisible();
    await expect(page.locator('.lesson input[type=radio]')).toHaveCount(2);
    await expect(page.locator('.lesson input[type=radio]:checked')).toHaveCount(0);
    await expect(page.locator('.lesson-reveal')).toHaveCount(0);
  }
  await revealLesson(page, 1);
  await expect(page.locator('.lesson')).toContainText(/An answer takes [\d.]+ m?s with two/, { timeout: 30_000 });
});

test('a lesson whose link is too long for a QR code says so in place of the button', async ({ page, playground }) => {
  // Words that hardly compress.
  let state = 1;
  const letter = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(97 + ((state >>> 16) % 26));
  };
  const noise = Array.from({ length: 1400 }, (_, i) => (i % 7 === 6 ? ' ' : letter())).join('');
  await playground.open(LIST);
  await bring(page, OWN);
  await bring(page, { ...OWN, id: 'wordy', title: 'Wordy', situation: noise });
  const line = (/** @type {string} */ title) => part(page).locator('.own-list > li', { hasText: title });
  await expect(line('Two or four?').getByRole('button', { name: 'QR code' })).toBeVisible();
  const none = /Its link has \d,\d{3} characters, too many for a QR code \(at most 1,273\)\./;
  await expect(line('Wordy')).toContainText(none);
  await expect(line('Wordy').getByRole('button', { name: 'QR code' })).toHaveCount(0);
  await part(page).getByRole('link', { name: 'Wordy' }).click();
  const tools = page.locator('.lesson-tools');
  await expect(tools).toContainText(none);
  await expect(page.getByRole('button', { name: 'QR code' })).toHaveCount(0);
  await tools.getByRole('button', { name: 'Present' }).click();
  await expect(page.locator('.stage-bar')).toBeVisible();
  await expect(page.locator('.stage-bar .link-code-part')).toBeHidden();
});

test('what is wrong with a file is said beside it, with the place, and nothing is lost', async ({
  page,
  playground,
}) => {
  await playground.open(LIST);
  await bring(page, OWN);
  await expect(part(page).getByRole('link', { name: 'Two or four?' })).toBeVisible();
  await bring(
    page,
    { ...OWN, base: { ...OWN.base, rate: -1 }, answers: OWN.answers.slice(1), metrics: ['speed'] },
    'mine.json',
  );
  await expect(part(page)).toContainText('mine.json cannot be used yet: 3 things are wrong.');
  const problems = part(page).getByRole('list', { name: 'What is wrong' }).getByRole('listitem');
  await expect(problems).toContainText([
    'answers: got 1, expected 2 to 3 of them',
    'metrics[0]: got speed, expected one of ttft.p99_ms',
    'base.rate: got -1, expected a number greater than 0',
  ]);
  await expect(part(page).getByRole('link', { name: 'Two or four?' })).toBeVisible();
  await bring(page, '{"id": ', 'half.json');
  await expect(problems).toContainText(['lesson: not JSON']);
  await bring(page, ' '.repeat(100_001), 'long.json');
  await expect(part(page)).toContainText('long.json could not be read: it is longer than a lesson may be.');
});

test(
  'a link carries the whole lesson into another browser',
  { tag: '@firefox' },
  async ({ page, playground, browser }) => {
    await playground.open(LIST);
    await bring(page, OWN);
    await part(page).getByRole('link', { name: 'Two or four?' }).click();
    await expect(page).toHaveURL(/own=/);
    const link = page.url();
    const other = await browser.newPage();
    await other.goto(link);
    await expect(other.getByRole('heading', { name: OWN.question })).toBeVisible({ timeout: 30_000 });
    await other.close();
  },
);

test('a link that is cut or holds no lesson says so and shows the list', async ({ page, playground }) => {
  await playground.open(LIST);
  await bring(page, OWN);
  await part(page).getByRole('link', { name: 'Two or four?' }).click();
  await expect(page).toHaveURL(/own=/);
  const { hash } = new URL(page.url());
  await page.goto('about:blank');
  await page.evaluate(() => 0);
  await playground.open(hash.slice(0, -30));
  // Where the list begins, and once.
  const wrong = page.locator('.lessons > .error');
  await expect(wrong).toHaveText(
    'The lesson of this link could not be read: it is cut or damaged: copy the whole link again.',
  );
  await expect(wrong).toBeInViewport();
  await expect(page).not.toHaveURL(/own/);
  await page.locator('.lesson-list a').first().click();
  await page.getByRole('link', { name: 'All lessons' }).first().click();
  await expect(page.getByRole('heading', { name: 'Lessons', exact: true })).toBeVisible();
  await expect(wrong).toHaveCount(0);
  // {"a":1}, deflated: JSON, but no lesson.
  await page.goto('about:blank');
  await playground.open(`${LIST}&own=q1ZKVLIyrAUA`);
  await expect(wrong).toContainText('The lesson of this link cannot be used yet');
  await expect(page.getByRole('list', { name: 'What is wrong' })).toContainText('expected a known field');
  await page.goto('about:blank');
  await playground.open(`${LIST}&lesson=own:elsewhere`);
  await expect(page.locator('.lessons .error')).toContainText('open the file again');
});

test('the claims are tried on 20 seeds, with how many of them hold, and the trial can be stopped', async ({
  page,
  playground,
}) => {
  await playground.open(LIST);
  await bring(page, OWN);
  const go = part(page).getByRole('button', { name: 'Try the claims of “Two or four?” on 20 seeds' });
  await go.press('Enter');
  await expect(part(page)).toContainText('A claim that holds for fewer than 19 of 20 seeds is luck', {
    timeout: 60_000,
  });
  await expect(part(page).locator('.claims li')).toHaveText([
    '✓ 20 of 20 Four are faster',
    '✗ 0 of 20 Four are ten times as fast',
  ]);
  await expect(go).toBeVisible();
  await bring(page, { ...OWN, id: 'no-figure', title: 'No figure', reveal: '{{two.nothing}}' });
  await part(page).getByRole('button', { name: 'Try the claims of “No figure” on 20 seeds' }).click();
  await expect(part(page)).toContainText('No run has these figures: two.nothing.');
  await bring(page, { ...OWN, id: 'long', title: 'Long', base: { ...OWN.base, n: 20_000 } });
  await part(page).getByRole('button', { name: 'Try the claims of “Long” on 20 seeds' }).click();
  await part(page).getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(part(page).getByRole('button', { name: 'Try the claims of “Long” on 20 seeds' })).toBeFocused();
});

test('one of our lessons is a starting point, and a file dropped on the part is a lesson', async ({
  page,
  playground,
}) => {
  await playground.open(LIST);
  await page.getByLabel('Start from').selectOption({ label: 'How long is long enough?' });
  const file = await downloaded(page, () => part(page).getByRole('button', { name: 'Save as a file' }).click());
  expect(file.name).toBe('run-length.json');
  const text = file.content.toString();
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync('web/views/lessons/course/run-length.json', 'utf8')));
  await part(page).evaluate((node, dropped) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([dropped], 'mine.json', { type: 'application/json' }));
    node.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, text);
  await expect(part(page)).toContainText('is on your list.');
  await expect(page.locator('#share-panel')).toHaveCount(0);
});

test('the part has room and no violation in every look', async ({ page, playground }) => {
  for (const [scheme, width] of LOOKS) {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme: scheme });
    await playground.open(LIST);
    await bring(page, OWN);
    await expect(part(page).getByRole('link', { name: 'Two or four?' })).toBeVisible();
    await bring(page, { ...OWN, title: '' });
    await expect(part(page)).toContainText('cannot be used yet');
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    await page.goto('about:blank');
  }
});
