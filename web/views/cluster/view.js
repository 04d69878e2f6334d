// The cluster, alive: the picture of a run at any moment. One picture with one clock: it stands, small, on the overview,
// and whole on its own tab, there with the inspector below it.

import { Superseded } from '../../engine/client.js';
import { BESIDE_REQUESTS, VIEW_REQUESTS } from '../../shared/budgets.js';
import { costWords } from '../../shared/costs.js';
import { ActionButton } from '../../ui/action.js';
import { element, setWords } from '../../ui/dom.js';
import { isOverview } from '../../ui/tabs.js';
import { Inspector } from './inspector/inspector.js';
import { Legend } from './legend.js';
import { momentInWords } from './moment.js';
import { Picture } from './picture.js';
import { Player } from './player.js';
import { Pulses } from './pulses.js';
import { MomentTable } from './table.js';
import { Transport } from './transport.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Estimate, Lives, MomentView, PlaybackInfo, ShownRun} from '../../shared/types.d.ts' */

/** The name of the tab. */
export const TAB = 'cluster';

/** On the overview, runs that take longer than this are followed only when everything else is done, ms. */
const QUICK_MS = 300;

export class ClusterView {
  #store;

  /** A worker alone for the picture, so that a fork does not hold it up. */
  #playback;

  #player = new Player((timeUs) => this.#momentAt(timeUs));

  /** The worker that has the playback open: a released one has taken it with it. */
  #openedIn = 0;

  #pulses = new Pulses();

  #legend = new Legend();

  #table = new MomentTable();

  /** @type {ShownRun|null} */
  #run = null;

  #opening = false;

  /** Of the run that is being opened. */
  #controller = new AbortController();

  /** The last run that was opened, or whose opening was given up, because a person had asked for it. @type {ShownRun|null} */
  #asked = null;

  /** Whether its opening was given up. */
  #stopped = false;

  /** What stands where the picture is not: why, and what to do about it. */
  #words = element('p', { class: 'cluster-words', role: 'status' });

  #action = new ActionButton('cluster-action', () => this.#act());

  /** The run that the inspector has. It costs a simulation, so it is fetched when needed. @type {ShownRun|null} */
  #inspected = null;

  /** The request that was last selected. @type {number|null} */
  #chosen = null;

  /** The moment that another view has requested last. @type {number|null} */
  #at = null;

  /** @type {{panel: HTMLElement, overview: HTMLElement}} */
  #places;

  #lastFrame = 0;

  #lastMomentUs = 0;

  /** Whether a frame has been requested. */
  #waitingForFrame = false;

  /**
   * @param {{panel: HTMLElement, overview: HTMLElement}} places where it stands: on its tab, and on the overview
   * @param {Store} store
   * @param {Pool} pool
   */
  constructor(places, store, pool) {
    this.#places = places;
    this.#store = store;
    this.#playback = pool.picture;
    this.picture = new Picture(this.#pulses, (request) => store.change({ request }));
    this.transport = new Transport(this.#player, matchMedia('(prefers-reduced-motion: reduce)'));
    this.inspector = new Inspector(pool, (request) => store.change({ request }));
    this.live = element('p', { class: 'visually-hidden', 'aria-live': 'polite', id: 'cluster-live' });
    this.root = element(
      'div',
      { class: 'cluster' },
      element('div', { class: 'cluster-offer' }, this.#words, this.#action.root),
      this.transport.root,
      this.picture.root,
      this.picture.readout,
      this.#legend.root,
      this.#legend.bars,
      this.#table.root,
      this.live,
    );
    places.panel.replaceChildren(this.inspector.root);
    this.#listen();
    this.#follow();
  }

  #listen() {
    const player = this.#player;
    player.onMoment = (moment) => this.#show(moment);
    player.onPlaying = () => this.#playingChanged();
    player.onError = (error) => this.#fail(error);
    this.root.addEventListener('keydown', (event) => this.transport.onKey(event));
    this.#table.root.addEventListener('toggle', () => this.#showTable());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) player.pause();
    });
    this.#store.watch(['run', 'request', 'tab', 'at', 'busy', 'held', 'cancelled'], () => this.#follow());
  }

  /** Follows the state: another run, another request, another tab. */
  #follow() {
    const { run, request, tab, at } = this.#store.state;
    const whole = tab === TAB;
    if (!whole && !isOverview(tab)) {
      this.#player.pause();
      return;
    }
    this.#place(whole, request !== null);
    this.#showWork();
    this.picture.mark(request);
    if (whole) this.#inspect();
    this.inspector.choose(request);
    if (run !== null && run !== this.#run && !this.#opening && this.#due(run)) this.#openNewest(run);
    else if (at !== this.#at) this.#goTo(at);
    else if (request !== this.#chosen) this.#goToLife(request);
    this.#chosen = request;
  }

  /**
   * A request that does not exist at the moment shown would not be seen: the picture goes to where it joins a queue.
   * @param {number|null} request
   */
  async #goToLife(request) {
    const run = this.#run;
    if (request === null || run === null || this.#opening) return;
    this.#inspect();
    const lives = (await this.inspector.ready?.catch(() => null)) ?? null;
    const { state } = this.#store;
    if (lives === null || run !== this.#run || request !== state.request) return;
    const at = momentOfLife(lives, request, this.#player.timeUs);
    if (at !== null) this.#store.change({ at });
  }

  /**
   * Whether a run is large, and its picture has not been asked for.
   * @param {ShownRun} run
   */
  #isOffered(run) {
    if (run === this.#asked) return this.#stopped;
    const budget = this.#store.state.tab === TAB ? VIEW_REQUESTS : BESIDE_REQUESTS;
    return run.estimate.requests > budget;
  }

  /** Opens what was offered, or gives up what is being opened. */
  #act() {
    const { run } = this.#store.state;
    if (this.#opening) {
      this.#stopped = true;
      this.#asked = this.#run;
      this.#controller.abort();
      this.inspector.close();
      this.#inspected = null;
    } else if (run !== null) {
      this.#stopped = false;
      this.#asked = run;
    }
    this.#follow();
  }

  /** Says what is in the way of the picture. */
  #showWork() {
    const { run, held, cancelled } = this.#store.state;
    const none = run === null && (held || cancelled !== null);
    const offered = run !== null && run !== this.#run && this.#isOffered(run);
    this.root.classList.toggle('without-picture', none || offered);
    this.#places.panel.classList.toggle('without-picture', none || offered);
    this.root.classList.toggle('opening', this.#opening);
    setWords(this.#words, this.#wordsFor(none, offered));
    this.#action.show(offered ? 'Show the cluster' : this.#opening ? 'Stop' : '', { soon: !offered });
  }

  /**
   * @param {boolean} none whether there is no run
   * @param {boolean} offered
   */
  #wordsFor(none, offered) {
    const { run } = this.#store.state;
    if (none) return 'There is no run yet.';
    if (!offered || run === null) return this.#opening ? 'Replaying the run for its picture …' : '';
    if (run === this.#asked) return 'Stopped.';
    return `This run is large: its picture takes ${costWords(playbackCost(run.estimate))}.`;
  }

  /**
   * Whether to open a run now: on the overview the figures come first.
   * @param {ShownRun} run
   */
  #due(run) {
    const { tab, busy } = this.#store.state;
    if (this.#isOffered(run)) return false;
    return tab === TAB || !busy || (this.#run !== null && run.elapsedMs < QUICK_MS);
  }

  /**
   * Puts the picture where it is to be seen: small on the overview, and above a request that is inspected.
   * @param {boolean} whole
   * @param {boolean} inspecting
   */
  #place(whole, inspecting) {
    const { panel, overview } = this.#places;
    const place = whole ? panel : overview;
    if (this.root.parentElement !== place) {
      this.#player.pause();
      if (whole) place.prepend(this.root);
      else place.replaceChildren(this.root);
    }
    this.root.classList.toggle('compact', !whole || inspecting);
    panel.classList.toggle('inspecting', inspecting);
  }

  /** @param {number|null} at µs */
  #goTo(at) {
    this.#at = at;
    if (at === null) return;
    this.#player.pause();
    this.#player.seek(at);
  }

  /** What happened to every request: for the inspector, and for the dots on the rails. */
  async #inspect() {
    const run = this.#run;
    if (run === null || this.#inspected === run || run !== this.#store.state.run) return;
    this.#inspected = run;
    this.inspector.open(run, endOf(run));
    try {
      const lives = await this.inspector.ready;
      if (run === this.#run) this.#pulses.load(lives);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * While a slider moves, runs follow one another faster than they can be opened: those in between are left out.
   * @param {ShownRun} run
   */
  async #openNewest(run) {
    this.#opening = true;
    this.#controller = new AbortController();
    const opened = this.#open(run);
    this.#showWork();
    await opened;
    this.#opening = false;
    if (this.#store.state.at === null) this.#goToLife(this.#store.state.request);
    this.#follow();
  }

  /** @param {ShownRun} run */
  async #open(run) {
    this.#run = run;
    this.root.dataset.settled = 'false';
    const endUs = endOf(run);
    this.#player.pause();
    this.#pulses.load(null);
    if (this.#store.state.tab === TAB) this.#inspect();
    try {
      const info = await this.#openPlayback(run);
      const { max_num_running_reqs: limit, max_num_scheduled_tokens: stepBudget } = run.config.instance;
      this.picture.bounds = { limit, kvBlocks: info.kvBlocks, stepBudget };
      this.#player.open(endUs, this.#store.state.at ?? busiestUs(info));
      this.#at = this.#store.state.at;
      this.transport.open(info);
    } catch (error) {
      // It is not there: when it is asked for again, it is opened again.
      if (error instanceof Superseded) this.#run = null;
      this.#fail(error);
    }
  }

  /** @param {ShownRun} run */
  async #openPlayback(run) {
    // What the worker holds of an earlier, large run it cannot give back.
    this.#playback.renewIfFat();
    const argument = { config: run.config, endUs: endOf(run) };
    const info = await this.#playback.query('openPlayback', argument, this.#controller.signal);
    this.#openedIn = this.#playback.life;
    return info;
  }

  /** @param {number} timeUs */
  async #momentAt(timeUs) {
    const moment = () => this.#playback.query('moment', timeUs);
    if (this.#openedIn === this.#playback.life && !this.#playback.released) return moment();
    if (this.#run !== null) await this.#openPlayback(this.#run);
    return moment();
  }

  /** @param {MomentView} moment */
  #show(moment) {
    const { playing, settled } = this.#player;
    if (playing && moment.timeUs > this.#lastMomentUs) this.#pulses.launch(this.#lastMomentUs, moment.timeUs);
    this.#lastMomentUs = moment.timeUs;
    if (!playing) this.#pulses.clear();
    this.picture.show(moment, !playing);
    this.#legend.show(moment);
    this.transport.showTime();
    this.#showTable();
    if (playing) return;
    this.root.dataset.settled = String(settled);
    this.root.dataset.timeUs = String(moment.timeUs);
    setWords(this.live, momentInWords(moment));
  }

  #showTable() {
    const { moment, playing } = this.#player;
    if (moment !== null) this.#table.show(moment, this.picture.bounds, playing, performance.now());
  }

  #playingChanged() {
    this.transport.showPlaying();
    if (!this.#player.playing) return;
    this.#inspect();
    this.root.dataset.settled = 'false';
    setWords(this.live, '');
    this.#lastMomentUs = this.#player.timeUs;
    this.#lastFrame = performance.now();
    this.#askForFrame();
  }

  #askForFrame() {
    if (this.#waitingForFrame) return;
    this.#waitingForFrame = true;
    requestAnimationFrame((now) => {
      this.#waitingForFrame = false;
      const elapsed = now - this.#lastFrame;
      this.#lastFrame = now;
      this.#player.frame(elapsed);
      if (!this.#player.playing) return;
      this.#pulses.move(elapsed);
      this.picture.redraw();
      this.#askForFrame();
    });
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof Superseded) return;
    this.#player.pause();
    // The next run opens a new worker; this one cannot be played.
    const message = error instanceof Error ? error.message : String(error);
    this.#store.change({ failure: `The cluster cannot be shown (${message}); the next change tries again.` });
  }
}

/**
 * The run is simulated again, and keeps where it was at some moments.
 * @param {Estimate} estimate of the run
 */
function playbackCost({ bytes, seconds }) {
  return { bytes: 2 * bytes, seconds: 2 * seconds };
}

/**
 * When a run ends, µs.
 * @param {ShownRun} run
 */
function endOf({ summary }) {
  return Math.max(Math.round(summary.simulated_s * 1e6), 1);
}

/**
 * Where a request can be seen: null if it is there at the present time, or never comes.
 * @param {Pick<Lives, 'arrival_us'|'enqueued_us'|'ended_us'>} lives
 * @param {number} request
 * @param {number} timeUs
 */
export function momentOfLife(lives, request, timeUs) {
  const [arrival, enqueued, ended] = [lives.arrival_us[request], lives.enqueued_us[request], lives.ended_us[request]];
  if (arrival === undefined || (timeUs >= arrival && !(timeUs > ended))) return null;
  return Math.round(Number.isFinite(enqueued) ? enqueued : arrival);
}

/**
 * When most requests waited, or ran if none ever waited: at the start of a run there is nothing to see.
 * @param {PlaybackInfo} info
 */
export function busiestUs({ seconds, waiting, running }) {
  const values = waiting.some((value) => value > 0) ? waiting : running;
  return Math.round((seconds[values.indexOf(Math.max(...values))] ?? 0) * 1e6);
}
