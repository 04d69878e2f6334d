// The Story: one sentence, one figure, one slider, the cluster in motion and the curve. What it says is computed from the run.

import { formatHash } from '../../address/url.js';
import { hasRate } from '../../engine/axes.js';
import { wait } from '../../shared/format.js';
import { byId, element, setWords } from '../../ui/dom.js';
import * as words from '../../words/story.js';
import { Curve, pointsOf } from './curve.js';
import { INSTANCES, isAbout, isOpening, Scene, simulatedLine } from './scene.js';
import { bordersOf, fewestThatKeepUp, zoneOfRun } from './zones.js';

/** @import {State, Store} from '../../app/state.js' */
/** @import {Config, ShownRun} from '../../shared/types.d.ts' */
/** @import {Load, Zone} from './zones.js' */

/** The lesson that asks what the Story shows. */
export const FIRST_LESSON = 'three-times-the-machines';

/** Whether Back leads back from a change: it is a step, none, or goes on with the one before. @typedef {'step'|'none'|'same'} Step */

/**
 * @typedef {object} StoryActions
 * @property {(key: string, servers: number, step: Step) => void} onCount
 * @property {(words: string, opener: HTMLElement) => void} onOpening brings the opening scene back
 * @property {() => void} onSweep computes a curve that was only offered
 * @property {(state: Readonly<State>) => void} onDrawn
 * @property {(link: HTMLAnchorElement, go: () => void) => void} follow makes a link lead within the page
 */

/** A link in the shape of a button. @param {string} text @param {string} name */
const link = (text, name) => element('a', { class: `button ${name}`, href: './' }, text);

/** @param {string} text @param {string} name */
const button = (text, name) => element('button', { type: 'button', class: name }, text);

class Story {
  #store;

  #actions;

  #scene = new Scene();

  #key = 'instances';

  #slider = element('input', { type: 'range', id: 'story-servers', min: 1, max: 16, step: 1 });

  #value = element('output', { class: 'story-value', for: 'story-servers' });

  #badge = element('span', { class: 'badge', hidden: true });

  #factor = element('span', { class: 'factor', hidden: true });

  #more = button('', 'try');

  #why = [element('p', {}, words.WORKING), element('p', {})];

  #compute = button(words.CURVE_COMPUTE, 'quiet');

  #help = element('p', { class: 'curve-help' }, words.CURVE_HELP);

  #offered = element('p', { class: 'curve-offered', hidden: true }, `${words.CURVE_OFFERED} `, this.#compute);

  #back = button(words.BACK_TO_OPENING, 'quiet');

  #line = element('span', {});

  #curve;

  #live = element('p', { class: 'visually-hidden', 'aria-live': 'polite', id: 'story-live' });

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #telling;

  /**
   * @param {Store} store
   * @param {StoryActions} actions
   */
  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    this.#curve = new Curve((servers, first) => this.#choose(servers, first ? 'step' : 'same'));
    this.#build();
    this.#slider.addEventListener('input', () => this.#choose(Number(this.#slider.value), 'none'));
    this.#more.addEventListener('click', () => this.#try());
    this.#compute.addEventListener('click', () => actions.onSweep());
    this.#back.addEventListener('click', () => {
      // The button goes with the reason for it.
      this.#slider.focus();
      actions.onOpening(words.OPENED_AGAIN, this.#slider);
    });
    store.watch(['run', 'theory', 'sweep', 'description', 'tab'], (state, before) => this.#show(state, before));
    store.watch(['config'], ({ config }) => config && this.#place(config));
  }

  #build() {
    const [before, instance, after] = words.SLIDER_HELP;
    byId('story-slider').replaceChildren(
      element(
        'div',
        { class: 'slider-head' },
        element('label', { for: 'story-servers' }, words.SLIDER),
        element(
          'span',
          { class: 'slider-help' },
          before,
          element('em', {}, instance),
          element('span', { class: 'wide' }, after),
        ),
        this.#value,
      ),
      this.#slider,
    );
    byId('story-why').replaceChildren(element('h3', {}, words.WHY), ...this.#why);
    byId('story-curve').replaceChildren(
      element('h3', {}, words.CURVE_TITLE),
      this.#help,
      this.#offered,
      this.#curve.root,
    );
    const [lesson, settings] = [link(words.LESSON, 'primary'), link(words.ALL_SETTINGS, '')];
    lesson.href = formatHash(
      [],
      [
        ['tab', 'lessons'],
        ['lesson', FIRST_LESSON],
      ],
    );
    settings.dataset.place = 'explore';
    this.#actions.follow(lesson, () => this.#store.change({ tab: 'lessons', lesson: FIRST_LESSON }));
    byId('story-next').replaceChildren(lesson, settings);
    byId('story-simulated').replaceChildren(this.#line, ' ', this.#back);
    this.#back.hidden = true;
    for (const button of [this.#back, this.#more]) button.dataset.changes = '';
    this.#store.follow(['lock'], ({ lock }) => {
      this.#slider.disabled = lock === '1';
    });
    byId('story').append(this.#live);
  }

  /**
   * @param {number} servers
   * @param {Step} step
   */
  #choose(servers, step) {
    if (this.#store.state.lock === '1') return;
    this.#setValue(servers);
    this.#actions.onCount(this.#key, servers, step);
  }

  /** To the fewest servers that keep up. */
  #try() {
    this.#choose(Number(this.#more.dataset.servers), 'step');
    // The button is gone with the reason for it.
    this.#slider.focus();
  }

  /** @param {number} servers */
  #setValue(servers) {
    setWords(this.#value, String(servers));
    this.#slider.value = String(servers);
    this.#slider.style.setProperty('--share', String((servers - 1) / (Number(this.#slider.max) - 1)));
  }

  /** The slider follows the settings at once, before their run is there. @param {Config} config */
  #place(config) {
    const servers = config.cluster.num_instances;
    this.#scene.follow(config);
    this.#slider.max = String(this.#scene.range[1]);
    this.#setValue(servers);
  }

  /**
   * @param {Readonly<State>} state
   * @param {Readonly<State>} before
   */
  #show(state, before) {
    const { run, description, tab, pairs } = state;
    if (run === null || tab !== 'story') return;
    this.#key = description?.schema.find(({ path }) => path === INSTANCES)?.key ?? this.#key;
    const load = this.#scene.load(run, state.theory);
    const zone = zoneOfRun(run.summary, load);
    this.#showFigure(run, zone);
    this.#showBadge(run, zone, load);
    this.#showCurve(state, run, load);
    const theoryComes = !isAbout(run, state.theory) && ['', 'computing'].includes(state.theoryWork);
    this.#showWhy(run, zone, load, load === null && theoryComes);
    if (description !== null) {
      setWords(this.#line, simulatedLine(run, description, this.#key));
      this.#back.hidden = isOpening(pairs, description.schema);
    }
    if (run !== before.run) this.#actions.onDrawn(state);
    this.#tellLater();
  }

  /**
   * @param {ShownRun} run
   * @param {Zone|null} zone
   */
  #showFigure({ config, summary }, zone) {
    const late = summary.verdict.kind === 'overloaded';
    const servers = config.cluster.num_instances;
    const p99 = summary.ttft.p99_ms;
    setWords(byId('story-kicker'), words.kickerWords(summary, hasRate(config) ? config.workload.rate : null));
    setWords(byId('story-sentence'), p99 > 0 ? words.sentenceWords(servers, late) : words.noFigureWords(servers));
    setWords(byId('story-number'), p99 > 0 ? wait(p99) : words.NO_FIGURE);
    const [what, more] = p99 > 0 && !late ? words.OF_ANSWER : words.OF_WAIT;
    const also = `${late && zone !== null ? words.RISING : ''}${words.unansweredWords(summary)}`;
    byId('story-of').replaceChildren(what, element('span', { class: 'wide' }, more), also);
    byId('story-number').className = `story-number ${zone ?? summary.verdict.kind}`;
  }

  /**
   * @param {ShownRun} run
   * @param {Zone|null} zone
   * @param {Load|null} load
   */
  #showBadge({ config, summary }, zone, load) {
    const beside = byId('story-beside');
    if (!this.#badge.isConnected) beside.replaceChildren(this.#badge, this.#factor, this.#more);
    const { symbol, words: text } = zone === null ? words.VERDICTS[summary.verdict.kind] : words.ZONES[zone];
    this.#badge.hidden = false;
    setWords(this.#badge, `${symbol} ${text}`);
    this.#badge.className = `badge ${zone ?? summary.verdict.kind}`;
    const servers = config.cluster.num_instances;
    const { sweep } = this.#store.state;
    const { start } = this.#scene;
    const points = this.#scene.isSweptBy(sweep, config) ? pointsOf(sweep) : [];
    const [now, before] = [summary.ttft.p99_ms, points.find(({ at }) => at === start)?.ms ?? 0];
    const factor = servers === start ? '' : words.factorWords(now, before, start);
    setWords(this.#factor, factor);
    this.#factor.hidden = factor === '';
    this.#factor.classList.toggle('worse', now > before);
    const enough = load === null ? servers : fewestThatKeepUp(load, servers);
    this.#more.hidden = zone === 'keeps' || enough <= servers;
    this.#more.dataset.servers = String(enough);
    setWords(this.#more, words.tryWords(enough));
  }

  /**
   * @param {ShownRun} run
   * @param {Zone|null} zone
   * @param {Load|null} load
   * @param {boolean} working whether the reasons are on their way
   */
  #showWhy({ config, summary, limits }, zone, load, working) {
    const { num_instances: servers } = config.cluster;
    const facts = { servers, zone, load, slots: config.instance.max_num_running_reqs, summary, limits };
    const said = working ? [words.WORKING, ''] : words.whyWords(facts);
    byId('story-why').setAttribute('aria-busy', String(working));
    this.#why.forEach((line, i) => setWords(line, said[i]));
  }

  /**
   * @param {Readonly<State>} state
   * @param {ShownRun} run
   * @param {Load|null} load
   */
  #showCurve({ sweep, config }, run, load) {
    this.#offered.hidden = sweep?.status !== 'offered';
    const seeds = Math.max(0, ...(sweep?.points ?? []).map(({ bySeed }) => bySeed.size));
    setWords(this.#help, `${words.CURVE_HELP}${words.spreadWords(seeds)}`);
    const { range, start } = this.#scene;
    this.#curve.show({
      points: pointsOf(sweep).filter(({ at }) => at >= range[0] && at <= range[1]),
      stale: !this.#scene.isSweptBy(sweep, run.config),
      range,
      here: (config ?? run.config).cluster.num_instances,
      start,
      borders: load === null ? null : bordersOf(load, run.config.cluster.num_instances),
    });
  }

  /** Tells a screen reader once the slider rests. */
  #tellLater() {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      const text = (/** @type {string} */ id) => byId(id).textContent ?? '';
      const [badge, factor] = [this.#badge, this.#factor].map((each) => (each.hidden ? '' : (each.textContent ?? '')));
      const [line, figure, of] = ['story-sentence', 'story-number', 'story-of'].map(text);
      setWords(this.#live, words.announcement(line, figure, of, badge, factor));
    }, TELL_AFTER_MS);
  }
}

/** How long the figures must rest before they are read aloud, ms. */
const TELL_AFTER_MS = 700;

/**
 * @param {Store} store
 * @param {StoryActions} actions
 */
export function createStory(store, actions) {
  return new Story(store, actions);
}
