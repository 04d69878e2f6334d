#!/usr/bin/env bash
# Builds the page as one folder, dist/, ready for any static host, and in release/ the same as an archive and the npm
# package. The same sources give the same bytes, wherever and whenever they are built with the same tools.
set -euo pipefail
cd "$(dirname "$0")/.."

tar --version | grep -q GNU || {
  echo "release: GNU tar is needed, which can sort and set times" >&2
  exit 1
}

bash scripts/build.sh
version=$(node -p "JSON.parse(require('fs').readFileSync('pkg/package.json')).version")
rm -rf release
mkdir release
# No order, owner, mode or time of this machine; gzip -n leaves out the time too.
tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=ustar \
  --transform="s,^dist,blis-playground-$version," dist | gzip -9n >"release/blis-playground-$version-page.tar.gz"
npm pack --silent --pack-destination release ./pkg >/dev/null
(cd release && sha256sum -- *.tar.gz *.tgz | tee SHA256SUMS)
