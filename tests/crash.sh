#!/usr/bin/env bash
# ./run crash [FILTER]: processes that die in the midst of their work.
#  - Every SCXML document of the test framework through storage/, its process killed with SIGKILL at
#    each write in turn, once with that write cut in half and once with it done, and taken up again.
#  - The desk on SQLite and on PostgreSQL, killed (on SQLite also: its power cut) at each statement and
#    each write of an act, then 2,000 times on each at random with several people at work.
# FILTER is GoogleTest's: ./run crash '*test187'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

install_npm web/assets
install_npm tests
cmake --preset release -DBUILD_TESTING=ON >&2
cmake --build --preset release -j "$jobs" --target workflows_test >&2
export AIGUILLAGE_CRASH=all
say "crash"
build/release/tests/workflows_test --gtest_brief=1 --gtest_filter="${1:-*Durable*:Crash*}"
say "crash, PostgreSQL"
TEST_RECORD=postgresql build/release/tests/workflows_test --gtest_brief=1 --gtest_filter="${1:-Crash*}"
