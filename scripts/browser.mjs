// Finds the installed Chromium and Firefox and their drivers; nothing is ever downloaded.
// As a command: `node scripts/browser.mjs browser|driver|firefox|geckodriver` prints the path or fails.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KINDS = {
  browser: { variable: 'CHROMIUM', names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] },
  driver: { variable: 'CHROMEDRIVER', names: ['chromedriver'] },
  firefox: { variable: 'FIREFOX', names: ['firefox-esr', 'firefox'] },
  geckodriver: { variable: 'GECKODRIVER', names: ['geckodriver'] },
};

/** Switches for a browser that runs as root in a container without network. */
export const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The program's path: the environment variable if set, else the first of the known names on PATH.
 * @param {keyof typeof KINDS} kind
 * @returns {string}
 */
export function findProgram(kind) {
  const { variable, names } = KINDS[kind];
  const chosen = process.env[variable];
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    throw new Error(`${variable}=${chosen} is not an executable file`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (isExecutable(path)) return path;
    }
  }
  throw new Error(`no ${names.join(', ')} on PATH and ${variable} is not set`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kind = process.argv[2];
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`usage: browser.mjs ${Object.keys(KINDS).join('|')}`);
  console.log(findProgram(/** @type {keyof typeof KINDS} */ (kind)));
}
