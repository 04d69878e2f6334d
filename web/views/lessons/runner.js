// Runs the scenes of a lesson, spread over workers.

import { RefusedSettings, Superseded } from '../../engine/client.js';
import { scenePairs, withSeed } from './scenes.js';

/** @import {EngineClient} from '../../engine/client.js' */
/** @import {Lesson, Scene, SceneFigures} from './types.d.ts' */

export class LessonRunner {
  #clients;

  #generation = 0;

  /** @param {EngineClient[]} clients */
  constructor(clients) {
    this.#clients = clients;
  }

  /**
   * The figures of all scenes; null if they were cancelled or another lesson was run instead.
   * @param {Lesson} lesson
   * @param {number} seed
   * @param {(finished: number) => void} onProgress gets the number of scenes that are done
   * @returns {Promise<SceneFigures|null>} fails with the first scene that does
   */
  async run(lesson, seed, onProgress) {
    this.cancel();
    const generation = this.#generation;
    const left = [...lesson.scenes];
    /** @type {SceneFigures} */
    const figures = {};
    const work = async (/** @type {EngineClient} */ client) => {
      for (let scene = left.shift(); scene && generation === this.#generation; scene = left.shift()) {
        const found = await runScene(client, lesson, scene, seed);
        if (generation !== this.#generation) return;
        figures[scene.name] = found;
        onProgress(Object.keys(figures).length);
      }
    };
    try {
      await Promise.all(this.#clients.map(work));
    } catch (error) {
      if (error instanceof Superseded || generation !== this.#generation) return null;
      this.cancel();
      throw error;
    }
    return generation === this.#generation ? figures : null;
  }

  /** Gives up the scenes under way. */
  cancel() {
    this.#generation += 1;
    for (const client of this.#clients) client.cancel();
  }
}

/**
 * @param {EngineClient} client
 * @param {Lesson} lesson
 * @param {Scene} scene
 * @param {number} seed
 */
async function runScene(client, lesson, scene, seed) {
  const { config, problems } = await client.propose(scenePairs(lesson, scene));
  if (problems.length > 0) throw new RefusedSettings(problems[0]);
  const { figures } = await client.study(withSeed(config, seed));
  return figures;
}
