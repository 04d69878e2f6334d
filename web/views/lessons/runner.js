// Runs the scenes of a lesson, spread over workers.

import { RefusedSettings, Superseded } from '../../engine/client.js';
import { PRIORITY } from '../../engine/pool.js';
import { scenePairs, withSeed } from './scenes.js';

/** @import {EngineClient} from '../../engine/client.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Lesson, Scene, SceneFigures} from './types.d.ts' */

export class LessonRunner {
  #pool;

  /** Of the scenes under way. */
  #controller = new AbortController();

  /** @param {Pool} pool */
  constructor(pool) {
    this.#pool = pool;
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
    const { signal } = this.#controller;
    /** @type {SceneFigures} */
    const figures = {};
    const work = async (/** @type {Scene} */ scene) => {
      const task = (/** @type {EngineClient} */ client) => runScene(client, lesson, scene, seed, signal);
      figures[scene.name] = await this.#pool.run(task, { priority: PRIORITY.view, signal });
      onProgress(Object.keys(figures).length);
    };
    try {
      await Promise.all(lesson.scenes.map(work));
      return figures;
    } catch (error) {
      if (signal.aborted) return null;
      this.cancel();
      throw error;
    }
  }

  /** Gives up the scenes under way. */
  cancel() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }
}

/**
 * @param {EngineClient} client
 * @param {Lesson} lesson
 * @param {Scene} scene
 * @param {number} seed
 * @param {AbortSignal} signal
 */
async function runScene(client, lesson, scene, seed, signal) {
  const { figures } = await client.study(await sceneConfig(client, lesson, scene, seed, signal));
  return figures;
}

/**
 * The settings of a scene as the engine runs them.
 * @param {EngineClient} client
 * @param {Lesson} lesson
 * @param {Scene} scene
 * @param {number} seed
 * @param {AbortSignal} signal
 */
export async function sceneConfig(client, lesson, scene, seed, signal) {
  const { config, problems } = await client.propose(scenePairs(lesson, scene));
  if (problems.length > 0) throw new RefusedSettings(problems[0]);
  if (signal.aborted) throw new Superseded();
  return withSeed(config, seed);
}
