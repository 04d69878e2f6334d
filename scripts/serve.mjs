// A plain static file server for dist/, for people and for the tests. Like most hosts it compresses what compresses well.
// As a command: `node scripts/serve.mjs FOLDER` (PORT and HOST from the environment).

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What a careful host would send; the page must work under it. */
export const STRICT_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types blis',
].join('; ');

/** A policy governs documents and workers; with any other file it says nothing. */
const GOVERNED = /\.html$|worker\.js$/;

/** Compressed already. */
const PACKED = new Set(['.png']);

/** What the build names after its content: a new build has new names. */
const UNCHANGING = /^app-[0-9a-f]+\//;

/**
 * Compressed files, so that each is compressed once, by path and time of change.
 * @type {Map<string, Buffer>}
 */
const compressed = new Map();

/** @param {string} file */
function gzipped(file) {
  const key = `${file} ${statSync(file).mtimeMs}`;
  const known = compressed.get(key) ?? gzipSync(readFileSync(file), { level: 9 });
  compressed.set(key, known);
  return known;
}

/**
 * The file that an address names, or null if there is none inside the folder.
 * @param {string} folder
 * @param {string} path
 * @returns {string|null}
 */
function fileAt(folder, path) {
  let file;
  try {
    file = join(folder, normalize(decodeURIComponent(path)));
  } catch {
    return null;
  }
  if (file !== folder && !file.startsWith(folder + sep)) return null;
  if (file.endsWith(sep) || file === folder) file = join(file, 'index.html');
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

/**
 * What a server sends with a file besides its length; `null` takes a header away.
 * @typedef {(path: string) => Record<string, string|null>} Headers
 */

/**
 * Starts a server that serves `folder` below `base` and nothing else.
 * @param {object} options
 * @param {string} options.folder
 * @param {string} [options.base]
 * @param {number} [options.port]
 * @param {string} [options.host]
 * @param {string} [options.policy]
 * @param {Headers} [options.headers] in place of ours, by the path below the folder
 * @param {string} [options.fallback] the file that stands for all that there is not
 * @returns {Promise<{address: string, close: () => Promise<void>}>}
 */
export async function serve({
  folder,
  base = '/',
  port = 0,
  host = '127.0.0.1',
  policy = STRICT_POLICY,
  headers = () => ({}),
  fallback,
}) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const found = pathname.startsWith(base) ? fileAt(root, `/${pathname.slice(base.length)}`) : null;
    const file = found ?? (fallback === undefined ? null : join(root, fallback));
    if (file === null) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
      return;
    }
    const gzip = !PACKED.has(extname(file)) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const body = gzip ? gzipped(file) : readFileSync(file);
    const path = file.slice(root.length + 1).replaceAll(sep, '/');
    const unchanging = UNCHANGING.test(path);
    const sent = {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': body.length,
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
      Vary: 'Accept-Encoding',
      ...(GOVERNED.test(path) ? { 'Content-Security-Policy': policy } : {}),
      // A rebuild must show at the next reload.
      'Cache-Control': unchanging ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...headers(path),
    };
    response.writeHead(200, Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null)));
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done(undefined));
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    address: `http://${host}:${actualPort}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        // Browsers open connections in advance, which the server would wait for, up to a minute.
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? 'dist';
  const { address } = await serve({
    folder,
    port: Number(process.env.PORT ?? 8080),
    host: process.env.HOST ?? '127.0.0.1',
  });
  console.log(`The playground is at ${address} (Ctrl-C stops it)`);
}
