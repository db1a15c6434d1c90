#!/usr/bin/env bash
# ./run pictures: the release build's own demo, photographed into docs/pictures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run
install_npm tests/browser
build release -DBUILD_TESTING=ON
exec node tests/browser/pictures.mjs "$@"
