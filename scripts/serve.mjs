// A plain static file server for dist/, for people and for the tests.
// As a command: `node scripts/serve.mjs FOLDER` (PORT and HOST from the environment).

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What a careful host would send; the page must work under it. */
export const STRICT_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

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
 * Starts a server that serves `folder` below `base` and nothing else.
 * @param {{folder: string, base?: string, port?: number, host?: string, policy?: string}} options
 * @returns {Promise<{address: string, close: () => Promise<void>}>}
 */
export async function serve({ folder, base = '/', port = 0, host = '127.0.0.1', policy = STRICT_POLICY }) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname.startsWith(base) ? fileAt(root, `/${pathname.slice(base.length)}`) : null;
    if (file === null) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      // A rebuild must show at the next reload.
      'Cache-Control': 'no-store',
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done(undefined));
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    address: `http://${host}:${actualPort}${base}`,
    close: () => new Promise((done) => server.close(() => done())),
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
