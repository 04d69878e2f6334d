import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../', import.meta.url);

/** The sheets by path below web. @type {Map<string, string>} */
const SHEETS = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.css'))
    .map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8').replaceAll(/\/\*.*?\*\//gs, '')]),
);

/** What comes with the first page, and what a view brings when it is first shown and leaves behind. */
const FIRST = [...(SHEETS.get('app/page.css') ?? '').matchAll(/@import '(?:\.\.\/)?(?:\.\/)?([^']+)'/g)].map(
  ([, name]) => (SHEETS.has(name) ? name : `app/${name}`),
);
const LATER = [...SHEETS.keys()].filter((name) => name !== 'app/page.css' && !FIRST.includes(name));

/** The selectors of a sheet, one by one. @param {string} sheet */
function selectors(sheet) {
  const heads = (SHEETS.get(sheet) ?? '').matchAll(/(?<=^|[{}])([^{}@;]+)\{/g);
  return [...heads].flatMap(([, head]) => head.split(/,(?![^(]*\))/)).map((selector) => selector.trim());
}

/** @param {string} selector */
const names = (selector) => selector.match(/\.[a-z][\w-]*/g) ?? [];

/** The view that a sheet belongs to. @param {string} sheet */
const view = (sheet) => sheet.split('/').slice(0, 2).join('/');

test('a sheet that comes later says of which place it speaks: it stays when its place is left', () => {
  assert.ok(LATER.includes('views/lessons/lessons.css') && LATER.includes('views/plan/plan.css'));
  const bare = LATER.flatMap((sheet) => {
    const elsewhere = new Set(
      [...SHEETS.keys()]
        .filter((other) => view(other) !== view(sheet))
        .flatMap(selectors)
        .flatMap(names),
    );
    return selectors(sheet)
      .filter((selector) => !/#|^\d|^from$|^to$|\[data-present\]/.test(selector))
      .filter((selector) => names(selector).every((name) => elsewhere.has(name)))
      .map((selector) => `${sheet}: ${selector}`);
  });
  assert.deepEqual(bare, []);
});
