// A section of the form that is folded at first; its heading says how many settings in it were changed.

import { element, setWords } from '../../ui/dom.js';
import { SECTION_TITLES } from '../../words/sections.js';
import { changedHint, changedWords } from '../../words/settings.js';

/** @import {SectionName} from '../layers.js' */

/**
 * @param {SectionName} name
 * @param {HTMLElement[]} fields
 */
export function sectionFold(name, fields) {
  const changed = element('span', { class: 'changed', hidden: true });
  const summary = element('summary', {}, element('h3', {}, SECTION_TITLES[name]), ' ', changed);
  const root = element('details', { class: 'group', 'data-section': name }, summary, ...fields);
  let shown = '';
  return {
    root,
    summary,
    /** @param {string[]} labels of the settings that were changed */
    showChanged(labels) {
      const hint = changedHint(labels);
      if (hint === shown) return;
      shown = hint;
      changed.hidden = labels.length === 0;
      setWords(changed, labels.length === 0 ? '' : changedWords(labels.length));
      changed.title = hint;
    },
  };
}
