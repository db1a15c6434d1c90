#!/usr/bin/env bash
# ./run fuzz [SECONDS]: each libFuzzer target of tests/fuzz for so long (default 600), from the inputs
# in tests/fuzz/corpus/TARGET. What it finds is kept in build/fuzz: TARGET-corpus, crash-*, timeout-*.
# Ends badly when a target crashed or hung; says so and passes where clang cannot link a fuzzer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

seconds=${1:-600}
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$probe/p.cpp"
if ! clang++ -fsanitize=fuzzer,address,undefined -o "$probe/p" "$probe/p.cpp" 2>/dev/null; then
  echo "SKIPPED: fuzz targets (clang with libclang-rt-14-dev is not installed)"
  exit 0
fi

# -w: g++ judges the warnings; clang does not know all the names of those we switch off.
cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=ON \
  -DAIGUILLAGE_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++ \
  -DCMAKE_CXX_FLAGS="-w -O1 -gline-tables-only -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" >&2
targets=(expression_fuzz reader_fuzz snapshot_fuzz)
cmake --build build/fuzz -j "$jobs" --target "${targets[@]}" >&2
failed=()
for name in "${targets[@]}"; do
  mkdir -p "build/fuzz/$name-corpus"
  say "$name for $seconds s"
  (cd build/fuzz && "tests/$name" "-max_total_time=$seconds" -timeout=10 -max_len=20000 -verbosity=0 \
    -print_final_stats=1 "$name-corpus" "../../tests/fuzz/corpus/${name%_fuzz}") >"build/fuzz/$name.log" 2>&1 ||
    { failed+=("$name"); tail -n 60 "build/fuzz/$name.log"; }
  grep -E 'number_of_executed|new_units_added' "build/fuzz/$name.log" || true
done
[ ${#failed[@]} = 0 ] || { echo "fuzz targets that failed: ${failed[*]}" >&2; exit 1; }
