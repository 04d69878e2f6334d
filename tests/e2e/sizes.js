// What can be measured of how the page looks: type, what is pressed, and what does not fit.

/** @import {Page} from '@playwright/test' */

/** The sizes of type that the style sheets have, px; the figure that a view is about has one of its own. */
const TYPE_PX = [14, 16, 20, 30];

/** Least height of what is pressed with a finger, px. */
const FINGER_PX = 44;

/**
 * Notes the sizes of what is written into canvases, which no style sheet tells: to be called before the page is opened.
 * @param {Page} page
 */
export const watchCanvases = (page) =>
  page.addInitScript(() => {
    /** @type {Map<string, number>} */
    const written = new Map();
    Object.assign(globalThis, { written });
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function note(text, ...place) {
      const { canvas } = this;
      // One that is not in the page is painted for a file, or is copied with a scale that is not known here.
      if (canvas instanceof HTMLCanvasElement && canvas.clientWidth > 0) {
        const px = Number(/([0-9.]+)px/.exec(this.font)?.[1]);
        const shown = (px * this.getTransform().d * canvas.clientHeight) / canvas.height;
        written.set(`canvas "${text}"`, shown);
      }
      return fillText.call(this, text, ...place);
    };
  });

/**
 * Visible texts whose size is none of the page's, or is too small where it is drawn.
 * @param {Page} page
 */
export const strayType = (page) =>
  page.evaluate((sizes) => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.style.setProperty('font-size', 'var(--text-hero)');
    const allowed = [...sizes, parseFloat(getComputedStyle(probe).fontSize)];
    probe.remove();
    const fits = (/** @type {number} */ px) => allowed.some((size) => Math.abs(size - px) < 0.1);
    const words = (/** @type {Element} */ each) =>
      [...each.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent ?? '')
        .join('')
        .trim();
    const strays = new Set();
    for (const each of document.querySelectorAll('body *')) {
      const typed = each.matches('input:not([type=range], [type=checkbox], [type=radio]), select, textarea');
      const text = typed ? each.id : words(each);
      if (text === '' || each.matches('option, script, style') || each.closest('.visually-hidden')) continue;
      if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const px = parseFloat(getComputedStyle(each).fontSize);
      const scale = each instanceof SVGTextContentElement ? (each.getScreenCTM()?.d ?? 1) : 1;
      // A picture may be drawn larger than it is written, but not smaller.
      if (!fits(px) || px * scale < sizes[0] - 0.1)
        strays.add(`${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''} ${px * scale} px "${text}"`);
    }
    const written = /** @type {any} */ (globalThis).written ?? new Map();
    for (const [text, px] of written) if (px < sizes[0] - 0.1) strays.add(`${text} ${px.toFixed(1)} px`);
    return [...strays];
  }, TYPE_PX);

/**
 * What can be pressed and is lower than a finger needs. A link within a sentence is as high as the sentence's line; a row is
 * pressed where its link is; and of a checkbox its label can be pressed as well.
 * @param {Page} page
 */
export const tooLow = (page) =>
  page.evaluate((least) => {
    const isWord = (/** @type {Element} */ link) =>
      getComputedStyle(link).display === 'inline' && link.parentElement?.textContent !== link.textContent;
    /** @param {Element} each */
    const areas = (each) => [
      each,
      ...(each instanceof HTMLInputElement ? (each.labels ?? []) : []),
      ...[each.closest('label'), each.matches('a') ? each.closest('li, tr') : null].filter((area) => area !== null),
    ];
    const pressed = 'button, a[href], select, summary, input, textarea, [role=tab], [role=button]';
    return [...document.querySelectorAll(pressed)]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest('.visually-hidden'))
      .filter(
        (each) => !each.matches(':disabled, .skip-link, .visually-hidden') && !(each.matches('a') && isWord(each)),
      )
      .map((each) => ({
        what: each.outerHTML.slice(0, 100),
        height: Math.max(...areas(each).map((area) => area.getBoundingClientRect().height)),
      }))
      .filter(({ height }) => height < least - 0.5)
      .map(({ what, height }) => `${height.toFixed(1)} px: ${what}`);
  }, FINGER_PX);

/**
 * What is wider than the window outside of a scroller of its own, and what is cut off by its frame.
 * @param {Page} page
 */
export const misfits = (page) =>
  page.evaluate(() => {
    const found = new Set();
    const name = (/** @type {Element} */ each) =>
      `${each.tagName.toLowerCase()}${each.id ? `#${each.id}` : ''}.${each.getAttribute('class') ?? ''}`;
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width)
      found.add(`the page: ${document.documentElement.scrollWidth} px of ${width}`);
    for (const each of document.querySelectorAll('body *')) {
      if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('.visually-hidden, .skip-link, svg *'))
        continue;
      const box = each.getBoundingClientRect();
      let isOut = box.right > width + 1 || box.left < -1;
      for (let frame = each.parentElement; frame && isOut; frame = frame.parentElement)
        isOut = !['auto', 'scroll'].includes(getComputedStyle(frame).overflowX);
      if (isOut) found.add(`${name(each)}: from ${box.left.toFixed(0)} to ${box.right.toFixed(0)} px of ${width}`);
      const { overflowX, overflowY } = getComputedStyle(each);
      // What is there to be read aloud alone is a point.
      if (each.matches('input, select, textarea, canvas, svg') || box.height <= 1) continue;
      const isCut = (/** @type {string} */ overflow, /** @type {number} */ more) =>
        ['hidden', 'clip'].includes(overflow) && more > 1;
      if (
        isCut(overflowX, each.scrollWidth - each.clientWidth) ||
        isCut(overflowY, each.scrollHeight - each.clientHeight)
      )
        found.add(`${name(each)} cuts off what it holds`);
    }
    return [...found];
  });

/**
 * What is wrong with the ways to the places: each is seen whole, above all else, wherever the page is scrolled to, and at the
 * end of the page nothing is left below it.
 * @param {Page} page
 */
export const hiddenWays = (page) =>
  page.evaluate(async () => {
    const found = new Set();
    const links = [...document.querySelectorAll('#places a')];
    const root = document.documentElement;
    const end = root.scrollHeight - root.clientHeight;
    for (const y of [0, end / 2, end]) {
      scrollTo(0, y);
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      for (const link of links) {
        const box = link.getBoundingClientRect();
        if (link.scrollWidth > link.clientWidth + 1) found.add(`${link.textContent} is cut off`);
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        if (y < 0 || y > root.clientHeight) continue;
        const there = document.elementFromPoint(x, y);
        if (!link.contains(there)) found.add(`${link.textContent} is below ${there?.outerHTML.slice(0, 80)}`);
      }
    }
    const bar = document.getElementById('places');
    const content = document.getElementById('content');
    if (bar && content && getComputedStyle(bar).position === 'fixed') {
      // What has come meanwhile may have made the page longer.
      scrollTo(0, root.scrollHeight);
      const [last, top] = [content.getBoundingClientRect().bottom, bar.getBoundingClientRect().top];
      if (last > top + 2) found.add(`the end is ${(last - top).toFixed(0)} px below`);
    }
    scrollTo(0, 0);
    for (const over of document.querySelectorAll('.notice > *, .toast > *')) {
      const box = over.getBoundingClientRect();
      const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (over.checkVisibility({ visibilityProperty: true }) && box.height > 1 && there && !over.contains(there))
        found.add(`${over.outerHTML.slice(0, 80)} is below ${there.outerHTML.slice(0, 80)}`);
    }
    const boxes = links.map((link) => link.getBoundingClientRect());
    for (let i = 1; i < boxes.length; i += 1)
      if (boxes[i].left < boxes[i - 1].right - 1 && boxes[i].top < boxes[i - 1].bottom - 1)
        found.add(`${links[i].textContent} overlaps ${links[i - 1].textContent}`);
    return [...found];
  });
