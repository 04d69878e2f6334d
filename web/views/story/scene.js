// A scene of the Story: settings that differ in nothing but the number of servers and the seed, so that runs can be compared.

import { openingPairs } from '../../address/opening.js';
import { instanceCounts } from '../../engine/axes.js';
import { listKey } from '../../shared/list_key.js';
import { textOf } from '../../settings/settings.js';
import { counted, simulatedBy, simulatedWords } from '../../settings/simulated.js';
import { EXPERTS_SAY, seedWords } from '../../words/story.js';
import { loadAt, loadOf } from './zones.js';

/** @import {State} from '../../app/state.js' */
/** @import {Config, Description, Pair, Setting, ShownRun} from '../../shared/types.d.ts' */
/** @import {Load} from './zones.js' */

/** The setting of the slider. */
export const INSTANCES = 'cluster.num_instances';

/** Settings that differ within a scene. */
const FREE = [INSTANCES, 'seed'];

/** @type {WeakMap<Config, string>} */
const keys = new WeakMap();

/**
 * What two configurations of one scene have in common, as text. Of the requests of a trace only some are compared.
 * @param {Config} config
 */
export function sceneKey(config) {
  const known = keys.get(config);
  if (known !== undefined) return known;
  const { cluster, workload, ...rest } = config;
  const requests = listKey(workload?.requests);
  const scene = {
    ...rest,
    seed: null,
    cluster: { ...cluster, num_instances: null },
    workload: { ...workload, requests },
  };
  // A seed of a specification may be beyond what a number can hold.
  const asText = (/** @type {string} */ _key, /** @type {unknown} */ part) =>
    typeof part === 'bigint' ? String(part) : part;
  const key = JSON.stringify(scene, asText);
  keys.set(config, key);
  return key;
}

/** What is remembered of the scene that is shown. */
export class Scene {
  #key = '';

  /** The number of servers with which it was first shown. */
  start = 0;

  /** The numbers of servers that slider and curve reach; they grow where a setting is beyond. @type {[number, number]} */
  range = [1, 1];

  /** What a server can do, once theory has said it, and of which run. @type {{load: Load, servers: number, seed: string}|null} */
  #known = null;

  /**
   * To be called with every new configuration.
   * @param {Config} config
   */
  follow(config) {
    const key = sceneKey(config);
    const servers = config.cluster.num_instances;
    if (key !== this.#key) {
      const counts = instanceCounts(servers);
      this.#key = key;
      this.start = servers;
      this.range = [counts[0], counts[counts.length - 1]];
      this.#known = null;
    }
    const [first, last] = this.range;
    this.range = [Math.min(first, servers), Math.max(last, servers)];
  }

  /**
   * The load of a server in a run: as theory has it, or until then from what a server can do in another run of the scene.
   * @param {ShownRun} run
   * @param {State['theory']} theory
   * @returns {Load|null}
   */
  load(run, theory) {
    const servers = run.config.cluster.num_instances;
    const seed = String(run.config.seed);
    const load = loadOf(run, theory);
    if (load !== null) this.#known = { load, servers, seed };
    if (load !== null || this.#known?.seed !== seed || isAbout(run, theory)) return load;
    return loadAt(this.#known.load, this.#known.servers, run);
  }

  /**
   * Whether a sweep is of this scene, and of the same seed.
   * @param {State['sweep']} sweep
   * @param {Config} config
   */
  isSweptBy(sweep, config) {
    return sweep !== null && sceneKey(sweep.config) === this.#key && sweep.seed === String(config.seed);
  }
}

/**
 * Whether theory has spoken about a run, be it only that it has nothing to say.
 * @param {Pick<ShownRun, 'digest'>} run
 * @param {State['theory']} theory
 */
export function isAbout({ digest }, theory) {
  return typeof theory === 'string' || (theory !== null && theory.digest === digest);
}

/**
 * Whether the settings are those of the opening but for what differs within a scene.
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 */
export function isOpening(pairs, schema) {
  const [texts, opening] = [new Map(pairs), new Map(openingPairs())];
  return schema.every((setting) => FREE.includes(setting.path) || textOf(setting, texts) === textOf(setting, opening));
}

/**
 * What is simulated, without the number of servers, which stands everywhere else, and with the seed.
 * @param {ShownRun} run
 * @param {Description} description
 * @param {string} key of the number of servers
 */
export function simulatedLine(run, description, key) {
  const { parts, changes } = simulatedBy(run, description, [key]);
  const simulated = {
    // The last part says what is varied.
    parts: [...parts.slice(0, -1), { text: seedWords(String(run.config.seed)) }],
    changes: changes.filter(({ setting }) => !FREE.includes(setting.path)),
  };
  const stated = simulated.parts.map(({ text }) => text).join(' · ');
  return `${EXPERTS_SAY} ${counted(simulated).length === 0 ? stated : simulatedWords(simulated)}`;
}
