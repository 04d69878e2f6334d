// The Story: one sentence, one figure, one slider, the cluster in motion and the curve. What it says is computed from the run.

import { openingPairs } from '../../address/opening.js';
import { axisOf, hasRate } from '../../engine/axes.js';
import { textOf } from '../../settings/settings.js';
import { counted, simulatedBy, simulatedWords } from '../../settings/simulated.js';
import { duration } from '../../shared/format.js';
import { byId, element, setWords } from '../../ui/dom.js';
import * as words from '../../words/story.js';
import { Curve, pointsOf } from './curve.js';
import { bordersOf, fewestThatKeepUp, loadOf, zoneOfRun } from './zones.js';

/** @import {State, Store} from '../../app/state.js' */
/** @import {Config, Description, Pair, Setting, ShownRun} from '../../shared/types.d.ts' */
/** @import {Load, Zone} from './zones.js' */

/** The lesson that asks what the Story shows. */
export const FIRST_LESSON = 'three-times-the-machines';

/** The fewest servers that the slider reaches to. */
const MOST = 16;

/** The setting of the slider. */
const INSTANCES = 'cluster.num_instances';

/** Settings that differ within a scene. */
const FREE = [INSTANCES, 'seed'];

/** Whether Back leads back from a change: it is a step, none, or goes on with the one before. @typedef {'step'|'none'|'same'} Step */

/**
 * @typedef {object} StoryActions
 * @property {(key: string, servers: number, step: Step) => void} onCount
 * @property {(words: string) => void} onOpening brings the opening scene back
 * @property {() => void} onSweep computes a curve that was only offered
 * @property {(state: Readonly<State>) => void} onDrawn
 * @property {(link: HTMLAnchorElement, go: () => void) => void} follow makes a link lead within the page
 */

/**
 * The settings that decide which runs can be compared: all but the number of servers and the seed.
 * @param {Config} config
 */
function sceneOf(config) {
  return JSON.stringify({ ...config, seed: null, cluster: { ...config.cluster, num_instances: null } });
}

/**
 * Where one started: the number of servers with which a scene was first shown.
 * It is asked at every new configuration, so that it notices.
 */
export class Start {
  #scene = '';

  #servers = 0;

  /**
   * @param {Config} config
   * @returns {number}
   */
  of(config) {
    const scene = sceneOf(config);
    if (scene !== this.#scene) {
      this.#scene = scene;
      this.#servers = config.cluster.num_instances;
    }
    return this.#servers;
  }
}

/**
 * Whether the settings are those of the opening but for the number of servers and the seed.
 * @param {Pair[]} pairs
 * @param {Setting[]} schema
 */
export function isOpening(pairs, schema) {
  const [texts, opening] = [new Map(pairs), new Map(openingPairs())];
  return schema.every((setting) => FREE.includes(setting.path) || textOf(setting, texts) === textOf(setting, opening));
}

/**
 * What is simulated, without the number of servers, which stands everywhere else, and with the seed.
 * @param {ShownRun} run
 * @param {Description} description
 * @param {string} key of the number of servers
 */
function simulatedLine(run, description, key) {
  const { parts, changes } = simulatedBy(run, description, [key]);
  const simulated = {
    // The last part says what is varied.
    parts: [...parts.slice(0, -1), { text: words.seedWords(String(run.config.seed)) }],
    changes: changes.filter(({ setting }) => !FREE.includes(setting.path)),
  };
  const stated = simulated.parts.map(({ text }) => text).join(' · ');
  return `${words.EXPERTS_SAY} ${counted(simulated).length === 0 ? stated : simulatedWords(simulated)}`;
}

/** A link in the shape of a button. @param {string} text @param {string} name */
const link = (text, name) => element('a', { class: `button ${name}`, href: './' }, text);

/** @param {string} text @param {string} name */
const button = (text, name) => element('button', { type: 'button', class: name }, text);

class Story {
  #store;

  #actions;

  #start = new Start();

  #key = 'instances';

  #slider = element('input', { type: 'range', id: 'story-servers', min: 1, max: MOST, step: 1 });

  #value = element('output', { class: 'story-value', for: 'story-servers' });

  #badge = element('span', { class: 'badge', hidden: true });

  #factor = element('span', { class: 'factor', hidden: true });

  #more = button('', 'try');

  #why = [element('p', {}, words.WORKING), element('p', {})];

  #compute = button(words.CURVE_COMPUTE, 'quiet');

  #help = element('p', { class: 'curve-help' }, words.CURVE_HELP);

  #offered = element('p', { class: 'curve-offered', hidden: true }, `${words.CURVE_OFFERED} `, this.#compute);

  #back = button(words.BACK_TO_OPENING, 'quiet');

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
    this.#back.addEventListener('click', () => actions.onOpening(words.OPENED_AGAIN));
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
    lesson.href = `#v=1&tab=lessons&lesson=${FIRST_LESSON}`;
    settings.dataset.place = 'explore';
    this.#actions.follow(lesson, () => this.#store.change({ tab: 'lessons', lesson: FIRST_LESSON }));
    byId('story-next').replaceChildren(lesson, settings);
    byId('story').append(this.#live);
  }

  /**
   * @param {number} servers
   * @param {Step} step
   */
  #choose(servers, step) {
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
    this.#start.of(config);
    this.#slider.max = String(Math.max(MOST, servers));
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
    const load = loadOf(run, state.theory);
    const zone = zoneOfRun(run.summary, load);
    this.#showFigure(run, zone);
    this.#showBadge(run, zone, load);
    this.#showCurve(state, run, load);
    // While theory is on its way, the reasons of the run before stay, dimmed; words that come and go are not read.
    const pending = load === null && state.theory === null && ['', 'computing'].includes(state.theoryWork);
    byId('story-why').classList.toggle('pending', pending);
    if (!pending) this.#showWhy(run, zone, load);
    if (description !== null)
      byId('story-simulated').replaceChildren(
        element('span', {}, simulatedLine(run, description, this.#key)),
        ' ',
        ...(isOpening(pairs, description.schema) ? [] : [this.#back]),
      );
    if (run !== before.run) this.#actions.onDrawn(state);
    this.#tellLater();
  }

  /**
   * @param {ShownRun} run
   * @param {Zone|null} zone
   */
  #showFigure({ config, summary }, zone) {
    const late = summary.verdict.kind === 'overloaded';
    setWords(byId('story-kicker'), words.kickerWords(summary, hasRate(config) ? config.workload.rate : null));
    setWords(byId('story-sentence'), words.sentenceWords(config.cluster.num_instances, late));
    setWords(byId('story-number'), duration(summary.ttft.p99_ms));
    const [what, more] = words.OF_FIRST_WORD;
    byId('story-of').replaceChildren(what, element('span', { class: 'wide' }, more), late ? words.RISING : '');
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
    const start = this.#start.of(config);
    const points = pointsOf(this.#store.state.sweep);
    const before = points.find(({ at }) => at === start)?.ms ?? 0;
    const factor = servers === start ? '' : words.factorWords(summary.ttft.p99_ms, before, start);
    setWords(this.#factor, factor);
    this.#factor.hidden = factor === '';
    const enough = load === null ? servers : fewestThatKeepUp(load, servers);
    this.#more.hidden = zone === 'keeps' || enough <= servers || enough > Number(this.#slider.max);
    this.#more.dataset.servers = String(enough);
    setWords(this.#more, words.tryWords(enough));
  }

  /**
   * @param {ShownRun} run
   * @param {Zone|null} zone
   * @param {Load|null} load
   */
  #showWhy({ config, summary, limits }, zone, load) {
    const { num_instances: servers } = config.cluster;
    const said = words.whyWords({ servers, zone, load, slots: config.instance.max_num_running_reqs, summary, limits });
    this.#why.forEach((line, i) => setWords(line, said[i]));
  }

  /**
   * @param {Readonly<State>} state
   * @param {ShownRun} run
   * @param {Load|null} load
   */
  #showCurve({ sweep, config }, run, load) {
    this.#offered.hidden = sweep?.status !== 'offered';
    const points = pointsOf(sweep);
    const seeds = Math.max(0, ...(sweep?.points ?? []).map(({ bySeed }) => bySeed.size));
    setWords(this.#help, `${words.CURVE_HELP}${words.spreadWords(seeds)}`);
    const here = (config ?? run.config).cluster.num_instances;
    const counts = axisOf('').values(config ?? run.config, null);
    this.#curve.show({
      points,
      range: [counts[0], counts[counts.length - 1]],
      here,
      start: this.#start.of(run.config),
      borders: load === null ? null : bordersOf(load, run.config.cluster.num_instances),
    });
  }

  /** Tells a screen reader once the slider rests. */
  #tellLater() {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      const text = (/** @type {string} */ id) => byId(id).textContent ?? '';
      const [badge, factor] = [this.#badge, this.#factor].map((each) => (each.hidden ? '' : (each.textContent ?? '')));
      setWords(this.#live, words.announcement(text('story-sentence'), text('story-number'), badge, factor));
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
