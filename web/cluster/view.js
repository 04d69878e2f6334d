// The tab "Cluster": the picture of a run at any moment, and the inspector below it. Loaded when the tab is first shown.

import { element } from '../dom.js';
import { EngineClient, Superseded } from '../engine/client.js';
import { Inspector } from '../inspector/inspector.js';
import { Legend } from './legend.js';
import { momentInWords } from './moment.js';
import { Picture } from './picture.js';
import { Player } from './player.js';
import { Pulses } from './pulses.js';
import { MomentTable } from './table.js';
import { Transport } from './transport.js';

/** @import {Store} from '../state.js' */
/** @import {MomentView, PlaybackInfo, RunReport} from '../types.d.ts' */

/** The name of the tab. */
export const TAB = 'cluster';

export class ClusterView {
  #store;

  /** Two workers, so that a fork does not hold up the picture. */
  #playback = new EngineClient();

  #questions = new EngineClient();

  #player = new Player((timeUs) => this.#playback.look('moment', timeUs));

  #pulses = new Pulses();

  #legend = new Legend();

  #table = new MomentTable();

  /** @type {RunReport|null} */
  #run = null;

  #opening = false;

  #lastFrame = 0;

  #lastMomentUs = 0;

  /** Whether a frame is asked for already. */
  #waitingForFrame = false;

  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   */
  constructor(parent, store) {
    this.#store = store;
    this.picture = new Picture(this.#pulses, (request) => store.change({ request }));
    this.transport = new Transport(this.#player, matchMedia('(prefers-reduced-motion: reduce)'));
    this.inspector = new Inspector(this.#questions, (request) => store.change({ request }));
    this.live = element('p', { class: 'visually-hidden', 'aria-live': 'polite', id: 'cluster-live' });
    this.root = element(
      'div',
      { class: 'cluster' },
      this.transport.root,
      this.picture.root,
      this.picture.readout,
      this.#legend.root,
      this.#table.root,
      this.live,
    );
    parent.replaceChildren(this.root, this.inspector.root);
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
    this.#store.listen(() => this.#follow());
  }

  /** Follows the state: another run, another request, another tab. */
  #follow() {
    const { run, request, tab } = this.#store.state;
    if (tab !== TAB) {
      this.#player.pause();
      return;
    }
    this.picture.mark(request);
    this.inspector.choose(request);
    if (run !== null && run !== this.#run && !this.#opening) this.#openNewest(run);
  }

  /**
   * While a slider moves, runs follow one another faster than they can be opened: those in between are left out.
   * @param {RunReport} run
   */
  async #openNewest(run) {
    this.#opening = true;
    await this.#open(run);
    this.#opening = false;
    this.#follow();
  }

  /** @param {RunReport} run */
  async #open(run) {
    this.#run = run;
    this.root.dataset.settled = 'false';
    const endUs = Math.max(Math.round(run.summary.simulated_s * 1e6), 1);
    this.#player.pause();
    this.inspector.open(run, endUs);
    try {
      const info = await this.#playback.look('openPlayback', { config: run.config, endUs });
      this.#pulses.load(null);
      this.picture.bounds = { limit: run.config.instance.max_num_running_reqs, kvBlocks: info.kvBlocks };
      this.#player.open(endUs, busiestUs(info));
      this.transport.open(info);
      this.#pulses.load(await this.inspector.ready);
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
    this.picture.show(moment, !playing);
    this.#legend.show(moment);
    this.transport.showTime();
    this.#showTable();
    if (playing) return;
    this.root.dataset.settled = String(settled);
    this.root.dataset.timeUs = String(moment.timeUs);
    this.live.textContent = momentInWords(moment);
  }

  #showTable() {
    const { moment, playing } = this.#player;
    if (moment !== null) this.#table.show(moment, this.picture.bounds, playing, performance.now());
  }

  #playingChanged() {
    this.transport.showPlaying();
    if (!this.#player.playing) return;
    this.root.dataset.settled = 'false';
    this.live.textContent = '';
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
    // The next run opens a new worker; this one cannot be looked at.
    const message = error instanceof Error ? error.message : String(error);
    this.#store.change({ failure: `The cluster cannot be shown (${message}); the next change tries again.` });
  }
}

/**
 * When most requests waited, or ran if none ever waited: at the start of a run there is nothing to see.
 * @param {PlaybackInfo} info
 */
export function busiestUs({ seconds, waiting, running }) {
  const values = waiting.some((value) => value > 0) ? waiting : running;
  return Math.round((seconds[values.indexOf(Math.max(...values))] ?? 0) * 1e6);
}
