// What a person brings in: which files belong together, and what they are.

import { UNREADABLE } from '../../words/share.js';
import { MAX_BYTES, UnreadableFile } from './files.js';

/** @import {Session} from '../../app/session.js' */
/** @import {Problem} from '../../shared/types.d.ts' */

/**
 * @typedef {{kind: 'settings', text: string}|{kind: 'trace', header: string, data: string}|{kind: 'specification', text: string}} Incoming
 */

/** Keys that only the header of a trace has. */
const TRACE_HEADER = /^(trace_version|time_unit|warm_up_requests)\s*:/m;

/** @param {string} name */
const ending = (name) => name.toLowerCase().replace(/^.*\./, '').replace('yml', 'yaml');

/**
 * What some files are, by their names and their first words.
 * @param {{name: string, text: string}[]} files
 * @returns {Incoming}
 */
export function recognise(files) {
  const of = (/** @type {string} */ wanted) => files.filter(({ name }) => ending(name) === wanted);
  const [tables, headers] = [of('csv'), of('yaml')];
  if (tables.length === 1 && headers.length < 2 && files.length === 1 + headers.length)
    return { kind: 'trace', header: headers[0]?.text ?? '', data: tables[0].text };
  if (files.length !== 1) throw new UnreadableFile(UNREADABLE.several);
  const [{ text }] = files;
  // The engine reads it, and tells the kinds of JSON apart.
  if (headers.length === 0) return { kind: 'settings', text };
  if (TRACE_HEADER.test(text)) throw new UnreadableFile(UNREADABLE.header);
  return { kind: 'specification', text };
}

/**
 * Reads files and hands them to the session; what stands stays if they are refused.
 * @param {File[]} files
 * @param {Session} session
 * @returns {Promise<Problem[]>} why they were refused; empty if they were taken
 */
export async function takeIn(files, session) {
  if (files.some(({ size }) => size > MAX_BYTES)) throw new UnreadableFile(UNREADABLE.large);
  const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
  const incoming = recognise(texts);
  const name = (files.find((file) => ending(file.name) === 'csv') ?? files[0])?.name ?? '';
  switch (incoming.kind) {
    case 'trace':
      return session.imports.trace(incoming.header, incoming.data, name);
    case 'specification':
      return session.imports.specification(incoming.text, name);
    default:
      return session.imports.settings(incoming.text, name);
  }
}
