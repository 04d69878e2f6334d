#!/usr/bin/env bash
# Builds the page into dist/: the engine as WebAssembly, the modules of web/, and uPlot.
set -euo pipefail
cd "$(dirname "$0")/.."

# wasm-pack finds wasm-opt (npm package binaryen) on the path.
export PATH="$PWD/node_modules/.bin:$PATH"

wasm-pack --quiet build --target web --release --out-dir pkg --no-default-features
node scripts/assemble.mjs
