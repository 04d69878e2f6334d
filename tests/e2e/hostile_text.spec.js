import { expect, goTo, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** A text that turns the direction of writing, hides letters, rings a bell and moves a terminal's cursor. */
const HIDDEN = 'a\u202eb\u200bc\u0007d\u001b[2Je\u0085f\u{e0041}';
const SHOWN = 'a\\u{202e}b\\u{200b}c\\u{7}d\\u{1b}[2Je\\u{85}f\\u{e0041}';

/** What must not stand in the page. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]/u;

/** @param {Page} page @param {string} content */
async function bring(page, content, name = 'file.json') {
  if ((await page.locator('#share').getAttribute('aria-expanded')) === 'false')
    await page.getByRole('button', { name: 'Share' }).click();
  await page.locator('#share-file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
}

/** No text of the page, and of what is read aloud in it, has a character that cannot be seen. @param {Page} page */
async function expectAllSeen(page) {
  const texts = await page.evaluate(() => {
    const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes].filter(({ name }) => name !== 'value').map(({ value }) => value),
    );
    return [document.title, document.body.textContent ?? '', ...attributes];
  });
  const unseen = texts
    .filter((text) => UNSEEN.test(text))
    .map((text) => text.slice(text.search(UNSEEN) - 40).slice(0, 80));
  expect(unseen).toEqual([]);
}

test('a file that is nested 20,000 deep is refused with words', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(SMALL);
  const status = page.locator('.share-status');
  for (const deep of ['{"a":'.repeat(20_000), '['.repeat(20_000), `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`]) {
    await bring(page, '{}');
    await expect(status).toHaveText('file.json: imported.');
    await bring(page, deep);
    await expect(status).toContainText(/could not be imported: .*limit/);
  }
});

test('a long key or name makes a short message', { tag: '@firefox' }, async ({ page, playground }) => {
  await playground.open(SMALL);
  const long = 'ü'.repeat(2_000_000);
  const status = page.locator('.share-status');
  for (const [content, name] of /** @type {[string, string][]} */ ([
    [`{"${long}":1}`, 'key.json'],
    [`{"model":{"name":"${long}"}}`, 'name.json'],
    [`{"seed":"${long.slice(0, 30_000)}"}`, 'seed.json'],
    [`key: ${long.slice(0, 1_000_000)}\n`, 'text.yaml'],
  ])) {
    await bring(page, content, name);
    await expect(status).toContainText(`${name} could not be imported`);
    expect((await status.textContent())?.length).toBeLessThan(2000);
  }
  // What is neither JSON nor YAML may be a table.
  const dialog = page.getByRole('dialog', { name: 'Your traffic' });
  for (const content of [`${long.slice(0, 1_000_000)}: 1\n`, `request_id\n${long}\n`]) {
    await bring(page, content, 'table.csv');
    await expect(dialog.locator('.traffic-name')).toContainText('table.csv');
    await expect(dialog).toContainText('It cannot be read like this');
    expect((await dialog.textContent())?.length).toBeLessThan(6000);
    await page.keyboard.press('Escape');
  }
});

test('a key for the second time is refused as on the command line, a byte order mark is not', async ({
  page,
  playground,
}) => {
  await playground.open(SMALL);
  await bring(page, '{"seed": 1,\n"seed": 2}');
  await expect(page.locator('.share-status')).toContainText('duplicate field `seed` at line 2');
  await bring(page, '\ufeff{"cluster": {"num_instances": 3}}');
  await expect(page.locator('.share-status')).toHaveText('file.json: imported.');
  await expect(page).toHaveURL(/instances=3/);
});

test('characters that act or hide are shown wherever a text of others stands', async ({ page, playground }) => {
  await playground.open(`#v=2&model=${encodeURIComponent(HIDDEN)}&${encodeURIComponent(HIDDEN)}=1`);
  await expect(page.locator('#notice')).toContainText(SHOWN);
  await expectAllSeen(page);

  await playground.open(SMALL);
  await bring(page, JSON.stringify({ [HIDDEN]: 1 }), 'a\u202eb.json');
  await expect(page.locator('.share-status')).toContainText('a\\u{202e}b');
  await expectAllSeen(page);

  const classes = JSON.stringify({ slo: { [HIDDEN]: { ttft_ms: 100 } }, workload: { requests: requests() } });
  await bring(page, classes, '\u202egpj.json');
  await expect(page.locator('.share-status')).toContainText('\\u{202e}gpj.json: imported.');
  for (const tab of ['Details', 'Cluster', 'Plan', 'Compare', 'Overview']) {
    await goTo(page, tab);
    await expectAllSeen(page);
  }
});

/** A few requests whose names all have hidden characters. */
function requests() {
  return Array.from({ length: 20 }, (_unused, i) => ({
    id: `${HIDDEN}${i}`,
    arrival_us: i * 1000,
    input_tokens: 100,
    output_tokens: 5,
    slo_class: HIDDEN,
    tenant: HIDDEN,
    prefix_group: HIDDEN,
    prefix_length: 32,
    client: HIDDEN,
    session: HIDDEN,
  }));
}
