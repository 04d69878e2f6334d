// Asks the browser to keep the page for times without a connection. Without that, the page works as before.

import { BUILD, PAGE, serviceWorkers } from '../shared/builds.js';
import { scriptAddress } from '../shared/trusted.js';

/** Long enough after the start not to compete with what a person waits for, ms. */
const AFTER_MS = 2000;

/** @param {Pick<ServiceWorkerContainer, 'register'>|undefined} container undefined where service workers are denied */
export async function keepForOffline(container = serviceWorkers()) {
  if (!container) return false;
  try {
    await container.register(scriptAddress(new URL('service_worker.js', PAGE)));
    return true;
  } catch {
    // Denied by the browser's settings, or not served over a safe connection: then there is no page without a connection.
    return false;
  }
}

/**
 * As long as this tab lives, the service worker of a newer build keeps the files of this one. The page begins with it: a
 * newer build may take over while this one is still being fetched.
 */
export function holdBuild() {
  // Denied where there is no service worker either: in a frame without an origin, or without a safe connection.
  navigator.locks
    ?.request(`blis-playground ${PAGE.pathname} ${BUILD}`, { mode: 'shared' }, () => new Promise(() => {}))
    .catch(() => {});
}

/** Once the page is there and has settled. */
export function keepForOfflineLater() {
  setTimeout(keepForOffline, AFTER_MS);
}
