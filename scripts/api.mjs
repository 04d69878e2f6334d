// Writes the generated parts of docs/API.md: the table of columns, out of the engine, and the reference, out of the
// declarations of the package. `--check` writes nothing and fails if they are out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarationsIn } from './declarations.mjs';

/** @import {Declaration} from './declarations.mjs' */
/** @import {Column} from '#engine' */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs/API.md');

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

/** @param {string[][]} rows the first is the head */
const table = ([head, ...rows]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/**
 * A tag of a comment as a sentence.
 * @param {string} tag without its @
 */
function sentenceOf(tag) {
  const [, word, type, text] = /^(throws|returns) (?:\{(\w+)\} )?(.+)$/.exec(tag.replaceAll(/\s+/g, ' ').trim()) ?? [];
  if (!word) throw new Error(`there are no words for the tag @${tag}`);
  const verb = word === 'throws' ? 'Throws' : 'Returns';
  return [verb, type && `\`${type}\``, text.replace(/\.?$/, '.')].filter(Boolean).join(' ');
}

/**
 * The text of a comment, and what it says of errors.
 * @param {string} comment
 */
function sentences(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)? ?/, ''));
  const [text, ...tags] = lines.join('\n').trim().split(/^@/m);
  const paragraphs = text.trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
  return [paragraphs, tags.map(sentenceOf).join(' ')].filter(Boolean).join('\n\n');
}

/** @param {string} code */
const signature = (code) =>
  code
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([(<[{]) /g, '$1')
    .replaceAll(/,? ([)>\]}])/g, '$1');

/**
 * Members of a class or an interface.
 * @param {string} code
 * @returns {{comment: string, code: string}[]}
 */
function membersIn(code) {
  const body = code.slice(code.indexOf('{\n') + 2, code.lastIndexOf('}'));
  const pattern = /((?:^ {2}\/\*\*\n(?:^ {3}\*.*\n)+)?)^ {2}(\S(?:.*\n)(?:^ {3,}.*\n|^ {2}[)}\]].*\n)*)/gm;
  return [...body.matchAll(pattern)].map(([, comment, member]) => ({
    comment,
    code: member.trim().replace(/[;,]$/, ''),
  }));
}

/** @param {Declaration} declaration */
function written({ kind, name, comment, code }) {
  const text = sentences(comment);
  const shown = code.replace(/^export (default )?/, '');
  if (kind === 'function') return `#### \`${name}\`\n\n\`\`\`ts\n${shown.trim()}\n\`\`\`\n\n${text}`;
  if (kind === 'type') return `#### \`${name}\`\n\n${text}\n\n\`\`\`ts\n${shown.trim()}\n\`\`\``;
  const members = membersIn(code)
    .filter((member) => !/^private constructor|^free\(|^\[Symbol/.test(member.code))
    .map((member) => [`\`${signature(member.code)}\``, sentences(member.comment).replaceAll(/\s*\n\s*/g, ' ')]);
  const base = /^export (?:class|interface) \w+(?:<[^>]*>)? extends (.+?) \{/.exec(code);
  const more = base ? ` Has all of \`${base[1]}\`, too.` : '';
  return `#### \`${name}\`\n\n${text}${more}\n\n${table([['', ''], ...members])}`;
}

/**
 * Sections of declarations: functions first.
 * @param {string} path of the declarations in the package
 */
function reference(path) {
  const all = declarationsIn(readFileSync(join(ROOT, 'pkg', path), 'utf8'));
  const sections = /** @type {const} */ ([
    ['Functions', ['function']],
    ['Classes', ['class']],
    ['Types', ['enum', 'interface', 'type']],
  ]);
  const texts = sections.map(([title, kinds]) => {
    const own = all.filter(({ kind }) => /** @type {readonly string[]} */ (kinds).includes(kind));
    return own.length === 0 ? [] : [`### ${title}`, ...own.map(written)];
  });
  return texts.flat().join('\n\n');
}

/** @param {Column[]} columns */
function columnTable(columns) {
  const rows = columns.map(({ name, unit, meaning, missing }) => [`\`${name}\``, unit, meaning, missing]);
  return table([['column', 'unit', 'meaning', 'NaN where'], ...rows]);
}

/**
 * @param {string} page
 * @param {string} name of the part
 * @param {string} text
 */
function replaced(page, name, text) {
  const [begin, end] = [`<!-- generated: ${name} -->\n`, `<!-- end: ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/API.md has no place for ${name}`);
  return `${page.slice(0, from)}${begin}\n${text}\n\n${page.slice(to)}`;
}

const { columns } = await import(join(ROOT, 'pkg/node.js'));
const former = readFileSync(PAGE, 'utf8');
const parts = {
  columns: columnTable(columns()),
  worker: reference('worker/index.d.ts')
    .replaceAll('### Types', '### Types of the client')
    .replaceAll('### Functions', '### Functions of the client')
    .replaceAll('### Classes', '### Errors of the client'),
  reference: reference('index.d.ts'),
};
const page = Object.entries(parts).reduce((text, [name, part]) => replaced(text, name, part), former);
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (page !== former) {
  console.error('docs/API.md is out of date: node scripts/api.mjs');
  process.exit(1);
}
