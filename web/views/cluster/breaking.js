// Breaking it: two buttons below the picture that stop an instance and send a burst, what has been done so far, and what that
// did to the wait.

import { EngineFailure, Superseded } from '../../engine/client.js';
import { BESIDE_REQUESTS } from '../../shared/budgets.js';
import { burstsText, isDisturbed, killsText } from '../../shared/events.js';
import { hiddenKeys } from '../../settings/hidden.js';
import { element, setWords } from '../../ui/dom.js';
import * as words from '../../words/breaking.js';
import { burstSizes, eventTime, fullest, PROPOSED, undisturbed, undisturbedKey } from './events.js';

/** @import {Burst, Kill} from '#engine' */
/** @import {Store} from '../../app/state.js' */
/** @import {Pool} from '../../engine/pool.js' */
/** @import {Config, MomentView, Pair, Setting, ShownRun} from '../../shared/types.d.ts' */

const { BREAKING } = words;

/** Events that are listed; of more their number is told. */
const LISTED = 6;

/** @type {Pair[]} */
const UNDO_ALL = [
  ['kill', killsText([])],
  ['burst', burstsText([])],
];

/** The burst that stands there before there is a run. */
const USUAL_SIZE = 100;

/** Figures that are kept of runs without events. */
const KEPT = 16;

export class Breaking {
  #pool;

  #onEdit;

  /** Whether what was pressed last is still under way. */
  #busy = false;

  #kill = element('button', { type: 'button', class: 'break-kill' });

  #mode = element(
    'select',
    { 'aria-label': BREAKING.mode },
    ...Object.entries(BREAKING.modes).map(([value, label]) => element('option', { value }, label)),
  );

  #burst = element('button', { type: 'button', class: 'break-burst' });

  #size = element('select', { 'aria-label': BREAKING.size });

  #done = element('ul', { class: 'break-done' });

  #effect = element('p', { class: 'break-effect', 'aria-live': 'polite' });

  /** TTFT p99 of runs without events, ms, by what they simulate. @type {Map<string, number>} */
  #without = new Map();

  /** @type {ShownRun|null} */
  #run = null;

  /** @type {MomentView|null} */
  #moment = null;

  #inStory = false;

  /** What the lists show. */
  #shown = '';

  /**
   * @param {Store} store
   * @param {Pool} pool
   * @param {(values: Pair[]) => Promise<boolean>} onEdit changes settings; whether they can be used
   */
  constructor(store, pool, onEdit) {
    this.#pool = pool;
    this.#onEdit = onEdit;
    this.root = element(
      'div',
      { class: 'breaking', role: 'group', 'aria-label': BREAKING.group },
      element('div', { class: 'break-row', 'data-changes': true }, this.#kill, this.#mode, this.#burst, this.#size),
      this.#done,
      this.#effect,
    );
    this.#kill.addEventListener('click', () => this.#stop());
    this.#burst.addEventListener('click', () => this.#send());
    this.#size.addEventListener('change', () => this.#label());
    this.#wait();
    store.follow(['hide', 'description'], ({ hide, description }) => this.#hide(hide, description?.schema ?? []));
  }

  /**
   * What a link hides is not changed by other ways either.
   * @param {string} hide
   * @param {Setting[]} schema
   */
  #hide(hide, schema) {
    const hidden = hiddenKeys(hide, schema);
    for (const control of [this.#kill, this.#mode]) control.hidden = hidden.has('kill');
    for (const control of [this.#burst, this.#size]) control.hidden = hidden.has('burst');
    this.#done.classList.toggle('fixed', hidden.has('kill') || hidden.has('burst'));
  }

  /**
   * @param {ShownRun} run
   * @param {MomentView} moment of it, at rest
   * @param {boolean} inStory
   */
  show(run, moment, inStory) {
    this.#moment = moment;
    const other = this.#run !== run || this.#inStory !== inStory;
    [this.#run, this.#inStory] = [run, inStory];
    if (other) {
      if (!isDisturbed(run.config)) this.#keep(undisturbedKey(run.config), run.summary.ttft.p99_ms);
      this.#offerSizes(run.config);
      this.#list(run);
      this.#tell(run);
    }
    this.#label();
  }

  /** Before there is a run the buttons have their places. */
  #wait() {
    setWords(this.#kill, words.killWords(null, true));
    setWords(this.#burst, words.burstWords(USUAL_SIZE));
    this.#size.replaceChildren(element('option', {}, String(USUAL_SIZE)));
    for (const control of [this.#kill, this.#burst, this.#size]) control.disabled = true;
  }

  /** @param {Config} config */
  #offerSizes(config) {
    const sizes = burstSizes(config);
    const shown = sizes.join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#size.replaceChildren(...sizes.map((size) => element('option', { value: size }, String(size))));
    this.#size.value = String(sizes[Math.min(PROPOSED, sizes.length - 1)]);
  }

  #label() {
    if (this.#run === null || this.#moment === null) return;
    const at = eventTime(this.#run, this.#moment);
    const instance = fullest(this.#run.config, this.#moment);
    setWords(this.#kill, words.killWords(instance, this.#inStory));
    // It keeps the focus, and says why when it is pressed.
    this.#kill.disabled = false;
    this.#kill.setAttribute('aria-disabled', String(instance === null));
    [this.#burst.disabled, this.#size.disabled] = [false, false];
    this.#kill.title = instance === null ? BREAKING.lastOne : words.killHelp(at, instance, this.#inStory);
    const size = Number(this.#size.value);
    setWords(this.#burst, words.burstWords(size));
    this.#burst.title = words.burstHelp(at, size);
  }

  #stop() {
    if (this.#run === null || this.#moment === null) return;
    const { config } = this.#run;
    const instance = fullest(config, this.#moment);
    if (instance === null) {
      setWords(this.#effect, BREAKING.lastOne);
      return;
    }
    const mode = this.#mode.value === 'crash' ? 'crash' : 'drain';
    const kill = /** @type {Kill} */ ({ instance, at: eventTime(this.#run, this.#moment), mode });
    this.#change([['kill', killsText([...config.cluster.kills, kill])]]);
  }

  #send() {
    if (this.#run === null || this.#moment === null) return;
    const burst = { requests: Number(this.#size.value), at: eventTime(this.#run, this.#moment) };
    this.#change([['burst', burstsText([...this.#run.config.workload.bursts, burst])]]);
  }

  /**
   * Changes settings, one press at a time: each is on top of the run that is shown.
   * @param {Pair[]} values
   */
  async #change(values) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      if (!(await this.#onEdit(values))) setWords(this.#effect, BREAKING.refused);
    } finally {
      this.#busy = false;
    }
  }

  /** What has been done, each with its undoing. @param {ShownRun} run */
  #list({ config, summary }) {
    const { kills, horizon } = config.cluster;
    const { bursts } = config.workload;
    const stopped = (/** @type {Kill} */ kill) => summary.stops.find(({ instance }) => instance === kill.instance);
    const without = (/** @type {Kill} */ kill) => kills.filter((other) => other !== kill);
    const items = kills.map((kill) => {
      const stop = stopped(kill);
      const [said, lost] =
        stop === undefined ? [words.noStopWords(kill, this.#inStory), ''] : words.stopWords(stop, this.#inStory);
      return this.#item(said, lost, [['kill', killsText(without(kill))]]);
    });
    const others = (/** @type {Burst} */ burst) => bursts.filter((other) => other !== burst);
    for (const burst of bursts) {
      const came = summary.burst > 0 && burst.at <= (horizon ?? Infinity);
      items.push(this.#item(words.sentWords(burst, came), '', [['burst', burstsText(others(burst))]]));
    }
    const shown = items.slice(0, LISTED);
    const rest = items.length > LISTED ? words.moreWords(items.length - LISTED) : '';
    if (items.length > 1) shown.push(this.#item(rest, '', UNDO_ALL, BREAKING.undoAll));
    this.#done.replaceChildren(...shown);
  }

  /**
   * @param {string} said
   * @param {string} lost stands out
   * @param {Pair[]} undone
   * @param {string} [name] of the button
   */
  #item(said, lost, undone, name = BREAKING.undo) {
    const undo = element('button', { type: 'button', class: 'quiet', 'data-changes': true }, name);
    if (name === BREAKING.undo) undo.setAttribute('aria-label', words.undoLabel(`${said}${lost}`));
    undo.addEventListener('click', () => {
      // The button goes with what it undoes.
      this.#kill.focus();
      this.#change(undone);
    });
    return element('li', {}, said, lost === '' ? '' : element('b', { class: 'lost' }, lost), ' ', undo);
  }

  /** What it did to the wait. @param {ShownRun} run */
  async #tell(run) {
    const { config, summary, estimate } = run;
    if (!isDisturbed(config) || estimate.requests > BESIDE_REQUESTS) {
      setWords(this.#effect, '');
      return;
    }
    const key = undisturbedKey(config);
    const before = this.#without.get(key) ?? (await this.#measure(config, key));
    // Another run has come, or the workers have no answer: the sentence of that run tells.
    if (run !== this.#run || before === null) return;
    const events = config.cluster.kills.length + config.workload.bursts.length;
    setWords(this.#effect, words.effectWords(before, summary.ttft.p99_ms, summary.lost, this.#inStory, events));
  }

  /**
   * TTFT p99 of the same run without events; null if it cannot be had.
   * @param {Config} config
   * @param {string} key
   */
  async #measure(config, key) {
    setWords(this.#effect, BREAKING.measuring);
    try {
      const p99 = await this.#pool.run((client) => client.query('ttftP99', undisturbed(config)));
      this.#keep(key, p99);
      return p99;
    } catch (error) {
      const superseded = error instanceof Superseded;
      if (!superseded && !(error instanceof EngineFailure)) throw error;
      setWords(this.#effect, superseded ? '' : BREAKING.unmeasured);
      return null;
    }
  }

  /** @param {string} key @param {number} p99 ms */
  #keep(key, p99) {
    this.#without.set(key, p99);
    if (this.#without.size > KEPT) this.#without.delete(this.#without.keys().next().value ?? '');
  }
}
