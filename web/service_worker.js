// Keeps the page for times without a connection. Stands beside index.html, so that it is in charge of the folder that the
// page is served from and of nothing else. The build puts the folder of the page's files and their list in its place.

/* global BUILD */
const { folder, files } = BUILD;

/** All caches of this page begin so; other pages of the same origin have caches too. */
const PREFIX = `blis-playground ${new URL('./', location.href).pathname} `;

const CACHE = PREFIX + folder;

/** The page itself, without what follows the file name in its address. */
const PAGE = new URL('./', location.href).href;

/** Fetches all files of the page; a build is kept whole or not at all. */
async function keepBuild() {
  const page = await fetch(PAGE, { cache: 'no-cache' });
  if (!(await page.clone().text()).includes(folder)) throw new Error('the page is of another build');
  const cache = await caches.open(CACHE);
  await cache.addAll(files.map((file) => new URL(file, PAGE).href));
  await cache.put(PAGE, page);
}

async function forgetOtherBuilds() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
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
 * Files in the folder of a build never change.
 * @param {Request} request
 */
async function answerFile(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}

self.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(keepBuild().then(() => /** @type {any} */ (self).skipWaiting()));
});

self.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(forgetOtherBuilds().then(() => /** @type {any} */ (self).clients.claim()));
});

self.addEventListener('fetch', (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  if (request.method !== 'GET' || !request.url.startsWith(PAGE)) return;
  if (request.mode === 'navigate') event.respondWith(answerPage(request));
  else if (request.url.startsWith(new URL(`${folder}/`, PAGE).href)) event.respondWith(answerFile(request));
});
