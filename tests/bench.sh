#!/usr/bin/env bash
# ./run bench [engine|peers|desk|sync|web|timers|mail|pipeline] [--check]: speed and size of the engine beside their goals; `peers`
# measures Qt SCXML and XState in the same run, where they are installed; `sync` the reading of
# 100,000 dossiers from DS, played by the bench itself or, with --peer, by the stand-in at DS_PEER_DIR; `desk` whole acts, and
# with --million [PROJECTS] what they and the pages cost on a record of a million projects, which it makes
# (an hour, 25 GB) and removes (not with --keep; it goes on where it was stopped); with --exchange the pages
# of 10,000 held dossiers, and what resembles a new project among 100,000; `web` the list pages of 100,000 projects (or --projects N), asked
# by wrk, 64 at once, beside a fixed page of the same server; `mail` the dispatcher on rounds of 1,000 mails (or --mails N) beside
# a bare loop of libcurl on the same server; `pipeline` each panel of figures on 100,000 projects (or --projects N). --check: a missed goal is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

what=engine
[[ ${1:-} == --* ]] || { what=${1:-engine}; [ $# = 0 ] || shift; }
peers=() results=build/bench
mkdir -p "$results"

# Builds one program of tests/bench in the release configuration.
compile() {
  cmake --preset release -DBUILD_TESTING=ON -DAIGUILLAGE_BENCH_PEERS="$2" >&2
  cmake --build --preset release -j "$jobs" --target "$1" >&2
}

qt() {
  if ! dpkg-query -W -f='${Status}' qt6-scxml-dev 2>/dev/null | grep -q 'ok installed'; then
    say "Qt SCXML is left out: it wants apt-get install qt6-scxml-dev qt6-base-dev"
    return
  fi
  compile qt_bench ON
  say "Qt SCXML $(dpkg-query -W -f='${Version}' qt6-scxml-dev)"
  build/release/tests/qt_bench | tee "$results/qt" >&2
  peers+=(--peer Qt "$results/qt")
}

xstate() {
  if ! command -v npm >/dev/null; then
    say "XState is left out: it wants npm"
    return
  fi
  install_npm tests/bench/peers
  say "XState $(node -p "require('./tests/bench/peers/node_modules/xstate/package.json').version"), Node $(node --version)"
  node --expose-gc tests/bench/peers/xstate_bench.mjs | tee "$results/xstate" >&2
  peers+=(--peer XState "$results/xstate")
}

case $what in
  engine | desk | sync | web | timers | mail | pipeline) ;;
  peers) qt; xstate ;;
  *) echo "Banc inconnu : $what (engine, peers, desk, sync, web, timers, mail, pipeline)" >&2 && exit 2 ;;
esac

desk() {
  local check=() million=() keep= projects=1000000 folder=build/bench/million
  while [ $# -gt 0 ]; do
    case $1 in
      --check) check=(--check) ;;
      --keep) keep=1 ;;
      --million)
        million=(--million "$folder")
        [[ ${2:-} =~ ^[0-9]+$ ]] && projects=$2 && shift
        ;;
      --exchange) million=(--exchange) projects=100000 ;;
      *) echo "Option inconnue : $1 (--check, --exchange, --million [PROJETS], --keep)" >&2 && exit 2 ;;
    esac
    shift
  done
  install_npm web/assets
  compile desk_bench OFF
  say "desk, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
  [ ${#million[@]} = 0 ] || million+=(--projects "$projects")
  local status=0
  build/release/tests/desk_bench "${million[@]}" "${check[@]}" || status=$?
  [ -n "$keep" ] || rm -rf "$folder"
  exit "$status"
}
[ "$what" != desk ] || desk "$@"

if [ "$what" = sync ]; then
  compile sync_bench OFF
  say "sync, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
  if [[ " $* " = *" --peer "* ]] && [ -z "${DS_PEER_DIR:-}" ]; then say "--peer wants DS_PEER_DIR" && exit 2; fi
  exec build/release/tests/sync_bench "$@"
fi

if [ "$what" = web ]; then
  install_npm web/assets
  compile web_bench OFF
  say "web, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
  exec build/release/tests/web_bench "$@"
fi

if [ "$what" = timers ]; then
  compile timers_bench OFF
  say "timers, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
  exec build/release/tests/timers_bench "$@"
fi

if [ "$what" = pipeline ]; then
  compile pipeline_bench OFF
  say "pipeline, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
  exec build/release/tests/pipeline_bench "$@"
fi

if [ "$what" = mail ]; then
  install_npm web/assets
  compile mail_bench OFF
  say "mail, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
  exec build/release/tests/mail_bench "$@"
fi

compile engine_bench OFF
say "engine, $(date -u +%F),$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores"
build/release/tests/engine_bench "${peers[@]}" "$@"
