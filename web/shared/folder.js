// Where the files of the page are served: every script of a build lies one folder below, as this one does in web/.

export const FOLDER = new URL('..', import.meta.url);

/** The engine's WebAssembly. */
export const ENGINE = new URL('pkg/blis_playground_bg.wasm', FOLDER);
