// Sticky beside balanced routing: one press runs the same conversations with each, and the figures stand side by side.

import { EngineFailure, RefusedSettings, Superseded } from '../../engine/client.js';
import { CONVERSATION_METRICS } from '../../shared/metrics.js';
import { duration } from '../../shared/format.js';
import { ActionButton } from '../../ui/action.js';
import { element, setWords } from '../../ui/dom.js';
import { MEANINGS } from '../../words/conversations.js';
import { rangeWords, ROUTING_WORDS, ROUTINGS_WORDS, verdictWords } from '../../words/routings.js';
import { comparedRoutings, routingOf, routingPairs, routingWork, spreads } from './routings.js';

/** @import {PageParts} from '../../app/lazy_views.js' */
/** @import {State} from '../../app/state.js' */
/** @import {EngineClient} from '../../engine/client.js' */
/** @import {Metric} from '../../shared/metrics.js' */
/** @import {Config, SweepResult} from '../../shared/types.d.ts' */
/** @import {Spread} from './routings.js' */

/** What has been asked for: of which settings, and what has come. */
/** @typedef {{config: Config, results: SweepResult[], runs: number, seeds: number}} Comparison */

/**
 * @param {Metric} metric
 * @param {Spread|undefined} spread
 */
function cell({ format, label }, spread) {
  if (spread === undefined) return element('td', { 'data-head': label }, '–');
  const { mean, low, high } = spread;
  const range =
    low === high ? null : element('span', { class: 'routings-range' }, rangeWords(format(low), format(high)));
  return element(
    'td',
    { 'data-head': label },
    element('span', {}, format(mean), range === null ? null : element('br'), ' ', range),
  );
}

export class RoutingsPart {
  #page;

  #action = new ActionButton('routings-action', () => this.#act());

  #note = element('p', { class: 'note', role: 'status' });

  #body = element('div', { class: 'routings-body', tabindex: 0, role: 'region', 'aria-label': ROUTINGS_WORDS.region });

  root = element(
    'section',
    { class: 'routings', 'aria-labelledby': 'routings-title', hidden: true },
    element('h3', { id: 'routings-title' }, ROUTINGS_WORDS.title),
    element('p', { class: 'view-help' }, ROUTINGS_WORDS.help),
    this.#action.root,
    this.#note,
    this.#body,
  );

  /** @type {Comparison|null} */
  #comparison = null;

  /** Of the comparison under way; null if none is. @type {AbortController|null} */
  #controller = null;

  /** @param {Pick<PageParts, 'store'|'session'|'pool'>} page */
  constructor(page) {
    this.#page = page;
    page.store.follow(['run', 'config', 'description', 'lock'], (state) => this.#render(state));
  }

  #act() {
    if (this.#controller === null) this.#compare();
    else this.#controller.abort();
  }

  async #compare() {
    const { run } = this.#page.store.state;
    if (run === null) return;
    const controller = new AbortController();
    this.#controller = controller;
    const work = routingWork(run.config);
    const comparison = {
      config: run.config,
      results: /** @type {SweepResult[]} */ ([]),
      runs: work.tasks.length,
      seeds: work.tasks.length / comparedRoutings(run.config).length,
    };
    this.#comparison = comparison;
    const take = (/** @type {SweepResult[]} */ results) => {
      comparison.results.push(...results);
      if (controller.signal.aborted) return;
      setWords(this.#note, ROUTINGS_WORDS.working(comparison.results.length, comparison.runs));
      this.#render(this.#page.store.state);
    };
    this.#action.show(ROUTINGS_WORDS.stop);
    setWords(this.#note, ROUTINGS_WORDS.working(0, comparison.runs));
    try {
      const task = (/** @type {EngineClient} */ client) => client.sweep(work, take);
      take(await this.#page.pool.run(task, { signal: controller.signal }));
      setWords(this.#note, '');
    } catch (error) {
      if (error instanceof Superseded) setWords(this.#note, ROUTINGS_WORDS.stopped);
      else if (error instanceof EngineFailure || error instanceof RefusedSettings)
        setWords(this.#note, ROUTINGS_WORDS.failed(error.message));
      else throw error;
    } finally {
      this.#controller = null;
      this.#render(this.#page.store.state);
    }
  }

  /** @param {Readonly<State>} state */
  #render(state) {
    const { run } = state;
    const there = run !== null && Boolean(run.summary.conversations);
    this.root.hidden = !there;
    if (!there || run === null) {
      this.#controller?.abort();
      return;
    }
    const alone = run.config.cluster.num_instances < 2;
    const comparison = this.#comparison;
    if (this.#controller === null) {
      this.#action.show(alone ? '' : comparison === null ? ROUTINGS_WORDS.compare : ROUTINGS_WORDS.again);
      if (alone) setWords(this.#note, ROUTINGS_WORDS.one);
      else if (this.#note.textContent === ROUTINGS_WORDS.one) setWords(this.#note, '');
    }
    this.#body.hidden = comparison === null || comparison.results.length === 0;
    if (comparison === null || comparison.results.length === 0) return;
    const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.use : undefined;
    this.#body.replaceChildren(...this.#shown(comparison, state));
    /** @type {HTMLElement|null} */
    const again = held === undefined ? null : this.#body.querySelector(`[data-use="${held}"]`);
    again?.focus();
  }

  /**
   * @param {Comparison} comparison
   * @param {Readonly<State>} state
   */
  #shown({ config, results, seeds }, state) {
    const routings = comparedRoutings(config);
    const figures = spreads(routings.length, results);
    const now = state.config === null ? null : routingOf(state.config).id;
    const { sticky, balanced } = this.#verdict(routings, figures);
    const rows = routings.map((routing, at) => {
      const { name, does } = ROUTING_WORDS[routing.id];
      const refused = results.some(({ variant, figures: known }) => variant % routings.length === at && known === null);
      return element(
        'tr',
        { 'data-routing': routing.id },
        element(
          'th',
          { scope: 'row' },
          name,
          element('span', { class: 'meaning' }, refused ? ROUTINGS_WORDS.refused : does),
        ),
        ...CONVERSATION_METRICS.map((metric) => cell(metric, figures[at].get(metric.id))),
        element('td', { class: 'row-actions' }, this.#use(routing, name, now === routing.id, state)),
      );
    });
    const head = (/** @type {string} */ words, /** @type {string|null} */ title = null) =>
      element('th', { scope: 'col', title }, words);
    const actions = element('span', { class: 'visually-hidden' }, ROUTINGS_WORDS.actions);
    return [
      ...(sticky && balanced ? [element('p', { class: 'routings-verdict' }, verdictWords(sticky, balanced))] : []),
      ...(isSame(config, state.run?.config) ? [] : [element('p', { class: 'note' }, ROUTINGS_WORDS.old)]),
      element(
        'table',
        { class: 'plain compare-table' },
        element('caption', {}, ROUTINGS_WORDS.caption(seeds)),
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            head(ROUTINGS_WORDS.routing),
            ...CONVERSATION_METRICS.map(({ id, label }) => head(label, MEANINGS[id])),
            element('th', { scope: 'col', class: 'row-actions' }, actions),
          ),
        ),
        element('tbody', {}, ...rows),
      ),
    ];
  }

  /**
   * @param {ReturnType<typeof comparedRoutings>[number]} routing
   * @param {string} name
   * @param {boolean} isNow
   * @param {Readonly<State>} state
   */
  #use(routing, name, isNow, { lock, description }) {
    // What stands in the place of the button that was pressed takes its focus.
    if (isNow) return element('span', { tabindex: -1, 'data-use': routing.id }, ROUTINGS_WORDS.now);
    const button = element(
      'button',
      { type: 'button', 'data-changes': true, 'data-use': routing.id, disabled: lock === '1' },
      ROUTINGS_WORDS.use,
      element('span', { class: 'visually-hidden' }, ROUTINGS_WORDS.of(name)),
    );
    button.addEventListener('click', () => this.#page.session.press(routingPairs(routing, description?.schema ?? [])));
    return button;
  }

  /**
   * The sticky and the balanced routing with the shortest wait on later turns.
   * @param {ReturnType<typeof comparedRoutings>} routings
   * @param {Map<string, Spread>[]} figures
   */
  #verdict(routings, figures) {
    const best = (/** @type {boolean} */ sticky) => {
      const known = routings
        .map(({ id, sticky: is }, at) => ({
          id,
          is,
          ttft: figures[at].get('ttft-later'),
          hits: figures[at].get('hit-rate'),
        }))
        .filter(({ id, is, ttft, hits }) => is === sticky && id !== 'own' && ttft && hits);
      if (known.length === 0) return null;
      const { id, ttft, hits } = known.reduce((a, b) => ((b.ttft?.mean ?? 0) < (a.ttft?.mean ?? 0) ? b : a));
      return { name: ROUTING_WORDS[id].name, hits: hits?.mean ?? 0, ttft: duration(ttft?.mean ?? 0) };
    };
    return { sticky: best(true), balanced: best(false) };
  }
}

/**
 * Whether two settings differ in nothing but their routing.
 * @param {Config} compared
 * @param {Config|undefined} now
 */
function isSame(compared, now) {
  if (now === undefined) return false;
  const plain = (/** @type {Config} */ config) =>
    JSON.stringify({ ...config, routing: { ...config.routing, policy: '', scorers: [] } }, (_key, value) => {
      if (typeof value === 'bigint') return String(value);
      return value instanceof Map ? [...value] : value;
    });
  return compared === now || plain(compared) === plain(now);
}
