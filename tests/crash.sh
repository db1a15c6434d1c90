#!/usr/bin/env bash
# ./run crash [FILTER]: every SCXML document of the test framework through storage/, its process killed
# with SIGKILL at each write in turn, once with that write cut in half and once with it done, and taken
# up again by a new one. FILTER is GoogleTest's: ./run crash '*test187'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

install_npm web/assets
install_npm tests
cmake --preset release -DBUILD_TESTING=ON >&2
cmake --build --preset release -j "$jobs" --target workflows_test >&2
say "crash"
AIGUILLAGE_CRASH=all build/release/tests/workflows_test --gtest_brief=1 --gtest_filter="${1:-*Durable*}"
