// What an address hides, so that others see only what a link is about: settings, by their keys or a section at a time, and
// parts of the page by the names below. `settings,-rate` hides all settings but the rate; of several names that fit, the
// narrowest counts.

import { placeOf } from './layers.js';

/** @import {Setting} from '../shared/types.d.ts' */

/** A name of a link, and the narrower names in it. @typedef {{name: string, parts: Branch[]}} Branch */

/** Parts of the page besides the settings; web/app/hidden.css hides them. */
export const PARTS_OF_PAGE = {
  places: ['places.story', 'places.lessons', 'places.explore', 'places.plan'],
  views: ['views.cluster', 'views.details', 'views.compare', 'views.theory'],
  figures: [
    'figures.ttft-p99',
    'figures.itl',
    'figures.e2e',
    'figures.throughput',
    'figures.regret',
    'figures.completed',
  ],
  charts: ['charts.live', 'charts.sweep', 'charts.ttft', 'charts.regret', 'charts.instances'],
  more: ['more.digest', 'more.text', 'more.pin', 'more.share'],
};

/** @param {string} hide */
const namesOf = (hide) => new Set(hide.split(',').filter((name) => name !== ''));

/**
 * @param {Set<string>} names of a link
 * @param {string[]} chain the names that something has, the narrowest first
 */
function isHidden(names, chain) {
  const said = chain.find((name) => names.has(name) || names.has(`-${name}`));
  return said !== undefined && names.has(said);
}

/**
 * The keys of the settings that an address hides; unknown names hide nothing.
 * @param {string} hide
 * @param {Pick<Setting, 'key'|'path'|'group'>[]} schema
 * @returns {Set<string>}
 */
export function hiddenKeys(hide, schema) {
  const names = namesOf(hide);
  if (names.size === 0) return new Set();
  const chain = (/** @type {Pick<Setting, 'key'|'path'|'group'>} */ setting) => [
    setting.key,
    `settings.${placeOf(setting)}`,
    'settings',
  ];
  return new Set(schema.filter((setting) => isHidden(names, chain(setting))).map(({ key }) => key));
}

/**
 * The parts of the page that an address hides.
 * @param {string} hide
 * @returns {string[]}
 */
export function hiddenParts(hide) {
  const names = namesOf(hide);
  return Object.entries(PARTS_OF_PAGE).flatMap(([group, parts]) =>
    parts.filter((part) => isHidden(names, [part, group])),
  );
}

/** @param {Branch} branch @returns {string[]} */
const leavesOf = ({ name, parts }) => (parts.length === 0 ? [name] : parts.flatMap(leavesOf));

/**
 * The fewest names that hide these leaves of a branch and no other.
 * @param {Branch} branch
 * @param {Set<string>} hidden names of leaves
 * @param {boolean} [already] whether a wider name hides all of it
 * @returns {string[]}
 */
export function namesFor(branch, hidden, already = false) {
  const leaves = leavesOf(branch);
  const many = leaves.filter((leaf) => hidden.has(leaf)).length;
  if (many === (already ? leaves.length : 0)) return [];
  // A group of one is named by its one, as in links of before there were groups.
  const name = leaves.length === 1 ? leaves[0] : branch.name;
  if (many === (already ? 0 : leaves.length)) return [already ? `-${name}` : name];
  const inside = (/** @type {boolean} */ all) => branch.parts.flatMap((part) => namesFor(part, hidden, all));
  const apart = inside(already);
  const turned = [already ? `-${branch.name}` : branch.name, ...inside(!already)];
  return turned.join().length < apart.join().length ? turned : apart;
}
