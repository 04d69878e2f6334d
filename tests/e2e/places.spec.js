import { expect, goTo, revealLesson, test } from './support.js';

test(
  'the four places are links, of which the present one is marked; Back leads through them',
  { tag: '@firefox' },
  async ({ page, playground }) => {
    await playground.story();
    const places = page.getByRole('navigation', { name: 'Places' });
    const present = places.locator('[aria-current=page]');
    await expect(present).toHaveText('Story');
    for (const place of ['Lessons', 'Explore', 'Plan']) {
      await goTo(page, place);
      await expect(present).toHaveText(place);
    }
    for (const place of ['Explore', 'Lessons', 'Story']) {
      await page.goBack();
      await expect(present).toHaveText(place);
    }
  },
);

test('a place is left and found again in the view where it was left', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=10&n=100&tab=details');
  await goTo(page, 'Story');
  await expect(page.locator('#story')).toBeVisible();
  await goTo(page, 'Explore');
  await expect(page.getByRole('tab', { name: 'Details' })).toHaveAttribute('aria-selected', 'true');
});

test('a link to a place can be opened in a new tab, with the settings', async ({ page, playground, address }) => {
  await playground.open('#v=2&latency=roofline&instances=3&rate=10&n=100');
  const href = await page.getByRole('navigation').getByRole('link', { name: 'Story' }).getAttribute('href');
  await page.goto('about:blank');
  await page.goto(address + href);
  await playground.settled();
  await expect(page.locator('#story-sentence')).toContainText('With 3 servers');
});

test('where less than all is known of a place, the page is still there', async ({ page, playground }) => {
  // Safari up to 17.3 cannot tell in this way whether an element is seen.
  await page.addInitScript(() => Reflect.deleteProperty(Element.prototype, 'checkVisibility'));
  await playground.story();
  await page.getByRole('link', { name: 'All settings' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#setting-instances')).toBeVisible();
  await expect(page.locator('#content')).toBeFocused();
});

test('a scene that is opened from a lesson begins at its top', async ({ page, playground }) => {
  await playground.open('#v=2&tab=lessons&lesson=three-times-the-machines');
  await revealLesson(page);
  const scene = page.getByRole('link', { name: /^Open “4 instances”/ });
  await scene.scrollIntoViewIfNeeded();
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(200);
  await scene.click();
  await expect(page.locator('#headline')).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('help that was opened in one view is not open in another', async ({ page, playground }) => {
  await playground.open('#v=2&latency=roofline&instances=2&rate=10&n=100&tab=cluster');
  await page.locator('.transport .question').click();
  await expect(page.locator('.transport .help')).toBeVisible();
  await goTo(page, 'Overview');
  await expect(page.locator('.transport')).toBeVisible();
  await expect(page.locator('.transport .help')).toBeHidden();
});
