// What the page does unasked, at most. What costs more is offered with its time and memory (docs/ARCHITECTURE.md).

/** A worker that holds more than this many bytes is replaced when it is idle: WebAssembly cannot give memory back. A run of
 * the opening's size needs 6 MB, one of a million requests about this much. */
export const FAT_WORKER_BYTES = 256 * 2 ** 20;
