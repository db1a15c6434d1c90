#!/usr/bin/env bash
# ./run test [SUITE]: every suite in turn, the ten slowest tests, one plain closing line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

results=build/results
rm -rf "$results" && mkdir -p "$results"

# Runs one GoogleTest program; its report goes to results/NAME.json whatever happens. What it says
# is shown when it ends: two of them run side by side.
run_program() {
  local name=$1 program=$2
  shift 2
  local status=0
  "$program" --gtest_brief=1 --gtest_output="json:$results/$name.json" "$@" \
    >"$results/$name.log" 2>&1 || status=$?
  [ $status = 0 ] || touch "$results/$name.failed"
  # A program that died before its report counts as one failure, not as silence.
  [ -s "$results/$name.json" ] ||
    echo "{\"testsuites\":[{\"name\":\"$name\",\"testsuite\":[{\"name\":\"died\",\"status\":\"RUN\",\"time\":\"0s\",\"failures\":[{}]}]}]}" >"$results/$name.json"
  say "$name"
  cat "$results/$name.log"
}

gtest() {
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
  run_program "$@" &
}

rooms="workflows storage connectors notifications engine forms house"  # the longest first

# Every test program of one build, with more options for them behind its name. That of the pages takes
# as long as all others: half of it on each core.
programs() {
  local name=$1
  shift
  GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=0 gtest "web.$name" "build/$name/tests/web_test" "$@"
  GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1 gtest "web.again.$name" "build/$name/tests/web_test" "$@"
  for room in $rooms; do
    gtest "$room.$name" "build/$name/tests/${room}_test" "$@"
  done
  wait
}

# The tests of the record and of the desk once more, on PostgreSQL; those that ask no record are left out.
on_postgresql() {
  local name=$1
  shift
  local room
  for room in "$@"; do
    TEST_RECORD=postgresql gtest "$room.postgresql.$name" "build/$name/tests/${room}_test" \
      --gtest_filter='-Documents/*:W3c*:Scion*:Durable*:Scxml*:GeneratedCharts.StayLegal*:Rails/*:Guide*:CheckRails*:DrawRails*:Calendar*:Stories*'
  done
  wait
}

unit() {
  install_npm tests
  build plain -DBUILD_TESTING=ON
  gtest simulation.plain build/plain/tests/simulation_test
  programs plain
  on_postgresql plain storage workflows
}

asan() {
  install_npm tests
  build dev -DBUILD_TESTING=ON
  # Its long stacks at each allocation are what it would wait for; equal lives are the release round's.
  ASAN_OPTIONS=malloc_context_size=3 SIMULATED_YEARS=500 \
    gtest simulation.dev build/dev/tests/simulation_test --gtest_filter='*NoWorld*'
  # The long ones are the release round's: the comparisons with Node, with the DS peer and between the
  # databases, and whatever is killed at each write.
  programs dev --gtest_filter='-Differential.*:Peer.SaysEachThingOnceWhateverFault:Chaos.*:*Durable*:Crash.*:TwoDatabases.*'
  on_postgresql dev storage
}

# Races are looked for where threads meet: the writer, the desk, the dispatcher, turns at the door.
tsan() {
  say "build with TSan"
  cmake --preset tsan -DBUILD_TESTING=ON >&2
  cmake --build --preset tsan -j "$jobs" --target storage_test threads_test >&2
  gtest storage.tsan build/tsan/tests/storage_test
  TEST_RECORD=postgresql gtest storage.postgresql.tsan build/tsan/tests/storage_test
  gtest threads.tsan build/tsan/tests/threads_test --gtest_filter='*Concurren*:*Threads*:Turns.*'
  wait
}

# The program and those tests that the release round runs: the others' code is compiled elsewhere.
build_release() {
  install_npm web/assets
  cmake --preset release -DBUILD_TESTING=ON >&2
  cmake --build --preset release -j "$jobs" --target aiguillage "$@" >&2
}

# Walks, random walks, the W3C's documents and the exchange with DS at the speed people will meet.
release() {
  install_npm tests
  build_release simulation_test connectors_test workflows_test engine_test
  # 10,000 project-years, half of them on each core.
  SIMULATED_YEARS=5000 gtest simulation.release build/release/tests/simulation_test
  SIMULATED_YEARS=5000 gtest simulation.again.release build/release/tests/simulation_test
  for room in connectors workflows engine; do
    gtest "$room.release" "build/release/tests/${room}_test"
  done
  on_postgresql release workflows
}

browser() {
  install_npm tests/browser
  build_release
  say "browser"
  node tests/browser/run.mjs "$results/browser.json" || touch "$results/browser.failed"
}

# Every combination of page, role, state and light, and a life by keyboard alone: ./run a11y.
a11y() {
  install_npm tests/browser
  build_release
  say "a11y"
  EVERY_COMBINATION=1 node tests/browser/run.mjs "$results/a11y.json" accessibility life_of_a_project || touch "$results/a11y.failed"
}

# What stands around the product: nginx, several processes, the unit.
operations() {
  build_release
  say "operations"
  node tests/operations/run.mjs "$results/operations.json" || touch "$results/operations.failed"
}

# One line in the report for a command that is not a test program.
report() {
  local name=$1 status=$2
  [ "$status" = 0 ] || touch "$results/$name.failed"
  echo "{\"testsuites\":[{\"name\":\"$name\",\"testsuite\":[{\"name\":\"whole\",\"status\":\"RUN\",\"time\":\"0s\"$([ "$status" = 0 ] || echo ',"failures":[{}]')}]}]}" >"$results/$name.json"
}

format() {
  say "format"
  local status=0
  git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run -Werror || status=$?
  report format $status
}

# A few seconds a target: that they build, and that nothing found before comes back.
fuzz() {
  say "fuzz"
  local status=0
  tests/fuzz.sh 5 || status=$?
  report fuzz $status
}

lint() {
  say "lint"
  local status=0
  tests/lint.sh || status=$?
  report lint $status
}

case ${1:-everyday} in
  everyday) format; asan; tsan; release; browser; operations; fuzz ;;
  all) format; asan; tsan; release; browser; operations; fuzz; lint ;;
  unit | asan | tsan | release | browser | a11y | operations | fuzz | format | lint) "$1" ;;
  *) echo "Suite inconnue : $1 (unit, asan, tsan, release, browser, operations, fuzz, format, lint, all)" >&2 && exit 2 ;;
esac

node tests/summary.mjs "$results"
shopt -s nullglob
failed=("$results"/*.failed)
[ ${#failed[@]} = 0 ] || { echo "failed: $(basename -as .failed "${failed[@]}" | xargs)" >&2; exit 1; }
