// Changes of the settings: the engine checks them, and what it accepts is simulated.

import { openingPairs } from '../address/opening.js';
import { axisOf } from '../engine/axes.js';
import { EngineFailure, RefusedSettings, Superseded } from '../engine/client.js';
import { Sweeper } from '../engine/sweep.js';
import { withDrafts } from '../settings/settings.js';
import { LINK_REQUESTS, SMALLER_REQUESTS } from '../shared/budgets.js';
import { missingList, namedList } from '../shared/named_list.js';
import { afterFrames, oncePerFrame } from '../ui/frames.js';
import * as words from '../words/page.js';
import { FittingKills } from './fitting_kills.js';
import { Imports } from './imports.js';
import { validPart } from './valid_part.js';

/** @import {Attempt, EngineClient} from '../engine/client.js' */
/** @import {Pool} from '../engine/pool.js' */
/** @import {Config, Description, Kept, Pair, Problem, Proposal, ShownRun, Sweep} from '../shared/types.d.ts' */
/** @import {Fitted} from './fitting_kills.js' */
/** @import {Store} from './state.js' */

/** Settings that hold a whole workload. */
const WORKLOADS = ['workload.requests', 'workload.spec'];

/** How many requests a run has. */
const REQUESTS = 'workload.num_requests';

/** Drawings of the sweep come this many frames apart: it is seen growing, and leaves the time to the workers. */
const SWEEP_FRAMES = 3;

/** The view that has an axis of its own. */
const STORY = 'story';

/** A run that takes longer than this shows its progress, ms. */
const SHOW_PROGRESS_AFTER_MS = 150;

export class Session {
  #store;

  #engine;

  #sweeper;

  /** What is brought in from files. */
  imports;

  /** The sweep on its way to the screen. */
  #sweeps = oncePerFrame((/** @type {Sweep} */ sweep) => this.#store.change({ sweep }), afterFrames(SWEEP_FRAMES));

  /** The engine's description of itself. @type {Promise<Description>} */
  #described = Promise.reject(new Error('the session has not been started'));

  #kills = new FittingKills();

  /** Number of the newest attempt. */
  #attempt = 0;

  /** Number of the newest attempt whose settings were accepted or refused. */
  #told = 0;

  /** Number of the newest attempt whose settings were accepted: it is the one to be simulated. */
  #accepted = 0;

  /**
   * @param {Store} store
   * @param {EngineClient} engine for single runs
   * @param {Pool} pool for the sweep
   */
  constructor(store, engine, pool) {
    this.#store = store;
    this.#engine = engine;
    this.#described.catch(() => {});
    this.imports = new Imports(store, engine, (attempt, importedName) => {
      this.#store.change({ rejectedLink: [] });
      this.#follow(attempt, { importedName });
    });
    this.#sweeper = new Sweeper(pool);
    store.watch(['tab'], (state, before) => {
      if (state.sweepAxis !== '' && (state.tab === STORY) !== (before.tab === STORY)) this.#sweepAgain();
    });
  }

  /** Whether the settings of the state are, or were refused as, those that were wanted last. */
  get isSettled() {
    return this.#told === this.#attempt;
  }

  /** Whether the link asks to leave its settings as they are. What leads to them, as a link does, is no change. */
  get #locked() {
    return this.#store.state.lock === '1';
  }

  /** Fetches the engine's description, which the form needs. */
  start() {
    this.#described = this.#engine.describe().then((description) => {
      this.#store.change({ description });
      return description;
    });
    return this.#described;
  }

  /**
   * A value that a person has put into a control.
   * @param {string} key
   * @param {string} text
   */
  edit(key, text) {
    return this.editAll([[key, text]]);
  }

  /**
   * Several values at once.
   * @param {Pair[]} values
   */
  async editAll(values) {
    if (this.#locked) return;
    const { drafts, pairs, description, held } = this.#store.state;
    const fitted = this.#kills.fit(this.#store.state, values);
    const edited = new Map([...drafts, ...values, ...(fitted?.pairs ?? [])]);
    // A size that came with a link has not been asked for by changing something else.
    const limit = held && !values.some(([key]) => key === this.#keyOf(REQUESTS)) ? LINK_REQUESTS : undefined;
    // The engine comes first: it works while the draft is drawn.
    const attempt = this.#engine.attempt({ pairs: withDrafts(pairs, edited, description?.schema ?? []), limit });
    this.#store.change({ drafts: edited });
    await this.#follow(attempt, { edited, fitted });
  }

  /**
   * Several values that a press has made, on top of the last valid settings: drafts of controls stay what they are, and values
   * that are refused leave none.
   * @param {Pair[]} values
   * @returns {Promise<boolean>} whether they can be used
   */
  async press(values) {
    if (this.#locked) return false;
    const { drafts, problems, pairs, description, held } = this.#store.state;
    const limit = held ? LINK_REQUESTS : undefined;
    const pressed = new Map(values);
    const attempt = this.#engine.attempt({ pairs: withDrafts(pairs, pressed, description?.schema ?? []), limit });
    let usable = true;
    const refuse = async () => {
      usable = false;
    };
    const leftOut = { drafts: new Map([...drafts].filter(([key]) => !pressed.has(key))), problems };
    await this.#follow(attempt, { leftOut: drafts.size > 0 ? leftOut : undefined, onRefused: refuse });
    return usable;
  }

  /**
   * Settings from a link. Values that are wrong are named; the rest holds. A large run is not begun by itself.
   * @param {{pairs: Pair[], rejected: string[]}} link
   * @param {string} [importedName] of the workload that the settings hold
   * @param {Attempt} attempt
   */
  async open({ pairs, rejected }, importedName = '', attempt = this.#attemptLink(pairs)) {
    this.#store.change({ drafts: new Map(), rejectedLink: rejected });
    const onRefused = async (/** @type {Proposal} */ { problems }) => {
      // Without its requests a run would be another one: what is shown stays, if anything is.
      if (this.#store.state.run !== null && problems.some(missingList)) this.#store.change({ problems });
      else await this.#acceptWhatIsValid(problems, new Map(pairs));
    };
    await this.#follow(attempt, { onRefused, importedName });
  }

  /**
   * @param {Pair[]} pairs
   * @returns {Attempt}
   */
  #attemptLink(pairs) {
    return this.#engine.attempt({ pairs, limit: LINK_REQUESTS });
  }

  /** Runs what a link has asked for although it is large. */
  async runHeld() {
    const { held, pairs, drafts, problems, importedName } = this.#store.state;
    if (held) await this.#follow(this.#engine.attempt({ pairs }), { leftOut: { drafts, problems }, importedName });
  }

  /** Runs it with fewer requests. */
  async runSmaller() {
    const key = this.#keyOf(REQUESTS);
    if (key !== undefined) await this.edit(key, String(SMALLER_REQUESTS));
  }

  /**
   * The short key of a setting.
   * @param {string} path
   */
  #keyOf(path) {
    return this.#store.state.description?.schema.find((setting) => setting.path === path)?.key;
  }

  /**
   * Opens the settings with which the page begins.
   * @param {Attempt} attempt
   */
  async startOver(attempt = this.#engine.attempt({ pairs: openingPairs() })) {
    this.#store.change({ drafts: new Map(), rejectedLink: [] });
    await this.#follow(attempt);
  }

  /**
   * The settings as they are, to be restored.
   * @returns {Kept}
   */
  keep() {
    const { pairs, drafts, problems, importedName, held } = this.#store.state;
    return { pairs, drafts, problems, importedName, held };
  }

  /**
   * Settings as they were, what was not accepted of them included.
   * @param {Kept} kept
   */
  async restore({ pairs, drafts, problems, importedName, held }) {
    this.#store.change({ rejectedLink: [] });
    const attempt = held ? this.#attemptLink(pairs) : this.#engine.attempt({ pairs });
    await this.#follow(attempt, { leftOut: { drafts, problems }, importedName });
  }

  /** Removes an imported workload; the settings of the form's own requests hold again. */
  async removeImported() {
    if (this.#locked) return;
    const { pairs: all, held } = this.#store.state;
    const pairs = all.filter(([key]) => !this.#documents().includes(key));
    await this.#follow(held ? this.#attemptLink(pairs) : this.#engine.attempt({ pairs }));
  }

  /** Keys of the settings that hold a whole workload. */
  #documents() {
    const schema = this.#store.state.description?.schema ?? [];
    return schema.filter(({ path }) => WORKLOADS.includes(path)).map(({ key }) => key);
  }

  /** Another seed, everything else as it is. */
  async drawSeed() {
    const [{ seedPairs }, seed] = await Promise.all([import('../settings/seed.js'), this.#engine.newSeed()]);
    const { pairs, description } = this.#store.state;
    await this.editAll(seedPairs(pairs, description?.schema ?? [], seed));
  }

  /**
   * Gives up the run under way. The settings are then again those that the figures belong to, so that neither address nor
   * command line promise others.
   */
  cancelRun() {
    this.#engine.cancelAll();
    this.#sweeper.cancel();
    this.#showCancelled();
  }

  /** The figures' settings are the page's again, and those without a run can be run after all. */
  #showCancelled() {
    const { run, config, pairs: cancelled, importedName } = this.#store.state;
    if (config === null || run?.config === config) return;
    if (run === null) {
      this.#store.change({ cancelled: { pairs: cancelled, importedName }, progress: null, busy: false });
      return;
    }
    this.#store.change({
      config: run.config,
      pairs: run.pairs,
      estimate: run.estimate,
      imported: run.imported,
      importedName: run.importedName,
      held: false,
      drafts: new Map(),
      problems: [],
      failure: null,
      progress: null,
      busy: false,
      cancelled: { pairs: cancelled, importedName },
    });
    this.#sweepAgain();
  }

  /** Runs what was cancelled after all. */
  async runCancelled() {
    const { cancelled } = this.#store.state;
    if (cancelled === null) return;
    await this.#follow(this.#engine.attempt({ pairs: cancelled.pairs }), { importedName: cancelled.importedName });
  }

  /**
   * Takes what is valid over and shows its run.
   * @param {Attempt} attempt
   * @param {object} [options]
   * @param {Map<string, string>} [options.edited] the drafts that it holds
   * @param {{drafts: Map<string, string>, problems: Problem[]}} [options.leftOut] what is to be shown as not accepted
   * @param {(proposal: Proposal) => unknown} [options.onRefused]
   * @param {string} [options.importedName] where a workload that the settings hold comes from, if it is another one
   * @param {Fitted|null} [options.fitted] kills that fit the instances, where these change
   */
  async #follow(attempt, { edited = new Map(), leftOut, onRefused, importedName, fitted = null } = {}) {
    if (fitted === null) this.#kills.forget();
    this.#attempt += 1;
    const number = this.#attempt;
    const start = performance.now();
    attempt.onProgress = (progress) => {
      if (performance.now() - start > SHOW_PROGRESS_AFTER_MS) this.#store.change({ progress });
    };
    try {
      const proposal = await attempt.proposal;
      this.#told = Math.max(this.#told, number);
      if (proposal.problems.length === 0) {
        this.#accept(proposal, edited, { importedName, droppedKills: fitted?.dropped ?? [], ...leftOut });
        this.#accepted = number;
        const { config, pairs, imported, withoutEffect, estimate } = proposal;
        const name = this.#store.state.importedName;
        const run = await attempt.run;
        // One object for the settings and for those of their run: the worker sends a copy each time, and whether the
        // run belongs to the present settings is decided by comparing objects.
        if (run !== null && estimate !== null)
          await this.#show({ ...run, config, pairs, imported, withoutEffect, estimate, importedName: name });
        // Settings are not to stand without their run and without a word.
        else if (!proposal.held && number === this.#attempt) this.#showCancelled();
      } else if (number === this.#attempt) {
        if (onRefused) await onRefused(proposal);
        else this.#store.change({ problems: proposal.problems });
      }
    } catch (error) {
      this.#told = Math.max(this.#told, number);
      // The progress shown is that of the one that has taken its place.
      if (!(error instanceof Superseded) || number === this.#attempt) this.report(error);
    } finally {
      if (number === this.#accepted || this.#accepted === 0) this.#store.change({ busy: false });
    }
  }

  /**
   * Settings that are valid together stand; the values that are not are shown at their controls.
   * @param {Problem[]} problems
   * @param {Map<string, string>} asked
   */
  async #acceptWhatIsValid(problems, asked) {
    const { schema } = await this.#described;
    const { good, drafts, shown } = validPart(problems, asked, schema);
    await this.#follow(this.#attemptLink(good), {
      leftOut: { drafts, problems },
      onRefused: async () => {
        await this.startOver();
        this.#store.change({ drafts: shown, problems });
      },
    });
  }

  /**
   * @param {Proposal} proposal
   * @param {Map<string, string>} edited drafts that are accepted with it; later ones stay
   * @param {{drafts?: Map<string, string>, problems?: Problem[], importedName?: string, droppedKills: number[]}} also
   */
  #accept(
    { config, pairs, withoutEffect, imported, estimate, held },
    edited,
    { importedName = this.#store.state.importedName, ...leftOut },
  ) {
    const { description } = this.#store.state;
    this.#sweeper.keepOnly(config, this.#sweptAxis, description?.catalog ?? null);
    // The run under way is no longer wanted, and this one does not take its place.
    if (held) this.#engine.cancel();
    const drafts = new Map([...this.#store.state.drafts].filter(([key, text]) => edited.get(key) !== text));
    this.#store.change({
      config,
      pairs,
      withoutEffect,
      imported,
      // A list that is kept has its name with it.
      importedName: imported === null ? '' : namedList(pairs)?.name || importedName,
      drafts,
      problems: [],
      ...leftOut,
      cancelled: null,
      failure: null,
      estimate,
      held,
      progress: held ? null : this.#store.state.progress,
      busy: !held,
    });
  }

  /**
   * The run, and the sweep around it, which the workers begin before the run is drawn. The first one is drawn before.
   * @param {ShownRun} run
   */
  async #show(run) {
    if (!this.#store.state.description) {
      this.#store.change({ run });
      await this.#described;
    }
    const swept = this.#sweep(run.config);
    this.#store.change({ run, progress: null });
    await swept;
    this.#sweeps.flush();
  }

  /** What is varied: the Story is about the number of instances, whatever the sweep of Explore is set to. */
  get #sweptAxis() {
    const { tab, sweepAxis } = this.#store.state;
    return axisOf(tab === STORY ? '' : sweepAxis);
  }

  /** @param {Config} config */
  #sweep(config) {
    const { description, estimate } = this.#store.state;
    const axis = this.#sweptAxis;
    const show = (/** @type {Sweep} */ sweep) => this.#sweeps.show(sweep);
    return this.#sweeper.sweep(config, show, axis, description?.catalog ?? null, estimate);
  }

  /** Leaves the rest of the sweep undone. */
  stopSweep() {
    this.#sweeper.stop();
    this.#sweeps.flush();
  }

  /** Computes a sweep that was offered, or the rest of one that was stopped. */
  async resumeSweep() {
    try {
      await this.#sweeper.resume();
      this.#sweeps.flush();
    } catch (error) {
      this.report(error);
    }
  }

  /**
   * Varies another setting in the sweep.
   * @param {string} sweepAxis
   */
  async sweepOver(sweepAxis) {
    this.#store.change({ sweepAxis });
    await this.#sweepAgain();
  }

  async #sweepAgain() {
    const { config, held, run, cancelled } = this.#store.state;
    // Settings whose first run was cancelled stand without one until a person asks for it.
    const left = run === null && cancelled !== null;
    if (config === null || held || left) return;
    try {
      await this.#sweep(config);
      this.#sweeps.flush();
    } catch (error) {
      this.report(error);
    }
  }

  /**
   * Shows an error of the engine; any other is thrown again.
   * @param {unknown} error
   */
  report(error) {
    if (error instanceof Superseded) {
      this.#store.change({ progress: null });
    } else if (error instanceof RefusedSettings) {
      this.#store.change({ problems: [error.problem], progress: null });
    } else if (error instanceof EngineFailure) {
      const failure =
        this.#store.state.description === null
          ? words.notStarted(error.message)
          : error.outOfMemory
            ? words.OUT_OF_MEMORY
            : words.stopped(error.message);
      this.#store.change({ failure, progress: null });
    } else {
      throw error;
    }
  }
}
