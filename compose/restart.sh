#!/usr/bin/env bash
# restart.sh NAME [--kill]: stops one process, with --kill without asking it, starts it again and waits until it is ready.
# A process that is dead already is just started.
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

help_if_asked "$@"
need_home
load_settings
name=${1:-}
fleet_processes | grep -Fx -- "$name" >/dev/null && [[ $# -eq 1 || ($# -eq 2 && $2 == --kill) ]] ||
  die "Usage: restart.sh NAME [--kill], where NAME is one of: $(fleet_processes | tr '\n' ' ')"
refuse_moving_a_running_fleet
has_broker_logins || die "The broker of this home still has its guest. Call compose/up.sh once."
make_users
# what it cannot do without: the servers, and for an agent somebody to register with
for needed in rabbitmq postgres $([[ $name != worker-* ]] || echo control-1 edge-1); do
  [[ $name == rabbitmq || $name == postgres ]] || alive "$needed" ||
    die "$needed does not run, and $name needs it. Start the fleet: compose/up.sh"
done

restart() {
  stop_process "$name" "$1"
  start_now "$name"
}

# The lock is let go before the wait: what this process waits for may be another one's restart.
locked "$name" restart "$([[ ${2:-} == --kill ]] && echo 0 || echo 30)"
wait_ready "$name"
say "$name runs, pid $(pid_of "$name"), $(address_of "$name")"
