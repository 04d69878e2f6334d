// The cluster, alive: the picture of a run at any moment. One picture with one clock: it stands in the Story, small on the
// overview, and whole on its own tab, there with the inspector below it.

import { Superseded } from '../../engine/client.js';
import { BESIDE_REQUESTS, VIEW_REQUESTS } from '../../shared/budgets.js';
import { element, setWords } from '../../ui/dom.js';
import { failureWords } from '../../words/cluster.js';
import { Breaking } from './breaking.js';
import { newEventUs } from './events.js';
import { pictureMenu } from './files.js';
import { FrameLoop } from './frame_loop.js';
import { lazyInspector } from './lazy_inspector.js';
import { Legend, StoryLegend } from './legend.js';
import { momentOfLife, RunLives } from './lives.js';
import { momentInWords } from './moment.js';
import { Offer } from './offer.js';
import { busiestUs, openingOf } from './opening_play.js';
import { Picture } from './picture.js';
import { placeFor } from './place.js';
import { OpenPlayback } from './playback.js';
import { Player } from './player.js';
import { Pulses } from './pulses.js';
import { MomentTable } from './table.js';
import { Transport } from './transport.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {MomentView, Pair, PlaybackInfo, ShownRun} from '../../shared/types.d.ts' */
/** @import {Passage} from './opening_play.js' */
/** @import {Places} from './place.js' */

/** What is seen before an event that has just been added, µs. */
const RUN_UP_US = 400_000;

/** Beside other figures, runs that take longer than this are followed only when everything else is done, ms. */
const QUICK_MS = 300;

export class ClusterView {
  #store;

  #playback;

  #player = new Player((timeUs) => this.#playback.momentAt(timeUs));

  #pulses = new Pulses();

  #legend = new Legend();

  #storyLegend = new StoryLegend();

  #table = new MomentTable();

  /** Whether the person asks for less motion. */
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  /** @type {ShownRun|null} */
  #run = null;

  /** Whether no run has been shown in this visit. */
  #first = true;

  #opening = false;

  /** The last run that was opened, or whose opening was given up, because a person had asked for it. @type {ShownRun|null} */
  #asked = null;

  /** Whether its opening was given up. */
  #stopped = false;

  #offer = new Offer(() => this.#act());

  #lives;

  #inspector;

  #breaking;

  /** When something new happens in the run that is being opened, µs. @type {number|null} */
  #eventUs = null;

  /** The request that was last selected. @type {number|null} */
  #chosen = null;

  /** The request that was last selected on the picture. @type {number|null} */
  #pointed = null;

  /** The moment that another view has requested last. @type {number|null} */
  #at = null;

  #places;

  /** @type {keyof Places|null} */
  #place = null;

  #lastMomentUs = 0;

  #frames = new FrameLoop(this.#player, this.#still, (elapsed) => {
    this.#pulses.move(elapsed);
    this.picture.redraw();
  });

  /**
   * @param {Places} places
   * @param {Store} store
   * @param {Pool} pool
   * @param {(values: Pair[]) => Promise<boolean>} onEdit changes settings; whether they can be used
   */
  constructor(places, store, pool, onEdit) {
    this.#places = places;
    this.#store = store;
    this.#playback = new OpenPlayback(pool.picture);
    this.#lives = new RunLives(pool);
    this.#breaking = new Breaking(store, pool, onEdit);
    const choose = (/** @type {number|null} */ request) => store.change({ request });
    this.#inspector = lazyInspector(places.panel, pool, choose);
    this.picture = new Picture(this.#pulses, (request) => {
      this.#pointed = request;
      choose(request);
    });
    this.transport = new Transport(this.#player, this.#still);
    this.transport.buttons.append(pictureMenu(this.picture, store));
    this.live = element('p', { class: 'visually-hidden', 'aria-live': 'polite', id: 'cluster-live' });
    this.root = element(
      'div',
      { class: 'cluster' },
      this.#offer.root,
      this.transport.root,
      this.picture.root,
      this.picture.readout,
      this.#storyLegend.root,
      this.#breaking.root,
      this.#legend.root,
      this.#legend.bars,
      this.#table.root,
      this.live,
    );
    places.panel.replaceChildren();
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
    const place = placeFor(tab, this.#places);
    if (place === null) {
      this.#player.pause();
      return;
    }
    this.#stand(place, request !== null);
    this.#showWork();
    this.picture.mark(request);
    if (place === 'panel') this.#inspect();
    if (run !== null && run !== this.#run && !this.#opening && this.#due(run)) this.#openNewest(run);
    else if (at !== this.#at) this.#goTo(at);
    else if (request !== this.#chosen) this.#goToLife(request);
    this.#chosen = request;
  }

  /**
   * Puts the picture where it is to be seen: small on the overview, and above a request that is inspected.
   * @param {keyof Places} place
   * @param {boolean} inspecting
   */
  #stand(place, inspecting) {
    const { panel } = this.#places;
    const parent = this.#places[place];
    if (this.#place !== place && parent !== null) {
      this.#place = place;
      this.#player.pause();
      this.root.classList.toggle('story', place === 'story');
      if (place === 'panel') parent.prepend(this.root);
      else parent.replaceChildren(this.root);
      this.picture.stand(place === 'story');
      this.transport.stand(place === 'story');
      // The picture that it brings along has a moment already; its other legend has not heard of it.
      const { moment } = this.picture;
      if (moment !== null) this.#showLegend(moment);
      this.#preparePassage();
    }
    this.root.classList.toggle('compact', place === 'overview' || (place === 'panel' && inspecting));
    panel.classList.toggle('inspecting', inspecting);
  }

  /**
   * The picture goes to where a request joins a queue, unless it was pointed at where it stands.
   * @param {number|null} request
   */
  async #goToLife(request) {
    const run = this.#run;
    if (request === null || run === null || this.#opening || this.#place === 'story') return;
    const lives = await this.#lives.of(run).catch(() => null);
    const { state } = this.#store;
    if (lives === null || run !== this.#run || request !== state.request) return;
    const at = momentOfLife(lives, request, request === this.#pointed ? this.#player.timeUs : -1);
    if (at !== null) this.#store.change({ at });
  }

  /**
   * Whether a run is large, and its picture has not been asked for.
   * @param {ShownRun} run
   */
  #isOffered(run) {
    if (run === this.#asked) return this.#stopped;
    const budget = this.#place === 'panel' ? VIEW_REQUESTS : BESIDE_REQUESTS;
    return run.estimate.requests > budget;
  }

  /** Opens what was offered, or gives up what is being opened. */
  #act() {
    const { run } = this.#store.state;
    if (this.#opening) {
      this.#stopped = true;
      this.#asked = this.#run;
      this.#playback.stop();
      this.#lives.stop();
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
    const offered = run !== null && run !== this.#run && this.#isOffered(run) ? run.estimate : null;
    const without = none || offered !== null;
    this.root.classList.toggle('without-picture', without);
    this.#places.panel.classList.toggle('without-picture', without);
    this.root.classList.toggle('opening', this.#opening);
    this.#offer.show({ none, offered, stopped: run === this.#asked, opening: this.#opening });
  }

  /**
   * Whether to open a run now: beside other figures these come first.
   * @param {ShownRun} run
   */
  #due(run) {
    if (this.#isOffered(run)) return false;
    return this.#place === 'panel' || !this.#store.state.busy || (this.#run !== null && run.elapsedMs < QUICK_MS);
  }

  /** @param {number|null} at µs */
  #goTo(at) {
    this.#at = at;
    if (at === null) return;
    this.#player.pause();
    this.#player.seek(at);
  }

  /** What the inspector shows follows the state; it comes with the first visit of its tab. */
  async #inspect() {
    const inspector = await this.#inspector();
    const { run, request } = this.#store.state;
    if (inspector === null) return;
    inspector.choose(request);
    if (run !== null && run === this.#run && !this.#isOffered(run))
      inspector.open(run, endOf(run), this.#lives.of(run));
  }

  /** The dots on the rails are of the requests' lives. */
  async #loadPulses() {
    const run = this.#run;
    if (run === null || this.#place === 'story' || this.#still.matches) return;
    try {
      const lives = await this.#lives.of(run);
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
    const opened = this.#open(run);
    this.#showWork();
    await opened;
    this.#opening = false;
    if (this.#store.state.at === null) this.#goToLife(this.#store.state.request);
    this.#follow();
  }

  /** @param {ShownRun} run */
  async #open(run) {
    this.#eventUs = newEventUs(run.config, this.#run?.config ?? null);
    this.#run = run;
    this.root.dataset.settled = 'false';
    this.#player.pause();
    this.#pulses.load(null);
    if (this.#place === 'panel') this.#inspect();
    try {
      const info = await this.#playback.open({ config: run.config, endUs: endOf(run) });
      const passage = this.#place === 'story' ? await this.#playback.passage(info) : null;
      this.#begin(run, info, passage);
    } catch (error) {
      // It is not there: when it is asked for again, it is opened again.
      if (error instanceof Superseded) this.#run = null;
      this.#fail(error);
    }
  }

  /**
   * Shows a run whose playback is open.
   * @param {ShownRun} run
   * @param {PlaybackInfo} info
   * @param {Passage|null} passage
   */
  #begin(run, info, passage) {
    const { max_num_running_reqs: limit, max_num_scheduled_tokens: stepBudget } = run.config.instance;
    this.picture.bounds = { limit, kvBlocks: info.kvBlocks, stepBudget, fullest: info.fullest };
    const { at } = this.#store.state;
    const inStory = this.#place === 'story';
    const opening = openingOf({ inStory, first: this.#first, still: this.#still.matches, at });
    this.#first = false;
    this.#at = at;
    // What has just been done is seen happening.
    const event = at === null ? this.#eventUs : null;
    const stand = { play: 0, rest: busiestUs(info), asked: at, keep: null }[opening];
    this.#player.open(endOf(run), event ?? stand);
    this.transport.open(info, passage);
    if (passage === null) return;
    if (event !== null && !this.#still.matches) this.#player.playThrough(passage, Math.max(event - RUN_UP_US, 0));
    else if (opening === 'play') this.#player.playThrough(passage, 0);
  }

  /** A run that was opened elsewhere can be replayed in the Story, too. */
  async #preparePassage() {
    const { info } = this.transport;
    const run = this.#run;
    if (run === null || info === null || this.#opening || this.#place !== 'story') return;
    try {
      const passage = await this.#playback.passage(info);
      if (run === this.#run && !this.#opening) this.transport.open(info, passage);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {MomentView} moment */
  #show(moment) {
    const { playing, settled } = this.#player;
    if (playing && moment.timeUs > this.#lastMomentUs) this.#pulses.launch(this.#lastMomentUs, moment.timeUs);
    this.#lastMomentUs = moment.timeUs;
    if (!playing) this.#pulses.clear();
    this.picture.show(moment, !playing || this.#still.matches);
    this.#showLegend(moment);
    this.transport.showTime();
    this.#showTable();
    if (playing) return;
    this.root.dataset.settled = String(settled);
    this.root.dataset.timeUs = String(moment.timeUs);
    this.picture.describe(moment);
    const run = this.#run;
    if (run !== null) this.#breaking.show(run, moment, this.#place === 'story');
    setWords(this.live, momentInWords(moment));
  }

  /** @param {MomentView} moment */
  #showLegend(moment) {
    if (this.#place === 'story') this.#storyLegend.show(moment, this.picture.dotRequests);
    else this.#legend.show(moment);
  }

  #showTable() {
    const { moment, playing } = this.#player;
    if (moment !== null) this.#table.show(moment, this.picture.bounds, playing, performance.now());
  }

  #playingChanged() {
    this.transport.showPlaying();
    if (!this.#player.playing) return;
    this.#loadPulses();
    this.root.dataset.settled = 'false';
    setWords(this.live, '');
    this.#lastMomentUs = this.#player.timeUs;
    this.#frames.start();
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof Superseded) return;
    this.#player.pause();
    // The next run opens a new worker; this one cannot be played.
    const message = error instanceof Error ? error.message : String(error);
    this.#store.change({ failure: failureWords(message) });
  }
}

/**
 * When a run ends, µs.
 * @param {ShownRun} run
 */
function endOf({ summary }) {
  return Math.max(Math.round(summary.simulated_s * 1e6), 1);
}
