// Links for a class: what they hide, in groups, and links that are locked.

import { LOOKS, violations, widthOf } from './axe.js';
import { expect, goTo, revealLesson, test } from './support.js';

/** @import {Page} from '@playwright/test' */

const SMALL = '#v=2&latency=roofline&instances=2&rate=20&n=100';

/** @param {Page} page */
const link = (page) => page.getByLabel('Link', { exact: true });

/** @param {Page} page */
async function openChoices(page) {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.locator('.hide-choices > summary').click();
}

test('a link that hides all but one setting is short, and all of its groups are seen at once', async ({
  page,
  playground,
}) => {
  for (const [scheme, width] of LOOKS) {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme: scheme });
    await playground.open(SMALL);
    await openChoices(page);
    await expect(page.locator('.hide-group')).toHaveCount(12);
    await expect(page.locator('.hide-boxes:visible')).toHaveCount(0);
    await page.getByRole('button', { name: 'Hide all but …' }).click();
    await expect(link(page)).toHaveValue(/&hide=settings,places,views,figures,charts,more$/);
    await page.locator('[data-group="settings.first"] summary').click();
    await page.locator('.hide-list').getByLabel('Arrival rate').uncheck();
    for (const group of ['places', 'views', 'figures', 'charts', 'more'])
      await page.locator(`[data-group=${group}] > label input`).uncheck();
    await expect(link(page)).toHaveValue(/&hide=settings,-rate$/);
    expect(await violations(page)).toEqual([]);
    expect(await widthOf(page)).toBeLessThanOrEqual(width);
    const address = await link(page).inputValue();
    await page.goto('about:blank');
    await playground.open(new URL(address).hash);
    // On a phone the settings are folded at first.
    await page.locator('#settings').evaluate((node) => node.setAttribute('open', ''));
    await expect(page.locator('#form [data-key]:visible')).toHaveCount(1);
    await page.goto('about:blank');
  }
});

test(
  'parts of the page are hidden, the page says how many, and shows them',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(`${SMALL}&hide=places.plan,views,figures,-figures.itl,charts.sweep,more.digest,more.share`);
    const gone = ['.places [data-place=plan]', '#tab-cluster', '[data-figure=e2e]', '#sweep', '.basis', '#share'];
    for (const part of gone) await expect(page.locator(part)).toBeHidden();
    for (const part of ['.places [data-place=lessons]', '#tab-overview', '[data-figure=itl]', '#ttft'])
      await expect(page.locator(part)).toBeVisible();
    const notice = page.locator('.link-notice');
    await expect(notice).toContainText('This link hides 13 parts of the page.');
    // The arrow keys do not lead to a view that is hidden.
    await page.locator('#tab-overview').press('ArrowRight');
    await expect(page.locator('#tab-overview')).toBeFocused();
    await notice.getByRole('button', { name: 'Show them' }).click();
    for (const part of gone) await expect(page.locator(part)).toBeVisible();
    await expect(notice).toBeHidden();
    await expect(page).not.toHaveURL(/hide=/);
  },
);

test(
  'a locked link says so, shows nothing that it hides, and leaves its settings as they are',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.open(`${SMALL}&hide=seed,views.theory&lock=1`);
    const notice = page.locator('.link-notice');
    await expect(notice).toHaveText(/This link is locked.*Without lock=1 in the address it is open\.$/);
    await expect(page.locator('.hidden-controls')).toContainText('hides one setting');
    await expect(page.getByRole('button', { name: 'Show them' })).toHaveCount(0);
    for (const name of ['New seed', 'Start over']) await expect(page.getByRole('button', { name })).toHaveCount(0);
    await expect(page.locator('#setting-instances')).toBeDisabled();
    await expect(page.getByRole('searchbox')).toBeDisabled();

    // A press on the curve, and its keyboard, would take another number of instances.
    const before = page.url();
    await page.locator('#sweep .u-over').click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await playground.settled();
    expect(page.url()).toBe(before);

    // The Story's slider, a lesson's link, Back: the settings and the lock stay.
    await goTo(page, 'Story');
    await expect(page.locator('#story-servers')).toBeDisabled();
    await goTo(page, 'Plan');
    await expect(page.locator('.goal:visible').first()).toBeVisible();
    await page.goBack();
    await page.goBack();
    await expect(page.locator('#setting-instances')).toHaveValue('2');
    expect(page.url()).toContain('instances=2&rate=20');
    expect(page.url()).toContain('lock=1');

    // What is passed on is locked, too, and no file replaces the settings.
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(link(page)).toHaveValue(/&hide=seed,views.theory&lock=1$/);
    await expect(page.locator('.hide-choices')).toBeHidden();
    await expect(page.locator('#share-file')).toBeHidden();
  },
);

test('a file dropped on a locked page is refused with the reason', async ({ page, playground }) => {
  await playground.open(`${SMALL}&lock=1`);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['{"cluster": {"num_instances": 7}}'], 'seven.json', { type: 'application/json' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
  });
  await expect(page.locator('.share-status')).toContainText('locked');
  await expect(page.locator('#setting-instances')).toHaveValue('2');
});

test('Share makes a locked link and says how little that is', async ({ page, playground }) => {
  await playground.open(SMALL);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('Lock the link').check();
  await expect(link(page)).toHaveValue(/&lock=1$/);
  await expect(page.locator('#share-lock-note')).toContainText('For teaching, not for secrets');
  await expect(page.getByLabel('Embed code', { exact: true })).toHaveValue(/&amp;lock=1/);
  expect(page.url()).not.toContain('lock');
});

test('the links of a lesson lead to no other settings while the link is locked', async ({ page, playground }) => {
  await playground.open(`${SMALL}&tab=lessons&lesson=run-length&lock=1`);
  await revealLesson(page, 2);
  // No link at all: in another tab it would open settings that nothing locks.
  await expect(page.locator('.lesson-table tbody th').first()).toBeVisible();
  await expect(page.locator('.lesson-table a')).toHaveCount(0);
  await expect(page.locator('.lesson-links')).toBeHidden();
  for (const link of await page.locator('#panel-lessons a:visible').all())
    await expect(link).toHaveAttribute('href', /&lock=1$/);
});
