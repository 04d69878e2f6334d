// What happens when something is asked for: the engine checks it, and what it accepts is simulated.

import { axisOf } from './engine/axes.js';
import { EngineClient, EngineFailure, RefusedSettings, Superseded } from './engine/client.js';
import { workerCount } from './engine/pool.js';
import { Sweeper } from './engine/sweep.js';
import { covers, withDrafts } from './settings.js';
import { openingStory } from './story.js';

/** @import {Store} from './state.js' */
/** @import {Config, Pair, Problem, Proposal} from './types.d.ts' */

/** A run that takes longer than this shows its progress, ms. */
const SHOW_PROGRESS_AFTER_MS = 150;

export class Session {
  #store;

  #engine;

  #sweeper;

  /** Number of the newest proposal: answers to older ones come too late. */
  #proposal = 0;

  /** Number of the newest simulation. */
  #simulation = 0;

  /**
   * @param {Store} store
   * @param {() => EngineClient} makeClient
   */
  constructor(store, makeClient = () => new EngineClient()) {
    this.#store = store;
    this.#engine = makeClient();
    this.#sweeper = new Sweeper(Array.from({ length: workerCount() }, makeClient));
  }

  /** Asks the engine about itself; nothing else works before. */
  async start() {
    this.#store.change({ description: await this.#engine.describe() });
  }

  /**
   * A value that a person has put into a control.
   * @param {string} key
   * @param {string} text
   */
  async edit(key, text) {
    const { drafts, pairs, description } = this.#store.state;
    const edited = new Map(drafts).set(key, text);
    this.#store.change({ drafts: edited });
    await this.#consider(() => this.#engine.propose(withDrafts(pairs, edited, description?.schema ?? [])));
  }

  /**
   * Settings from a link. What it gets wrong is named; the rest of it holds.
   * @param {{pairs: Pair[], rejected: string[]}} link
   */
  async open({ pairs, rejected }) {
    this.#store.change({ drafts: new Map(), rejectedLink: rejected });
    const proposal = await this.#take(() => this.#engine.propose(pairs));
    if (proposal === null) return;
    if (proposal.problems.length === 0) {
      this.#accept(proposal);
      return;
    }
    await this.#acceptWhatIsValid(proposal, new Map(pairs));
  }

  /** The opening story. */
  async openStory() {
    const { description } = this.#store.state;
    if (!description) return;
    this.#store.change({ drafts: new Map(), rejectedLink: [] });
    await this.#consider(() => this.#engine.proposeConfig(openingStory(description.defaultConfig)));
  }

  /** Another seed, everything else as it is. */
  async drawSeed() {
    const seed = await this.#engine.newSeed();
    const key = this.#store.state.description?.schema.find(({ path }) => path === 'seed')?.key;
    if (key) await this.edit(key, String(seed));
  }

  /** Gives up the run under way; the charts stay as they are. */
  cancelRun() {
    this.#engine.cancel();
    this.#sweeper.cancel();
  }

  /**
   * The answer of the engine, or null if it came too late or the engine broke down.
   * @param {() => Promise<Proposal>} ask
   */
  async #take(ask) {
    this.#proposal += 1;
    const number = this.#proposal;
    try {
      const proposal = await ask();
      return number === this.#proposal ? proposal : null;
    } catch (error) {
      this.report(error);
      return null;
    }
  }

  /** @param {() => Promise<Proposal>} ask */
  async #consider(ask) {
    const proposal = await this.#take(ask);
    if (proposal === null) return;
    if (proposal.problems.length > 0) this.#store.change({ problems: proposal.problems });
    else this.#accept(proposal);
  }

  /**
   * Settings that are valid together stand; the values that are not are shown at their controls.
   * @param {Proposal} proposal
   * @param {Map<string, string>} asked
   */
  async #acceptWhatIsValid({ problems }, asked) {
    const { description } = this.#store.state;
    if (!description) return;
    const bad = new Map();
    for (const { path, value } of problems) {
      const key = description.schema.find((setting) => covers(setting, path))?.key ?? path;
      if (asked.has(key)) bad.set(key, asked.get(key) ?? value);
    }
    const good = [...asked].filter(([key]) => !bad.has(key));
    const proposal = await this.#take(() => this.#engine.propose(good));
    if (proposal === null) return;
    if (proposal.problems.length === 0) this.#accept(proposal);
    else await this.openStory();
    this.#store.change({ drafts: bad, problems });
  }

  /** @param {Proposal} proposal */
  #accept({ config, pairs }) {
    this.#store.change({ config, pairs, drafts: new Map(), problems: [], failure: null });
    this.#simulate(config);
  }

  /** @param {Config} config */
  async #simulate(config) {
    this.#simulation += 1;
    const number = this.#simulation;
    const start = performance.now();
    this.#store.change({ busy: true });
    try {
      const run = await this.#engine.run(config, (progress) => {
        if (performance.now() - start > SHOW_PROGRESS_AFTER_MS) this.#store.change({ progress });
      });
      this.#store.change({ run: { ...run, config }, progress: null });
      await this.#sweep(config);
    } catch (error) {
      this.report(error);
    } finally {
      if (number === this.#simulation) this.#store.change({ busy: false });
    }
  }

  /** @param {Config} config */
  #sweep(config) {
    const { sweepAxis, description } = this.#store.state;
    const axis = axisOf(sweepAxis);
    return this.#sweeper.sweep(config, (sweep) => this.#store.change({ sweep }), axis, description?.catalog ?? null);
  }

  /**
   * Varies another setting in the sweep.
   * @param {string} sweepAxis
   */
  async sweepOver(sweepAxis) {
    this.#store.change({ sweepAxis });
    const { config } = this.#store.state;
    if (config === null) return;
    try {
      await this.#sweep(config);
    } catch (error) {
      this.report(error);
    }
  }

  /**
   * Settings from a file; they are taken whole or not at all.
   * @param {Pair[]|object} settings pairs, or a configuration that may leave things out
   * @returns {Promise<Problem[]>} why they were not taken; empty if they were
   */
  importSettings(settings) {
    return this.#import(() =>
      Array.isArray(settings) ? this.#engine.propose(settings) : this.#engine.importConfig(settings),
    );
  }

  /**
   * The requests of a trace in place of the workload.
   * @param {string} header YAML, may be empty
   * @param {string} data CSV
   */
  importTrace(header, data) {
    return this.#import((config) => this.#engine.convert('importTrace', { header, data, config }));
  }

  /**
   * A workload specification in place of the workload.
   * @param {string} text YAML or JSON
   */
  importSpecification(text) {
    return this.#import((config) => this.#engine.convert('importSpecification', { text, config }));
  }

  /**
   * What a file says is taken whole or not at all.
   * @param {(config: Config) => Promise<Proposal>} ask
   * @returns {Promise<Problem[]>} why it was not taken; empty if it was
   */
  async #import(ask) {
    try {
      const proposal = await ask(this.#withoutTrace());
      if (proposal.problems.length > 0) return proposal.problems;
      this.#proposal += 1;
      this.#store.change({ rejectedLink: [] });
      this.#accept(proposal);
      return [];
    } catch (error) {
      if (error instanceof RefusedSettings) return [error.problem];
      throw error;
    }
  }

  /**
   * The settings without a list of requests and the end of the run that came with it.
   * @returns {any} a configuration in which these two are null, which its type does not say
   */
  #withoutTrace() {
    const { config, description } = this.#store.state;
    const settings = config ?? description?.defaultConfig;
    if (!settings) throw new EngineFailure('it has not started yet');
    if (settings.workload.requests === null) return settings;
    const { cluster, workload } = settings;
    return { ...settings, cluster: { ...cluster, horizon: null }, workload: { ...workload, requests: null } };
  }

  /**
   * Shows what went wrong; what is none of the engine's doing is thrown on.
   * @param {unknown} error
   */
  report(error) {
    if (error instanceof Superseded) {
      this.#store.change({ progress: null });
    } else if (error instanceof RefusedSettings) {
      this.#store.change({ problems: [error.problem], progress: null });
    } else if (error instanceof EngineFailure) {
      this.#store.change({
        failure: `The engine broke down (${error.message}); the next change starts it anew.`,
        progress: null,
      });
    } else {
      throw error;
    }
  }
}
