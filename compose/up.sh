#!/usr/bin/env bash
# One machine, the whole fleet: RabbitMQ, PostgreSQL, Control, Edge, Console and Worker as processes of this machine.
# What runs already stays; what is missing is started. With Docker instead: docker compose -f compose/compose.yaml up
#
# Settings of the environment, which later calls remember:
#   FLEET_HOME            where everything lies (.fleet in the checkout); not remembered
#   FLEET_{EDGE,CONTROL,RABBITMQ,RABBITMQ_UI,POSTGRES}_PORT
#   FLEET_{CONTROLS,EDGES,CONSOLES,WORKERS}   how many of each; what is too many is stopped
#   FLEET_TLS=1           lets other machines in by TLS: at FLEET_LISTEN (127.0.0.1; 0.0.0.0 for all addresses), ports
#                         FLEET_EDGE_TLS_PORT (8443) and FLEET_RABBITMQ_TLS_PORT (5671), called FLEET_PUBLIC_HOST there
#   FLEET_USER            as whom the processes run when root calls this (fleet)
#   FLEET_BUILD=0         runs what was built last; not remembered
#   FLEET_ECHO_MODEL=1    adds a server of models that repeats what it is asked
#   Section__Name=value   any setting of the processes, such as Retention__Days=7; kept in $FLEET_HOME/settings.env
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

help_if_asked "$@"
(($# == 0)) || wrong_setting "up.sh takes no arguments, but was given: $*. Settings come from the environment; see up.sh --help."
load_settings
need_packages
[[ ${FLEET_BUILD:-1} == 0 ]] || need_dotnet
open_home
exec 8>"$FLEET_HOME/run/.up.lock"
flock 8 # a second call waits, and then says what runs
refuse_moving_a_running_fleet
make_users
leave_guest
stop_what_runs_as_another
settle_ports
save_settings
keep_process_settings
ran=" $(running_processes | tr '\n' ' ')"

stop_surplus

# Everything that need not wait starts at once: the servers come up while the build runs.
start_process rabbitmq
start_process postgres
build || { stop_started; exit 1; }
wait_ready postgres
for ((n = 1; n <= FLEET_CONTROLS; n++)); do start_process "control-$n"; done
for ((n = 1; n <= FLEET_EDGES; n++)); do
  if edge_is_outdated "$n"; then
    say "edge-$n is restarted to learn of another Control or console."
    locked "edge-$n" stop_process "edge-$n"
    ran=${ran/ edge-$n / }
  fi
  start_process "edge-$n"
done
for ((n = 1; n <= FLEET_CONSOLES; n++)); do start_process "console-$n"; done
((FLEET_ECHO_MODEL == 0)) || start_process echo-1
for name in $(fleet_processes); do [[ $name == worker-* ]] || wait_ready "$name"; done

if worker_is_outdated; then
  say "worker-1 is restarted to learn of the echo model."
  locked worker-1 stop_process worker-1
  ran=${ran/ worker-1 / }
fi
for ((n = 1; n <= FLEET_WORKERS; n++)); do
  let_worker_enrol "worker-$n"
  start_process "worker-$n"
done
for ((n = 1; n <= FLEET_WORKERS; n++)); do wait_ready "worker-$n"; done

install_cli

for name in $( (fleet_processes; running_processes) | awk '!told[$0]++'); do
  word=started
  [[ $ran != *" $name "* ]] || word="ran already"
  printf '%-12s %-11s pid %-8s %s\n' "$name" "$word" "$(pid_of "$name")" "$(address_of "$name")"
done
earlier=$(with_earlier_settings | tr '\n' ' ')
[[ -z $earlier ]] || say "Run with settings from before $SETTINGS_FILE was changed: ${earlier}- compose/restart.sh NAME brings them the new ones."
console=
((FLEET_CONSOLES == 0)) || console=$'\n'"Console       $(edge_url 1)/ui/  (log in with the admin key)"
public=
((FLEET_TLS == 0)) || public=$'\n'"For others    $(public_edge), $(public_broker), authority $(authority_file); a host more: compose/enrol.sh NAME"
cat <<END

Edge          $(edge_url 1)$console$public
RabbitMQ UI   http://127.0.0.1:$FLEET_RABBITMQ_UI_PORT  (operator, password in $(broker_password_file operator))
PostgreSQL    127.0.0.1:$FLEET_POSTGRES_PORT  (fleet, password in $FLEET_HOME/postgres.password)
Admin key     $FLEET_HOME/admin.key
Logs          $FLEET_HOME/logs
Run as        $(who_runs)

A first job, with its output and its exit code here:

export PATH=$(printf %q "$FLEET_HOME/bin"):\$PATH
fleet run -- echo hello
END
((FLEET_ECHO_MODEL == 0)) || cat <<END

A first chat, with the model that repeats what it is asked:

fleet chat -m echo 'Hello, fleet of models!'
END
