import { expect, goTo, milliseconds, test } from './support.js';

/** Twelve servers that keep up, 200 requests a second for five seconds. */
const TWELVE =
  '#v=2&tab=story&model=qwen/qwen3-14b&gpu=H100&tp=1&latency=roofline&rate=200&n=1000&instances=12&seed=42';

const kill = { name: /^Kill (a )?(server|instance)/ };

test(
  'a server is killed in the Story: its requests, the wait before and after, and Undo',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(TWELVE);
    await expect(page.locator('.cluster')).toHaveAttribute('data-settled', 'true');
    const before = milliseconds(await page.locator('#story-number').innerText());
    await page.getByLabel('What happens to its requests').selectOption({ label: 'what it has is lost' });
    await page.getByRole('button', kill).click();
    const done = page.locator('.break-done li');
    await expect(done).toContainText(/^Server \d+ crashes at .* s: \d+ requests lost/);
    await expect(page).toHaveURL(/[&#]kill=\d+(@|%40)\d+ms(%3A|:)crash/);
    const lost = Number(/(\d+) requests lost/.exec(await done.innerText())?.[1]);
    await expect(page.locator('#story-of')).toContainText(`${lost} of 1,000 got no answer`);
    const effect = page.locator('.break-effect');
    await expect(effect).toContainText(/without, .* with it/);
    const [was, is] = (await effect.innerText()).match(/[\d.,]+ m?s/g) ?? ['', ''];
    expect(milliseconds(was)).toBe(before);
    expect(milliseconds(is)).toBe(milliseconds(await page.locator('#story-number').innerText()));

    await page.getByRole('button', { name: /^Undo: Server/ }).click();
    await expect(done).toHaveCount(0);
    await expect(page).not.toHaveURL(/kill=/);
    await expect(page.locator('#story-number')).toHaveText(/ms/);
    await expect(page.getByRole('button', kill)).toBeFocused();
  },
);

test('bursts add up, and make the wait longer', async ({ page, playground }) => {
  await playground.open(TWELVE);
  await expect(page.locator('.cluster')).toHaveAttribute('data-settled', 'true');
  await page.getByLabel('Size of the burst').selectOption('200');
  await page.getByRole('button', { name: 'Send 200 at once' }).click();
  await expect(page.locator('.break-done li')).toContainText('200 more requests at');
  await expect(page.locator('.break-effect')).toContainText('× longer');
  await playground.settled();
  await expect(page.locator('.cluster')).toHaveAttribute('data-settled', 'true', { timeout: 15_000 });
  await page.getByRole('button', { name: 'Send 200 at once' }).click();
  await expect(page.locator('.break-done li')).toHaveCount(3);
  await expect(page).toHaveURL(/burst=200(@|%40)\d+ms(%2C|,)200(@|%40)/);
  await page.getByRole('button', { name: 'Undo all' }).click();
  await expect(page.locator('.break-done li')).toHaveCount(0);
});

test('the last server cannot be killed, and fewer servers keep the stops that fit', async ({ page, playground }) => {
  await playground.open(`${TWELVE.replace('instances=12', 'instances=2')}&kill=1@1s`);
  await expect(page.locator('.break-done li')).toContainText(
    'Server 2 takes no more requests from 1 s on, and finishes the',
  );
  await page.getByRole('button', kill).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.break-effect')).toContainText('The last one');
  await page.locator('#story-servers').fill('1');
  await expect(page.locator('#story-sentence')).toContainText('With 1 server');
  await expect(page.locator('.break-done li')).toHaveCount(0);
  await expect(page).not.toHaveURL(/kill=/);
});

test('the form names what cannot be, and keeps the last result', async ({ page, playground }) => {
  await playground.open(TWELVE);
  await goTo(page, 'Explore');
  await page.getByRole('searchbox').fill('outage');
  await page.getByRole('textbox', { name: 'Kill instances' }).fill('12@1s');
  await expect(page.locator('.field .error', { hasText: 'from 0 to 11' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Kill instances' }).fill('11@1s');
  await expect(page.locator('.field .error', { hasText: 'from 0 to 11' })).toBeHidden();
  await expect(page).toHaveURL(/kill=11(@|%40)1s/);
});

test('fewer instances in the form drop the kills that they cannot have, and say so', async ({ page, playground }) => {
  await playground.open(`${TWELVE}&kill=11@1s,2@2s`);
  await goTo(page, 'Explore');
  const notice = page.locator('#notice');
  await page.locator('#setting-instances').fill('4');
  await expect(notice).toHaveText('Kill of instance 11 was dropped: 4 instances are too few for it.');
  await expect(page).toHaveURL(/instances=4.*kill=2(@|%40)2s(?!.*11)/);
  await playground.settled();
  await expect(page.locator('.field .error:visible')).toHaveCount(0);
  // It was on the way to another number.
  await page.locator('#setting-instances').fill('12');
  await expect(page).toHaveURL(/kill=11(@|%40)1s/);
  await expect(notice).toHaveText('');
  await page.locator('#setting-instances').fill('4');
  await page.locator('#setting-rate').fill('9');
  await expect(notice).toHaveText('');
  await page.locator('#setting-instances').fill('12');
  await expect(page).toHaveURL(/instances=12.*kill=2(@|%40)2s(?!.*11)/);
});

test('a locked link, and one that hides the settings, have no buttons to break it', async ({ page, playground }) => {
  for (const rule of ['lock=1', 'hide=settings']) {
    await playground.open(`${TWELVE}&kill=1@1s&${rule}`);
    await expect(page.locator('.break-done li')).toContainText('Server 2 takes no more requests');
    await expect(page.getByRole('button', kill)).toBeHidden();
    await expect(page.getByRole('button', { name: /^Send/ })).toBeHidden();
    await expect(page.getByRole('button', { name: /^Undo/ })).toBeHidden();
  }
});

test('a press leaves the drafts of the form alone, and goes on top of what is valid', async ({ page, playground }) => {
  await playground.open(TWELVE.replace('tab=story', 'tab=cluster'));
  await expect(page.locator('.cluster')).toHaveAttribute('data-settled', 'true');
  const instances = page.getByRole('textbox', { name: 'Instances', exact: true });
  await instances.fill('abc');
  await page.getByRole('button', kill).click();
  await expect(page.locator('.break-done li')).toHaveCount(1);
  await expect(instances).toHaveValue('abc');
});
