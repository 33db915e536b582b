#!/usr/bin/env bash
# Stops what up.sh started, agents first, databases last. The data stays; --purge deletes the home.
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

help_if_asked "$@"
[[ $# -eq 0 || ($# -eq 1 && $1 == --purge) ]] || die "Usage: down.sh [--purge]"
need_home

# stop_all PATTERN: all of a kind at once, since each may take a while.
stop_all() {
  local name names=() jobs=()
  # shellcheck disable=SC2053 # a pattern
  for name in $(running_processes); do [[ $name != $1 ]] || names+=("$name"); done
  for name in "${names[@]}"; do
    locked "$name" stop_process "$name" &
    jobs+=($!)
  done
  ((${#jobs[@]} == 0)) || wait_for "${jobs[@]}"
  ((${#names[@]} == 0)) || say "Stopped: ${names[*]}"
}

wait_for() {
  local job failed=0
  for job in "$@"; do wait "$job" || failed=1; done
  ((failed == 0)) || die "Not everything could be stopped."
}

for kind in 'worker-*' 'echo-*' 'console-*' 'edge-*' 'control-*' rabbitmq postgres; do stop_all "$kind"; done
locked .epmd stop_process .epmd

[[ ${1:-} == --purge ]] || { say "The data stays in $FLEET_HOME."; exit 0; }
purge_home
say "Deleted: $FLEET_HOME"
