// The link of a lesson as a QR code, where it can have one: a link that holds the lesson itself is often too long.

import { MOST_CHARACTERS } from '../../../ui/code_limits.js';
import { element } from '../../../ui/dom.js';
import { linkCode } from '../../../ui/link_code.js';
import * as words from '../../../words/own_lessons.js';
import { shelf } from './shelf.js';

/**
 * Why a lesson has no code; empty if it can have one.
 * @param {string} id
 * @param {string} address of the lesson for others
 */
export function whyNoCode(id, address) {
  // Its link does not hold it.
  if (shelf.has(id) && shelf.packed(id) === '') return words.OWN.tooLong;
  return address.length > MOST_CHARACTERS ? words.noCodeWords(address.length, MOST_CHARACTERS) : '';
}

/**
 * A button for the code, or why there is none.
 * @param {string} id
 * @param {(id: string) => string} addressOf
 */
export function lessonCode(id, addressOf) {
  const why = whyNoCode(id, addressOf(id));
  return why === '' ? linkCode(() => addressOf(id), words.SHORTER) : element('span', { class: 'note' }, why);
}
