#!/usr/bin/env bash
# ./run test [SUITE]: every suite in turn, the ten slowest tests, one plain closing line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

results=build/results
rm -rf "$results" && mkdir -p "$results"
failed_suites=()

# Runs one GoogleTest program; its report goes to results/NAME.json whatever happens.
gtest() {
  local name=$1 program=$2
  shift 2
  say "$name"
  local status=0
  "$program" --gtest_brief=1 --gtest_output="json:$results/$name.json" "$@" || status=$?
  [ $status = 0 ] || failed_suites+=("$name")
  # A program that died before its report counts as one failure, not as silence.
  [ -s "$results/$name.json" ] ||
    echo "{\"testsuites\":[{\"name\":\"$name\",\"testsuite\":[{\"name\":\"died\",\"status\":\"RUN\",\"time\":\"0s\",\"failures\":[{}]}]}]}" >"$results/$name.json"
}

rooms="engine storage forms workflows notifications connectors web house"

unit() {
  build dev -DBUILD_TESTING=ON
  for room in $rooms; do
    [ -x "build/dev/tests/${room}_test" ] && gtest "$room" "build/dev/tests/${room}_test"
  done
  return 0
}

# Races are looked for where threads meet: the writer, the desk, the dispatcher.
tsan() {
  say "build with TSan"
  cmake --preset tsan -DBUILD_TESTING=ON >&2
  cmake --build --preset tsan -j "$jobs" --target storage_test workflows_test notifications_test >&2
  gtest storage.tsan build/tsan/tests/storage_test --gtest_filter='*Concurren*:*Threads*'
  gtest desk.tsan build/tsan/tests/workflows_test --gtest_filter='*Concurren*:*Threads*'
  gtest dispatcher.tsan build/tsan/tests/notifications_test --gtest_filter='*Concurren*:*Threads*'
}

release() {
  build release -DBUILD_TESTING=ON
  gtest walks.release build/release/tests/workflows_test --gtest_filter='*Walk*'
  [ -x build/release/tests/simulation_test ] &&
    gtest simulation.release build/release/tests/simulation_test
  return 0
}

browser() {
  install_npm tests/browser
  build release -DBUILD_TESTING=ON
  say "browser"
  node tests/browser/run.mjs "$results/browser.json" || failed_suites+=(browser)
}

format() {
  say "format and lint"
  local status=0
  git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run -Werror || status=$?
  tests/lint.sh || status=$?
  [ $status = 0 ] || failed_suites+=(format)
  echo "{\"testsuites\":[{\"name\":\"format\",\"testsuite\":[{\"name\":\"clang\",\"status\":\"RUN\",\"time\":\"0s\"$([ $status = 0 ] || echo ',"failures":[{}]')}]}]}" >"$results/format.json"
}

case ${1:-all} in
  all) unit; tsan; release; browser; format ;;
  unit | tsan | release | browser | format) "$1" ;;
  *) echo "Suite inconnue : $1 (unit, tsan, release, browser, format)" >&2 && exit 2 ;;
esac

node tests/summary.mjs "$results"
[ ${#failed_suites[@]} = 0 ] || { echo "failed: ${failed_suites[*]}" >&2; exit 1; }
