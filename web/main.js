// Wires the page together: address, form, engine, views.

import { Chart } from './charts/chart.js';
import { byId, element } from './dom.js';
import { Form } from './form.js';
import { Session } from './session.js';
import { Store } from './state.js';
import { createStory } from './story.js';
import { Tabs } from './tabs.js';
import { debouncedWriter, formatHash, pageValue, parseHash } from './url.js';
import { announcement, renderHeadline } from './views/headline.js';
import { instancesChart } from './views/instances.js';
import { renderNotice } from './views/notice.js';
import { regretChart } from './views/regret.js';
import { createTheory } from './views/theory.js';
import { sweepChart } from './views/sweep.js';
import { ttftChart } from './views/ttft.js';

/** @import {State} from './state.js' */
/** @import {Pair} from './types.d.ts' */
/** @import {ChartSpec} from './charts/spec.js' */

/**
 * The charts: what each shows is a function of the state, and which parts of the state it looks at.
 * @type {{id: string, title: string, show: (state: Readonly<State>) => ChartSpec|null, parts: (keyof State)[]}[]}
 */
const CHARTS = [
  { id: 'sweep', title: 'TTFT p99 against instances', show: sweepChart, parts: ['sweep', 'config'] },
  { id: 'ttft', title: 'Time to first token', show: ttftChart, parts: ['run', 'theory'] },
  { id: 'regret', title: 'Regret of routing over time', show: regretChart, parts: ['run'] },
  { id: 'instances', title: 'Requests per instance', show: instancesChart, parts: ['run'] },
];

/** Below this width the settings start folded, so that results are seen first. */
const NARROW = '(max-width: 60rem)';

const store = new Store();
const session = new Session(store);
const writeAddress = debouncedWriter((hash) => history.replaceState(null, '', hash));

function createCharts() {
  const parent = byId('charts');
  for (const { id, title, show, parts } of CHARTS) {
    const chart = new Chart(parent, { id, title });
    store.listen((state, before) => {
      if (parts.some((part) => state[part] !== before[part])) chart.update(show(state));
    });
  }
}

function createHeadline() {
  const parent = byId('headline');
  const live = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  parent.after(live);
  store.listen((state, before) => {
    if (state.run === null || state.run === before.run) return;
    renderHeadline(parent, state);
    live.textContent = announcement(state.run);
  });
}

/** @param {NonNullable<State['description']>} description */
function createForm(description) {
  const form = new Form(byId('form'), description, (key, text) => session.edit(key, text));
  const notice = byId('notice');
  store.listen((state) => {
    form.render(state);
    renderNotice(notice, state, form.unplaced(state), () => session.cancelRun());
  });
}

function createStoryButtons() {
  const key = store.state.description?.schema.find(({ path }) => path === 'cluster.num_instances')?.key ?? 'instances';
  const story = createStory(byId('story'), {
    onCount: (instances) => session.edit(key, String(instances)),
    onReset: () => session.openStory(),
    onSeed: () => session.drawSeed(),
  });
  store.listen(({ config }) => story.mark(config?.cluster.num_instances ?? 0));
}

/** The views of the main area; which one is shown is part of the state and of the address. */
function createTabs() {
  const panels = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.tab-panel'))];
  const tabs = new Tabs(byId('tabs'), panels, (name) => store.change({ tab: name === tabs.first ? '' : name }));
  store.listen(({ tab }, before) => {
    if (tab === before.tab) return;
    tabs.show(tab);
    document.body.dataset.tab = tab;
  });
  const follow = () =>
    store.change({ tab: pageValue(location.hash, 'tab'), lesson: pageValue(location.hash, 'lesson') });
  addEventListener('hashchange', follow);
  tabs.show('');
  follow();
}

/** The lessons are loaded when they are first looked at. */
function createLessons() {
  let wanted = false;
  store.listen(async ({ tab }) => {
    if (tab !== 'lessons' || wanted) return;
    wanted = true;
    const { LessonsTab } = await import('./views/lessons.js');
    await new LessonsTab(byId('panel-lessons'), store).start();
  });
}

function followAddress() {
  store.listen((state, before) => {
    const { pairs, tab, lesson } = state;
    const changed = pairs !== before.pairs || tab !== before.tab || lesson !== before.lesson;
    if (!changed || state.config === null) return;
    const page = /** @type {Pair[]} */ ([
      ['tab', tab],
      ['lesson', tab === 'lessons' ? lesson : ''],
    ]);
    writeAddress(formatHash(pairs, page));
  });
  const open = () => {
    const link = parseHash(location.hash);
    return link === null ? session.openStory() : session.open(link);
  };
  addEventListener('hashchange', open);
  return open();
}

/** Says on the body whether figures are still to come: for tests and scripts that wait. */
function markBusy() {
  store.listen(({ busy }) => {
    document.body.dataset.busy = String(busy);
  });
}

async function start() {
  if (matchMedia(NARROW).matches) byId('settings').removeAttribute('open');
  createCharts();
  createHeadline();
  createTheory(byId('panel-theory'), store);
  createLessons();
  createTabs();
  markBusy();
  await session.start();
  const { description } = store.state;
  if (!description) return;
  createForm(description);
  createStoryButtons();
  await followAddress();
}

await start();
