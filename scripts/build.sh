#!/usr/bin/env bash
# Builds the page into dist/: the engine as WebAssembly, the modules of web/, and uPlot.
set -euo pipefail
cd "$(dirname "$0")/.."

# wasm-pack finds wasm-opt (npm package binaryen) on the path.
export PATH="$PWD/node_modules/.bin:$PATH"

# Messages of panics name source files: without the folders of this machine, the same sources give the same bytes.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$PWD=/blis --remap-path-prefix=$cargo_home=/cargo --remap-path-prefix=$(rustc --print sysroot)=/rust"

# Vector instructions, which every current browser has: the reference's random streams pass over a thousand token ids for a
# request of usual size, several at a time with them (docs/performance.md).
export RUSTFLAGS="$RUSTFLAGS -C target-feature=+simd128"

# Level 3 makes the module a sixth larger and, in the browser, no faster (docs/performance.md).
export CARGO_PROFILE_RELEASE_OPT_LEVEL=2

wasm-pack --quiet build --target web --release --out-dir pkg --no-default-features --features js
node scripts/package.mjs
node scripts/assemble.mjs
