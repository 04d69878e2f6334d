#!/usr/bin/env bash
# Installs what a build ("setup.sh build") or the tests ("setup.sh test") need and this machine lacks.
# What is there in the right version is left alone; what cannot be installed is named in one line.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly PURPOSE=${1:-build}
readonly WASM_PACK_VERSION=0.15.1
readonly GECKODRIVER_VERSION=0.36.0
readonly MINIMUM_NODE=20.19

fail() {
  echo "setup: $*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The version of the wasm-bindgen crate; the command line must be of exactly the same version.
wasm_bindgen_version() {
  grep -A1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"$/\1/p'
}

need_rust() {
  has cargo || fail "cargo is missing: install Rust 1.89 or newer (https://rustup.rs)"
}

need_wasm_target() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] && return
  has rustup || fail "the Rust target wasm32-unknown-unknown is missing and there is no rustup to add it"
  rustup target add wasm32-unknown-unknown
}

need_wasm_pack() {
  [ "$(wasm-pack --version 2>/dev/null)" = "wasm-pack $WASM_PACK_VERSION" ] && return
  cargo install wasm-pack --locked --version "$WASM_PACK_VERSION"
}

need_wasm_bindgen() {
  local version
  version=$(wasm_bindgen_version)
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
  # Without --locked: the lock file of that release names a pre-release that is not in the registry.
  cargo install wasm-bindgen-cli --version "$version"
}

need_node() {
  has node || fail "node is missing: install Node.js $MINIMUM_NODE or newer"
  has npm || fail "npm is missing: it comes with Node.js"
  node -e 'const [[major, minor], need] = process.argv.slice(1).map((text) => text.split(".").map(Number));
    process.exit(major > need[0] || (major === need[0] && minor >= need[1]) ? 0 : 1)' \
    "$(node -p process.versions.node)" "$MINIMUM_NODE" ||
    fail "node $(node --version) is too old: install Node.js $MINIMUM_NODE or newer"
}

# npm ci throws node_modules away first, so it only runs when the lock file has changed since.
need_node_modules() {
  local stamp=node_modules/.installed-from
  cmp -s package-lock.json "$stamp" && return
  npm ci --no-audit --no-fund
  cp package-lock.json "$stamp"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif has sudo; then sudo "$@"; else
    fail "not root and no sudo, so this cannot be run: $*"
  fi
}

need_browsers() {
  local missing=()
  node scripts/browser.mjs browser >/dev/null 2>&1 || missing+=(chromium)
  node scripts/browser.mjs driver >/dev/null 2>&1 || missing+=(chromium-driver)
  node scripts/browser.mjs firefox >/dev/null 2>&1 || missing+=(firefox-esr)
  [ ${#missing[@]} -eq 0 ] && return
  has apt-get || fail "missing: ${missing[*]}; install them, or set CHROMIUM, CHROMEDRIVER and FIREFOX"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Any driver will do that is there already: it comes with some systems, in the version that fits their Firefox.
need_geckodriver() {
  node scripts/browser.mjs geckodriver >/dev/null 2>&1 && return
  cargo install geckodriver --locked --version "$GECKODRIVER_VERSION"
}

need_rust
need_wasm_target
need_node
need_node_modules
need_wasm_pack
need_wasm_bindgen
case $PURPOSE in
  build) ;;
  test)
    need_browsers
    need_geckodriver
    ;;
  *) fail "unknown purpose '$PURPOSE': expected build or test" ;;
esac
echo "setup: everything that '$PURPOSE' needs is there"
