#!/usr/bin/env bash
# enrol.sh NAME: prints a command that makes another host the agent NAME of this fleet. Paste it into a shell of that host, as
# root or as who may use sudo. It works once, within an hour; for a host that is an agent already it brings its worker up to date.
# The fleet must run with FLEET_TLS=1 and a FLEET_LISTEN that the host reaches; see compose/README.md.
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

help_if_asked "$@"
[[ $# -eq 1 && $1 =~ ^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$ ]] ||
  die "Usage: enrol.sh NAME, where NAME has up to 60 lower-case letters, digits and inner hyphens."
need_home
load_settings
((FLEET_TLS == 1)) ||
  wrong_setting "Other hosts come in by TLS alone. Start the fleet with FLEET_TLS=1 and FLEET_LISTEN=0.0.0.0 (compose/up.sh --help)."
alive edge-1 && alive control-1 || die "The fleet does not run. Start it: compose/up.sh"
[[ -s $FLEET_HOME/admin.key ]] || die "$FLEET_HOME/admin.key is missing, by which a token could be made."

locked .worker-archive worker_archive "$(own_dir control)/worker.tar.gz" "$(user_of control)" >&2
answer=$(api "$(admin_key)" /v1/agents/enrolments --fail-with-body -H 'Content-Type: application/json' -d "{\"name\":\"$1\"}") ||
  die "No enrolment could be made for $1: $answer"
command=$(field command "$answer")
[[ -n $command ]] || die "Control knows nothing of FLEET_TLS=1 yet. Restart it: compose/restart.sh control-1"
[[ $FLEET_LISTEN != @(127.*|::1) ]] ||
  say "The fleet listens on $FLEET_LISTEN alone: no other machine reaches it. FLEET_LISTEN=0.0.0.0 opens it to all." >&2
say "Paste this on the host that is to be $1; it reaches $FLEET_PUBLIC_HOST at ports $FLEET_EDGE_TLS_PORT and $FLEET_RABBITMQ_TLS_PORT:" >&2
say "" >&2
say "$command"
