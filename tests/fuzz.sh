#!/usr/bin/env bash
# ./run fuzz [SECONDS]: each libFuzzer target of tests/fuzz for so long (default 600). What it finds
# is kept in build/fuzz/TARGET-corpus and as crash-* beside it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

seconds=${1:-600}
cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=ON \
  -DAIGUILLAGE_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++ \
  -DCMAKE_CXX_FLAGS="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" >&2
for source in tests/fuzz/*_fuzz.cpp; do
  name=$(basename "$source" .cpp)
  cmake --build build/fuzz -j "$jobs" --target "$name" >&2
  mkdir -p "build/fuzz/$name-corpus"
  say "$name for $seconds s"
  (cd build/fuzz && "tests/$name" "-max_total_time=$seconds" -timeout=10 -max_len=20000 \
    -print_final_stats=1 "$name-corpus")
done
