// Words of a saved picture in lines that fit.

import { visible } from '../shared/visible.js';

/**
 * Statements as lines that are no wider than there is room for, each beginning a new one.
 * @param {string[]} statements
 * @param {number} room
 * @param {(text: string) => number} widthOf
 * @returns {string[]}
 */
export function captionLines(statements, room, widthOf) {
  return statements.flatMap((statement) => {
    /** @type {string[]} */
    const lines = [];
    // A dot between two parts stays with the one before it.
    for (const word of visible(statement).split(/ (?!·)/)) {
      const longer = `${lines.at(-1)} ${word}`;
      if (lines.length > 0 && widthOf(longer) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}
