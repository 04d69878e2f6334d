#!/usr/bin/env bash
# Builds the release here and in a copy of the sources in another folder, with nothing compiled before, and compares.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# What git would commit, so that nothing left over here decides.
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory="$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"
bash scripts/release.sh >/dev/null
(cd "$copy" && CARGO_TARGET_DIR="$copy/target" bash scripts/release.sh >/dev/null)
diff --recursive release "$copy/release"
cat release/SHA256SUMS
