// A lesson as a part of an address: its JSON, deflated, in letters that addresses keep as they are.

import { OWN_FAILURES } from '../../../words/own_lessons.js';

/** Characters of the longest lesson that a link carries; the address with it is a little longer. */
export const LONGEST_PACKED = 16_000;

/** Bytes of the longest lesson, as in the engine: a link cannot unfold into more. */
export const MAX_BYTES = 100_000;

/** What a link carries cannot be read; the message says why. */
export class BadPackage extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'BadPackage';
  }
}

/**
 * @param {string} text JSON
 * @returns {Promise<string>} empty if it is too long for a link
 */
export async function pack(text) {
  const plain = JSON.stringify(JSON.parse(text));
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const packed = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return packed.length > LONGEST_PACKED ? '' : packed;
}

/**
 * @param {string} packed
 * @returns {Promise<string>} JSON, or whatever else was packed
 */
export async function unpack(packed) {
  if (packed.length > LONGEST_PACKED) throw new BadPackage(OWN_FAILURES.long);
  if (!/^[\w-]+$/.test(packed)) throw new BadPackage(OWN_FAILURES.damaged);
  try {
    const base64 = packed.replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new TextDecoder('utf-8', { fatal: true }).decode(await bounded(stream.getReader()));
  } catch (error) {
    // Whatever is wrong with it, part of it is missing or was never there.
    throw error instanceof BadPackage ? error : new BadPackage(OWN_FAILURES.damaged);
  }
}

/**
 * All bytes of a stream, unless they are more than a lesson has: then the rest is never unfolded.
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 */
async function bounded(reader) {
  const all = new Uint8Array(MAX_BYTES);
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (value === undefined) continue;
    if (length + value.length > MAX_BYTES) {
      await reader.cancel();
      throw new BadPackage(OWN_FAILURES.long);
    }
    all.set(value, length);
    length += value.length;
  }
  return all.subarray(0, length);
}
