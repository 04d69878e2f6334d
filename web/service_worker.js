// Keeps the page for times without a connection, and the files of older builds for the tabs that still show them. Stands
// beside index.html, so that it is in charge of the folder that the page is served from and of nothing else. The build
// puts the folder of the page's files and their list in its place.

/* global BUILD */
const { folder, files } = BUILD;

/** All caches of this page begin so; other pages of the same origin have caches too. */
const PREFIX = `blis-playground ${new URL('./', location.href).pathname} `;

const CACHE = PREFIX + folder;

/** The page itself, without what follows the file name in its address. */
const PAGE = new URL('./', location.href).href;

/** The folders of all builds begin so. */
const BUILDS = new URL('app-', PAGE).href;

/** Builds that are kept whether a tab shows them or not: the present one and the one before. */
const KEPT = 2;

/** Fetches all files of the page; a build is kept whole or not at all. */
async function keepBuild() {
  const page = await fetch(PAGE, { cache: 'no-cache' });
  if (!(await page.clone().text()).includes(folder)) throw new Error('the page is of another build');
  const wasKept = await caches.has(CACHE);
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(files.map((file) => new URL(file, PAGE).href));
    await cache.put(PAGE, page);
  } catch (error) {
    // It would count as one of the builds that are kept. One that was whole before is still in use.
    if (!wasKept) await caches.delete(CACHE);
    throw error;
  }
}

/** The caches of this page, the newest first. */
async function ourCaches() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  return [CACHE, ...others.reverse()];
}

/**
 * The caches of builds that a tab shows: it holds a lock of that name.
 * @returns {Promise<(string|undefined)[]>}
 */
async function shown() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.map(({ name }) => name);
}

async function forgetOldBuilds() {
  const [old, alive] = [(await ourCaches()).slice(KEPT), await shown()];
  await Promise.all(old.filter((name) => !alive.includes(name)).map((name) => caches.delete(name)));
}

/** From now on this build answers all tabs; those of another one are told, so that they can offer to be loaded anew. */
async function takeOver() {
  await forgetOldBuilds();
  const { clients } = /** @type {any} */ (self);
  await clients.claim();
  for (const client of await clients.matchAll({ type: 'window' })) client.postMessage({ page: PAGE, build: folder });
}

/**
 * Whether an address is that of the page: folders below it may hold pages of their own.
 * @param {string} address
 */
function isPage(address) {
  const [path] = address.split(/[?#]/);
  return path === PAGE || path === `${PAGE}index.html`;
}

/**
 * The page comes from the server, so that a new build is seen at once; without a connection the kept one does.
 * @param {Request} request
 */
async function answerPage(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(PAGE, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

/**
 * Files in the folder of a build never change, and of an old build the server has none.
 * @param {Request} request
 */
async function answerFile(request) {
  for (const cacheName of await ourCaches()) {
    const kept = await caches.match(request, { cacheName });
    if (kept) return kept;
  }
  return fetch(request);
}

self.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(keepBuild().then(() => /** @type {any} */ (self).skipWaiting()));
});

self.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(takeOver()));

self.addEventListener('fetch', (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  if (request.method !== 'GET' || !request.url.startsWith(PAGE)) return;
  if (request.mode === 'navigate' && isPage(request.url)) event.respondWith(answerPage(request));
  else if (request.url.startsWith(BUILDS)) event.respondWith(answerFile(request));
});
