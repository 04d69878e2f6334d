// The views besides the overview: each comes, with its styles, when its tab is first shown.

import { fileMissing } from '../shared/builds.js';
import { FOLDER } from '../shared/folder.js';
import { byId, element } from '../ui/dom.js';
import { isOverview } from '../shared/places.js';
import { LOADING } from '../words/page.js';

/** @import {Session} from './session.js' */
/** @import {Pool} from '../engine/pool.js' */
/** @import {State, Store} from './state.js' */

/** @import {NewerBuild} from './newer.js' */

/**
 * What a view works with.
 * @typedef {object} PageParts
 * @property {Store} store
 * @property {Session} session
 * @property {Pool} pool
 * @property {import('./dialogs.js').Dialogs} dialogs
 * @property {ReturnType<typeof import('../views/theory/client.js').keepTheory>} theorist
 */

/**
 * @typedef {object} LazyView
 * @property {string} tab as in `data-tab` of the panel
 * @property {string[]} styles below web/views
 * @property {string[]} [ownStyles] more of them, for what is only on its own tab and not on the overview
 * @property {() => Promise<(panel: HTMLElement, page: PageParts) => unknown>} load gives what puts it into its panel
 */

/** @type {LazyView[]} */
const VIEWS = [
  {
    tab: 'cluster',
    styles: ['cluster/cluster.css', 'cluster/breaking.css', 'cluster/story.css'],
    ownStyles: ['cluster/inspector/inspector.css'],
    async load() {
      const { ClusterView } = await import('../views/cluster/view.js');
      const places = { overview: byId('live'), story: byId('story-cluster') };
      return (panel, { store, pool, session }) =>
        new ClusterView({ panel, ...places }, store, pool, (values) => session.press(values));
    },
  },
  {
    tab: 'details',
    styles: ['details/details.css'],
    async load() {
      const { DetailsView } = await import('../views/details/view.js');
      return (panel, page) => new DetailsView(panel, page);
    },
  },
  {
    tab: 'compare',
    styles: ['compare/routings.css'],
    async load() {
      const { createCompare } = await import('../views/compare/view.js');
      return createCompare;
    },
  },
  {
    tab: 'plan',
    styles: ['plan/plan.css'],
    async load() {
      const { createPlan } = await import('../views/plan/view.js');
      return createPlan;
    },
  },
  {
    tab: 'theory',
    styles: ['theory/theory.css'],
    async load() {
      const { createTheory } = await import('../views/theory/view.js');
      return (panel, { store, theorist }) => createTheory(panel, store, theorist);
    },
  },
  {
    tab: 'lessons',
    styles: [
      'lessons/lessons.css',
      'lessons/course.css',
      'lessons/results.css',
      'lessons/pictures.css',
      'lessons/room/stage.css',
      'lessons/room/bets.css',
      'lessons/room/pages.css',
      'lessons/room/sheet.css',
      'lessons/own/own.css',
    ],
    async load() {
      const { LessonsTab } = await import('../views/lessons/view.js');
      return (panel, { store, pool }) => new LessonsTab(panel, store, pool).start();
    },
  },
];

/**
 * Loads a style sheet; its view waits for it, so that it does not show unstyled first. Without it the view is plain, and
 * works: the browser tells in its console why.
 * @param {string} path
 * @returns {Promise<boolean>} whether it came
 */
export function loadStyle(path) {
  const link = element('link', { rel: 'stylesheet', href: new URL(`views/${path}`, FOLDER).href });
  return new Promise((over) => {
    link.addEventListener('load', () => over(true));
    // The next visit to the tab does not try again: what is shown would change under the reader.
    link.addEventListener('error', () => over(false));
    document.head.append(link);
  });
}

/**
 * @param {string[]} paths
 * @returns {Promise<boolean>} whether all came
 */
async function loadStyles(paths) {
  const came = await Promise.all(paths.map(loadStyle));
  return !came.includes(false);
}

/**
 * @param {LazyView} view
 * @param {PageParts} page
 * @param {NewerBuild} newer
 * @returns {Promise<boolean>} whether it is there now
 */
async function startView({ tab, styles, load }, page, newer) {
  const panel = byId(`panel-${tab}`);
  panel.replaceChildren(element('p', { class: 'view-empty', role: 'status' }, LOADING));
  try {
    const [build, styled] = await Promise.all([load(), loadStyles(styles)]);
    panel.replaceChildren();
    build(panel, page);
    // If the view itself did not come either, its panel says what there is to say.
    if (!styled) fileMissing();
    return true;
  } catch (error) {
    // It may be a defect of the view, whether there is a newer build or not.
    reportError(error);
    await newer.sayMissing(error, panel);
    return false;
  }
}

/**
 * The view that a state needs: Story and overview show the cluster as soon as there are figures.
 * @param {Readonly<State>} state
 */
function viewFor({ tab, busy, run }) {
  const besideFigures = isOverview(tab) || tab === 'story';
  const wanted = besideFigures && run !== null && !busy ? 'cluster' : tab;
  return VIEWS.find((candidate) => candidate.tab === wanted);
}

/**
 * Starts each view when its tab is first shown.
 * @param {PageParts} page
 * @param {NewerBuild} newer
 */
export function startViewsWhenShown(page, newer) {
  /** @type {Set<string>} */
  const started = new Set();
  page.store.watch(['tab', 'busy', 'run'], async (state, before) => {
    const view = viewFor(state);
    if (view?.ownStyles && view.tab === state.tab) {
      loadStyles(view.ownStyles).then((styled) => styled || fileMissing());
      view.ownStyles = [];
    }
    if (!view || view === viewFor(before) || started.has(view.tab)) return;
    started.add(view.tab);
    if (!(await startView(view, page, newer))) started.delete(view.tab);
  });
}
