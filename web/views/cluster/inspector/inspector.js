// The inspector: why one request waited, and what would have happened elsewhere; folded below it, its life and its routing
// decision.

import { Superseded } from '../../../engine/client.js';
import { waitInWords } from '../../../words/limits.js';
import { ActionButton } from '../../../ui/action.js';
import { element, setWords } from '../../../ui/dom.js';
import { DECISION, INSPECTOR, titleWords } from '../../../words/inspector.js';
import { decisionView } from './decision.js';
import { forksView, WhatIf } from './forks.js';
import { fateOf, worstTtfts } from './life.js';
import { lifeView } from './life_view.js';
import { Questions } from './questions.js';
import { TurnLine } from './turns_view.js';

/** @import {Pool} from '../../../engine/pool.js' */
/** @import {EvictionSearch, Explanation, Fork, Lives, RunReport} from '../../../shared/types.d.ts' */

/** Length of the list of longest waits. */
const LISTED = 25;

export class Inspector {
  #questions;

  #onChoose;

  #action = new ActionButton('inspect-action', () => this.#act());

  /** @type {RunReport|null} */
  #run = null;

  #runEndUs = 0;

  /** What happened to every request of the run. @type {Promise<Lives>|null} */
  #ready = null;

  /** @type {Lives|null} */
  #lives = null;

  /** @type {number|null} */
  #request = null;

  /** Answers to an outdated question are discarded. */
  #question = 0;

  /** Whether answers are missing because the person has stopped them. */
  #stopped = false;

  /** Instances to which the request is being sent, or is to be sent next. @type {Set<number>} */
  #forking = new Set();

  /** The forks so far, one after the other. @type {Promise<void>} */
  #lastFork = Promise.resolve();

  /** @type {Explanation|null} */
  #explanation = null;

  /** @type {Fork[]} */
  #forks = [];

  #whatIf = new WhatIf((instance) => this.#fork(instance));

  /**
   * @param {Pool} pool
   * @param {(request: number|null) => void} onChoose
   */
  constructor(pool, onChoose) {
    this.#questions = new Questions(pool, () => this.#showWork());
    this.#onChoose = onChoose;
    this.turns = new TurnLine(onChoose);
    this.number = element('input', {
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'off',
      id: 'inspect-request',
      class: 'number',
    });
    this.worst = element('select', { id: 'inspect-worst' });
    this.title = element('h3', { id: 'inspect-title' }, INSPECTOR.title);
    this.complaint = element('p', { class: 'error', role: 'status', id: 'inspect-complaint', hidden: true });
    this.wait = element('p', { class: 'life-wait', id: 'inspect-wait', hidden: true });
    this.line = element('div', { class: 'life', id: 'inspect-line' });
    this.life = element('div', { id: 'inspect-life' });
    this.decision = element('div', { class: 'decision', id: 'inspect-decision' });
    this.forks = element('div', { id: 'inspect-forks' });
    this.hint = element('p', { class: 'note' }, INSPECTOR.hint);
    this.folded = [
      folded(INSPECTOR.life, this.life),
      folded(INSPECTOR.decision, this.decision),
      folded(INSPECTOR.worlds, this.forks),
    ];
    this.root = element(
      'section',
      { class: 'inspector', 'aria-labelledby': 'inspect-title' },
      this.title,
      element(
        'div',
        { class: 'inspector-head' },
        element('label', { for: 'inspect-request' }, INSPECTOR.number),
        this.number,
        element('label', { for: 'inspect-worst' }, INSPECTOR.longest),
        this.worst,
        this.#action.root,
      ),
      this.complaint,
      this.hint,
      this.wait,
      this.line,
      this.turns.root,
      this.#whatIf.root,
      ...this.folded,
    );
    this.#showFolded();
    this.number.addEventListener('change', () => this.#typed());
    this.worst.addEventListener('change', () => {
      if (this.worst.value !== '') this.#onChoose(Number(this.worst.value));
    });
  }

  /**
   * Another run, or the same whose lives were given up.
   * @param {RunReport} run
   * @param {number} runEndUs
   * @param {Promise<Lives>} ready
   */
  open(run, runEndUs, ready) {
    if (ready === this.#ready) return;
    this.#run = run;
    this.#runEndUs = runEndUs;
    this.#lives = null;
    this.#ready = ready;
    this.#questions.giveUp();
    ready.then(
      (lives) => {
        if (ready !== this.#ready) return;
        this.#lives = lives;
        this.#listWorst(lives);
        this.#ask();
      },
      (error) => {
        if (!(error instanceof Superseded)) this.#complain(error.message);
      },
    );
  }

  /** Stops what is asked about the chosen request, or asks again what was stopped. */
  #act() {
    const { kinds } = this.#questions;
    if (kinds.length === 0) {
      this.#ask();
      return;
    }
    // A fork has its own button to be asked again.
    this.#stopped = kinds.some((kind) => kind !== 'fork');
    this.#questions.giveUp();
  }

  #showWork() {
    const busy = this.#questions.kinds.length > 0;
    this.#action.show(busy ? INSPECTOR.stop : this.#stopped ? INSPECTOR.again : '', { soon: busy });
  }

  /** @param {number|null} request */
  choose(request) {
    if (request === this.#request) return;
    this.#request = request;
    this.#ask();
  }

  #typed() {
    const text = this.number.value.trim();
    const last = (this.#lives?.states.length ?? 0) - 1;
    const request = Number(text);
    if (/^\d+$/.test(text) && request <= last) this.#onChoose(request);
    else this.#complain(INSPECTOR.none(last, text));
  }

  /** @param {string|null} message */
  #complain(message) {
    this.complaint.hidden = message === null;
    setWords(this.complaint, message ?? '');
  }

  /** @param {Lives} lives */
  #listWorst(lives) {
    const options = worstTtfts(lives, LISTED).map((request) =>
      element('option', { value: request }, INSPECTOR.worst(request, lives.ttft_us[request])),
    );
    this.worst.replaceChildren(element('option', { value: '' }, INSPECTOR.choose), ...options);
  }

  /** Shows the known facts of the chosen request, and fetches the rest. */
  #ask() {
    this.#question += 1;
    this.#stopped = false;
    this.#questions.leave();
    this.#showWork();
    this.#forking = new Set();
    this.#explanation = null;
    this.#forks = [];
    const [lives, request, run] = [this.#lives, this.#request, this.#run];
    const known = lives !== null && request !== null && request < lives.states.length;
    this.#complain(lives !== null && request !== null && !known ? INSPECTOR.absent(request) : null);
    this.hint.hidden = known;
    this.number.value = request === null ? '' : String(request);
    this.worst.value =
      known && [...this.worst.options].some(({ value }) => value === String(request)) ? String(request) : '';
    for (const part of [this.line, this.life, this.wait, this.decision, this.forks]) part.replaceChildren();
    this.wait.hidden = true;
    this.#whatIf.show(null);
    this.#showFolded();
    const block = run?.config.memory.block_size_in_tokens ?? 1;
    this.turns.show(known ? lives : null, request ?? 0, this.#runEndUs, block);
    if (!known || run === null) {
      setWords(this.title, INSPECTOR.title);
      return;
    }
    const { fate, us } = fateOf(lives, request);
    setWords(this.title, titleWords(request, fate, us));
    this.#showLife(lives, request, lives.preemptions[request] > 0 ? null : { found: [], complete: true });
    this.#findEvictions(lives, request, run);
    this.#explainWait(lives, request, run);
    this.#explain(lives, request, run);
  }

  /**
   * Why it waited; nothing for a request that joined no queue.
   * @param {Lives} lives
   * @param {number} request
   * @param {RunReport} run
   */
  async #explainWait(lives, request, run) {
    if (!Number.isFinite(lives.enqueued_us[request])) return;
    const wait = await this.#still(this.#questions.ask('wait', { config: run.config, request }));
    if (wait === null) return;
    setWords(this.wait, waitInWords(wait, run.config.instance.max_num_running_reqs));
    this.wait.hidden = false;
  }

  /**
   * @param {Lives} lives
   * @param {number} request
   * @param {EvictionSearch|null} evictions
   */
  #showLife(lives, request, evictions) {
    const { line, details } = lifeView(lives, request, this.#runEndUs, evictions);
    this.line.replaceChildren(...line);
    this.life.replaceChildren(...details);
    this.#showFolded();
  }

  /** What has nothing in it is not offered. */
  #showFolded() {
    [this.life, this.decision, this.forks].forEach((part, i) => {
      this.folded[i].hidden = part.childElementCount === 0;
    });
  }

  /**
   * @template T
   * @param {Promise<T>} answer
   * @returns {Promise<T|null>} null if it came too late or the engine refused
   */
  async #still(answer) {
    const question = this.#question;
    try {
      const value = await answer;
      return question === this.#question ? value : null;
    } catch (error) {
      const wanted = question === this.#question && !(error instanceof Superseded);
      if (wanted) this.#complain(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /**
   * @param {Lives} lives
   * @param {number} request
   * @param {RunReport} run
   */
  async #findEvictions(lives, request, run) {
    const expected = lives.preemptions[request];
    if (expected === 0) return;
    const fromUs = lives.first_scheduled_us[request];
    const ended = lives.ended_us[request];
    const argument = {
      config: run.config,
      request,
      instance: lives.instance[request],
      fromUs,
      toUs: Number.isFinite(ended) ? ended : this.#runEndUs,
      expected,
    };
    const found = await this.#still(this.#questions.ask('evictions', argument));
    if (found !== null) this.#showLife(lives, request, found);
  }

  /**
   * @param {Lives} lives
   * @param {number} request
   * @param {RunReport} run
   */
  async #explain(lives, request, run) {
    const chosen = lives.instance[request];
    if (!Number.isFinite(chosen)) {
      if (Number.isFinite(lives.arrival_us[request]))
        this.decision.replaceChildren(element('p', { class: 'note' }, DECISION.never));
      this.#showFolded();
      return;
    }
    const routed = lives.routed_us[request];
    const stopped = run.summary.stops.filter(({ at }) => at < routed).map(({ instance }) => instance);
    const instances = run.config.cluster.num_instances;
    this.#whatIf.show({ instances, chosen, stopped, ttftUs: lives.ttft_us[request] });
    const explanation = await this.#still(this.#questions.ask('explain', { config: run.config, request }));
    if (explanation === null) return;
    this.#explanation = explanation;
    this.decision.replaceChildren(...decisionView(explanation, lives.regretUnit));
    this.#showWorlds();
  }

  /** @param {number} instance */
  #fork(instance) {
    if (this.#forking.has(instance)) return;
    const forking = this.#forking.add(instance);
    this.#whatIf.ask(instance);
    this.#lastFork = this.#lastFork.then(async () => {
      if (forking !== this.#forking) return;
      await this.#forkNow(instance);
      forking.delete(instance);
    });
  }

  /** @param {number} instance */
  async #forkNow(instance) {
    const [run, request] = [this.#run, this.#request];
    if (run === null || request === null) return;
    const question = this.#question;
    const fork = await this.#still(this.#questions.ask('fork', { config: run.config, request, instance }));
    if (question !== this.#question) return;
    this.#whatIf.answer(instance, fork);
    if (fork === null) return;
    this.#forks = [...this.#forks.filter((other) => other.instance !== instance), fork];
    this.#showWorlds();
  }

  /** The forks so far in numbers. */
  #showWorlds() {
    const [lives, request] = [this.#lives, this.#request];
    if (lives !== null && request !== null && this.#explanation !== null && this.#forks.length > 0) {
      const simulated = {
        instance: lives.instance[request],
        ttftUs: lives.ttft_us[request],
        e2eUs: lives.e2e_us[request],
        ttftP99Ms: lives.ttftP99Ms,
      };
      const claim = { regret: this.#explanation.regret, unit: lives.regretUnit };
      this.forks.replaceChildren(...forksView(simulated, this.#forks, claim));
    }
    this.#showFolded();
  }
}

/**
 * What is not needed at first sight.
 * @param {string} summary
 * @param {HTMLElement} content
 */
function folded(summary, content) {
  return element('details', { class: 'inspector-more', hidden: true }, element('summary', {}, summary), content);
}
