#!/usr/bin/env bash
# All checks, one stage after the other. A failed stage does not stop the others, but the end is then an error.
# `test.sh full` adds what takes longer than one waits for: thousands of random cases, the release built twice, every
# page test in Firefox, the audit by Lighthouse, fuzzing.
set -uo pipefail
cd "$(dirname "$0")/.."

readonly SIZE=${1:-normal}
case $SIZE in
  normal | full) ;;
  *)
    echo "test: unknown size '$SIZE': expected normal or full" >&2
    exit 2
    ;;
esac

export PATH="$PWD/node_modules/.bin:$PATH"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
readonly LOG=${TEST_LOG:-target/test.log}
mkdir -p "$(dirname "$LOG")"
: >"$LOG"

passed=0
failed=()
skipped=()

# skip NAME REASON: reports that something was not checked, which is no success.
skip() {
  skipped+=("$1")
  printf 'skipped %-36s         %s\n' "$1" "$2"
  echo "=== $1 skipped: $2" >>"$LOG"
}

# What a command ends with that could not check anything; its last line says why.
readonly SKIPPED=77

# stage NAME COMMAND...: runs the command, shows its output if it failed, and one line in any case.
stage() {
  local name=$1 start=$SECONDS output code=0
  shift
  output=$(mktemp)
  "$@" >"$output" 2>&1 </dev/null || code=$?
  if [ "$code" -eq "$SKIPPED" ]; then
    skip "$name" "$(tail -1 "$output")"
  elif [ "$code" -eq 0 ]; then
    passed=$((passed + 1))
    printf 'ok      %-36s %4d s  %s\n' "$name" "$((SECONDS - start))" "$(headline "$output")"
  else
    failed+=("$name")
    cat "$output"
    printf 'FAILED  %-36s %4d s\n' "$name" "$((SECONDS - start))"
  fi
  { echo "=== $name"; cat "$output"; } >>"$LOG"
  rm -f "$output"
}

# The line in which a test runner counts its tests, if the stage has one, and what passed only at a second try.
headline() {
  awk '/^test result:/ { runs += 1; passed += $4; ignored += $8 }
    END { if (runs > 0) printf "%d passed, %d ignored\n", passed, ignored }' "$1"
  grep -E '^ *[0-9]+ flaky' "$1" | tail -1 | sed 's/^ *//; s/$/, /' | tr -d '\n'
  grep -E '^# pass|^ *[0-9]+ passed|^dist/:|^[a-z]+: Performance' "$1" | tail -1 | sed 's/^ *//; s/\x1b\[[0-9;]*m//g'
}

# The random tests at their full size, in fast code.
random_tests_at_full_size() {
  VERDICT_FROM=50000 VERDICT_SCENES=3000 SIZING_FULL=1 LESSONS_FULL=1 MEASUREMENTS_FULL=1 ORACLE_CASES=10000 \
    cargo test --profile full-size --test it -- lessons:: measurements:: oracle:: sizing:: verdict::
}

# A minute for each target, from the stored corpus on; what is found there stays outside of it.
fuzz_targets() {
  local target found
  found=$(mktemp -d)
  for target in tests/fuzz/fuzz_targets/*.rs; do
    target=$(basename "$target" .rs)
    cargo +nightly fuzz run --fuzz-dir tests/fuzz "$target" "$found" "tests/fuzz/corpus/$target" -- -max_total_time=60 || return 1
  done
  rm -rf "$found"
}

# A headless browser through its driver.
wasm_tests_in_chrome() {
  local driver
  driver=$(node scripts/browser.mjs driver) || return 1
  CHROMEDRIVER=$driver wasm-pack test --headless --chrome --no-default-features --features js --test wasm
}

wasm_tests_in_firefox() {
  local driver
  driver=$(node scripts/browser.mjs geckodriver) || return 1
  GECKODRIVER=$driver wasm-pack test --headless --firefox --no-default-features --features js --test wasm
}

# In the full size Firefox is asked everything, and Chromium shows every view in each look.
page_tests() {
  local full=
  if [ "$SIZE" = full ]; then full=1; fi
  PAGES_FULL=$full npm run --silent test:e2e -- --project "$1"
}

# Checks that the packaged crate builds by itself; the build is a quick one, since only that matters. Fails on any packaging
# warning except the expected ones: tests are excluded, and the manifest names no repository URL.
package_of_the_crate() {
  local output
  output=$(CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_DEBUG=none cargo package --allow-dirty 2>&1) || {
    echo "$output"
    return 1
  }
  echo "$output"
  ! grep '^warning' <<<"$output" | grep -vE 'no documentation, homepage or repository$|^warning: ignoring test `'
}

# A crate that depends on the library and is compiled for WebAssembly gets nothing of the JavaScript interface. In the full
# size it is a page, made with Leptos, which brings a wasm-bindgen of its own.
rust_consumer() {
  local tree consumer=(--manifest-path tests/consumer-rust/Cargo.toml --target wasm32-unknown-unknown)
  tree=$(cargo tree "${consumer[@]}" --edges normal --prefix none) || return 1
  if grep -E '^(wasm-bindgen|js-sys|tsify|getrandom|clap|rayon) ' <<<"$tree"; then
    echo 'the library brings these along'
    return 1
  fi
  if [ "$SIZE" = full ]; then consumer+=(--features page); fi
  cargo check "${consumer[@]}" --target-dir "${CARGO_TARGET_DIR:-target}/consumer-rust"
}

# The command line as a program in Python uses it. The native tests have built it.
example_in_python() {
  if command -v python3 >/dev/null; then
    stage 'example in Python' env BLIS="${CARGO_TARGET_DIR:-target}/debug/blis" python3 -m unittest discover examples/python
  else
    skip 'example in Python' 'there is no python3'
  fi
}

licences_and_duplicates() {
  if cargo deny --version >/dev/null 2>&1; then
    stage 'licences, duplicates, sources' cargo deny --offline check licenses bans sources
  else
    skip 'licences, duplicates, sources' 'cargo-deny is not installed (cargo install cargo-deny --locked); CI has it'
  fi
  skip 'advisories' 'their databases need the network: CI runs cargo deny check advisories and npm audit'
}

stage 'rustfmt' cargo fmt --check
stage 'clippy, native' cargo clippy --all-targets -- -D warnings
stage 'clippy, wasm' cargo clippy --lib --target wasm32-unknown-unknown --no-default-features --features js -- -D warnings
stage 'a program in Rust for WebAssembly' rust_consumer
stage 'tests, native' cargo test --no-fail-fast --lib --bins --test it
example_in_python
stage 'tests, documentation examples' cargo test --doc
stage 'documentation' env RUSTDOCFLAGS='-D warnings' cargo doc --no-deps
stage 'package of the crate' package_of_the_crate
licences_and_duplicates
stage 'tests, wasm in headless Chrome' wasm_tests_in_chrome
stage 'tests, wasm in headless Firefox' wasm_tests_in_firefox
# Either builds the page that the stages in a browser open.
if [ "$SIZE" = full ]; then
  stage 'release, built twice, same bytes' bash scripts/reproducible.sh
else
  stage 'release' bash scripts/release.sh
fi
stage 'prettier' npm run --silent format:check
stage 'eslint' npm run --silent lint
stage 'types of the page' npm run --silent types
stage 'tests, Node' npm run --silent test:unit
stage 'tests, page in headless Chromium' page_tests chromium
stage 'tests, page in headless Firefox' page_tests firefox
if [ "$SIZE" = full ]; then
  stage 'random tests at full size' random_tests_at_full_size
  stage 'package in Vite and React, from the registry' node scripts/vite.mjs
  stage 'audit by Lighthouse' node scripts/lighthouse.mjs
  if cargo +nightly fuzz --version >/dev/null 2>&1; then
    stage 'fuzz targets, a minute each' fuzz_targets
  else
    skip 'fuzz targets, a minute each' 'cargo-fuzz and a nightly Rust are not installed'
  fi
fi

echo "stages: $passed passed, ${#failed[@]} failed, ${#skipped[@]} skipped"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
