// Asks the browser to keep the page for times without a connection. Without that, the page works as before.

import { FOLDER } from '../shared/folder.js';

/** Long enough after the start not to compete with what a person waits for, ms. */
const AFTER_MS = 2000;

/** @param {Pick<ServiceWorkerContainer, 'register'>|undefined} container undefined where service workers are denied */
export async function keepForOffline(container = navigator.serviceWorker) {
  if (!container) return false;
  try {
    await container.register(new URL('../service_worker.js', FOLDER));
    return true;
  } catch {
    // Denied by the browser's settings, or not served over a safe connection: then there is no page without a connection.
    return false;
  }
}

/** Once the page is there and has settled. */
export function keepForOfflineLater() {
  setTimeout(keepForOffline, AFTER_MS);
}
