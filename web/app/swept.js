// What the sweep shows: not always the settings of the run beside it, which may be cancelled, refused or still to come.

import { axisOf } from '../engine/axes.js';
import { simulatedBy, simulatedWords } from '../settings/simulated.js';

/** @import {State, Store} from './state.js' */
/** @import {Config} from '../shared/types.d.ts' */
/** @import {Subject} from '../settings/simulated.js' */

/**
 * Remembers what each accepted configuration is about, as long as something holds the configuration.
 * @param {Pick<Store, 'state'|'follow'>} store
 * @returns {(config: Config|undefined) => Subject|null}
 */
export function keepSubjects(store) {
  /** @type {WeakMap<Config, Subject>} */
  const subjects = new WeakMap();
  store.follow(['config'], ({ config, pairs, imported, importedName, withoutEffect }) => {
    if (config !== null && !subjects.has(config))
      subjects.set(config, { pairs, imported, importedName, withoutEffect });
  });
  return (config) => (config && subjects.get(config)) ?? null;
}

/**
 * Keys of the settings that the sweep varies.
 * @param {Pick<State, 'sweep'>} state
 */
export function sweptKeys({ sweep }) {
  return sweep === null ? [] : [axisOf(sweep.axis).id];
}

/**
 * What a picture of the sweep says it is about; nothing before there is one.
 * @param {Pick<State, 'sweep'|'description'>} state
 * @param {Subject|null} subject of the sweep's configuration
 * @returns {string[]}
 */
export function sweepWords({ sweep, description }, subject) {
  if (sweep === null || subject === null || description === null) return [];
  return [simulatedWords(simulatedBy(subject, description, sweptKeys({ sweep })))];
}
