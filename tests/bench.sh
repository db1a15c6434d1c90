#!/usr/bin/env bash
# ./run bench [WHAT]: builds and runs each program of tests/bench, or the one that is named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

cmake --preset release -DBUILD_TESTING=ON >&2
for source in tests/bench/*_bench.cpp; do
  name=$(basename "$source" .cpp)
  [ $# = 0 ] || [ "$name" = "${1}_bench" ] || continue
  cmake --build --preset release -j "$jobs" --target "$name" >&2
  say "$name, $(date -u +%F), $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2)"
  "build/release/tests/$name"
done
