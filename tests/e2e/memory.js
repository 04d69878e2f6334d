// What the browser's processes hold, as Linux tells it, and an engine that is given little.

import { readdirSync, readFileSync } from 'node:fs';

/** Of the processes in which pages live, by their command lines in Chromium and Firefox. */
const PAGE_PROCESS = /--type=renderer|-contentproc/;

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** The parent of each process. @returns {Map<number, number>} */
function parents() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.map((pid) => {
      const stat = textOf(`/proc/${pid}/stat`);
      return [Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
    }),
  );
}

/** What the largest page of the browsers that this process has started holds, MB. */
function largestPage() {
  const all = parents();
  const isOurs = (/** @type {number|undefined} */ pid) => {
    for (let at = pid; at; at = all.get(at)) if (at === process.pid) return true;
    return false;
  };
  const sizes = [...all.keys()].filter(isOurs).map((pid) => {
    if (!PAGE_PROCESS.test(textOf(`/proc/${pid}/cmdline`))) return 0;
    return (Number(/VmRSS:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024) / 1e6;
  });
  return Math.max(0, ...sizes);
}

/**
 * The most that a page holds while something is done, MB.
 * @param {() => Promise<unknown>} work
 */
export async function peakWhile(work) {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, largestPage());
  };
  const timer = setInterval(look, 50);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

/**
 * An unsigned number of a WebAssembly module: seven bits a byte, the lowest first.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function numberAt(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value |= (bytes[at] & 0x7f) << shift;
    if (bytes[at] < 0x80) return { value, next: at + 1 };
  }
}

/** @param {number} value */
function numberBytes(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/**
 * The module with a memory that cannot grow beyond this.
 * @param {Uint8Array} module
 * @param {number} pages of 64 KiB
 */
export function withLittleMemory(module, pages) {
  let at = 8;
  while (at < module.length) {
    const { value: length, next } = numberAt(module, at + 1);
    // The section of memories: how many, whether with a maximum, the minimum.
    if (module[at] === 5) {
      const minimum = numberAt(module, next + 2).value;
      const body = [1, 1, ...numberBytes(minimum), ...numberBytes(pages)];
      return Buffer.concat([
        module.subarray(0, at),
        Buffer.from([5, ...numberBytes(body.length), ...body]),
        module.subarray(next + length),
      ]);
    }
    at = next + length;
  }
  throw new Error('the module has no memory');
}
