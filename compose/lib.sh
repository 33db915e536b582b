# shellcheck shell=bash
# What up.sh, down.sh, restart.sh and test.sh share: settings, words, ports. Linux with bash, /proc and util-linux.
set -euo pipefail

export HOME=${HOME:-$(getent passwd "$EUID" | cut -d: -f6)} # dotnet insists on one; cron and CI forget it
CHECKOUT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
FLEET_HOME=$(realpath -m -- "${FLEET_HOME:-$CHECKOUT/.fleet}")

# Logs, keys and data are nobody else's business.
USERS_UMASK=$(umask)
umask 077

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit "${DIE_CODE:-1}"; }
wrong_setting() { DIE_CODE=78 die "$@"; } # EX_CONFIG of sysexits.h

# help ARGUMENTS...: what stands at the head of the script, where it is asked for.
help_if_asked() {
  [[ " $* " != *" --help "* && " $* " != *" -h "* ]] || { sed -n '2,/^[^#]/{/^# shellcheck/d;s/^# \{0,1\}//p}' "$0"; exit 0; }
}

# --- the home

MARKER=$FLEET_HOME/.fleet-home # holds the home's id; without it nothing here is ever deleted

open_home() {
  if [[ ! -f $MARKER ]]; then
    [[ ! -e $FLEET_HOME || -z $(ls -A -- "$FLEET_HOME" 2>&1) ]] ||
      die "FLEET_HOME=$FLEET_HOME is not empty and not a Fleet home. Name a new or empty directory."
    (umask "$USERS_UMASK" && mkdir -p -- "$(dirname -- "$FLEET_HOME")")
    mkdir -p -- "$FLEET_HOME"
    od -An -N4 -tx4 /dev/urandom | tr -d ' ' >"$MARKER"
  fi
  read_home_id
  mkdir -p -- "$FLEET_HOME"/{data,logs,run}
  # The processes' own users pass through to their data, and see nothing else.
  ((EUID != 0)) || chmod 711 -- "$FLEET_HOME" "$FLEET_HOME/data"
}

need_home() {
  [[ -f $MARKER ]] || die "No fleet in $FLEET_HOME. Start one with compose/up.sh, or set FLEET_HOME."
  read_home_id
}

read_home_id() {
  FLEET_ID=$(<"$MARKER")
  [[ $FLEET_ID =~ ^[0-9a-f]{8}$ ]] || die "$MARKER does not hold the id of a home."
}

# Deletes the home, and the data that had to lie elsewhere.
purge_home() {
  rm -rf -- "$FLEET_HOME" "/var/lib/fleet-$FLEET_ID"
}

# --- ports

port_taken() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port FROM TAKEN...: the first port from FROM on that nobody listens on and that is not named.
free_port() {
  local port=$1
  shift
  while port_taken "$port" || [[ " $* " == *" $port "* ]]; do port=$((port + 1)); done
  echo "$port"
}

# need_port PROCESS PORT SETTING
need_port() {
  ! alive "$1" || return 0
  ! port_taken "$2" || die "$1 needs port $2, but another program listens there. Set $3 to a free port, or stop it."
}

# Checks the ports people chose and chooses the others, before anything is started.
settle_ports() {
  local n wanted=("$FLEET_RABBITMQ_PORT" "$FLEET_RABBITMQ_UI_PORT" "$FLEET_POSTGRES_PORT")
  for ((n = 1; n <= FLEET_EDGES; n++)); do wanted+=("$(edge_port "$n")"); done
  ((FLEET_TLS == 0)) || wanted+=("$FLEET_RABBITMQ_TLS_PORT" $(for ((n = 1; n <= FLEET_EDGES; n++)); do edge_tls_port "$n"; done))
  [[ -z $(printf '%s\n' "${wanted[@]}" | sort | uniq -d) ]] || die "Two settings name the same port: ${wanted[*]}"

  need_port rabbitmq "$FLEET_RABBITMQ_PORT" FLEET_RABBITMQ_PORT
  need_port rabbitmq "$FLEET_RABBITMQ_UI_PORT" FLEET_RABBITMQ_UI_PORT
  need_port postgres "$FLEET_POSTGRES_PORT" FLEET_POSTGRES_PORT
  for ((n = 1; n <= FLEET_EDGES; n++)); do need_port "edge-$n" "$(edge_port "$n")" FLEET_EDGE_PORT; done
  need_tls_ports

  local ports=()
  for ((n = 1; n <= FLEET_CONTROLS; n++)); do
    local port
    port=$(control_port "$n")
    alive "control-$n" || port=$(free_port "${port:-$FLEET_CONTROL_PORT}" "${wanted[@]}" "${ports[@]}")
    ports+=("$port")
  done
  CONTROL_PORTS=${ports[*]}

  local consoles=()
  for ((n = 1; n <= FLEET_CONSOLES; n++)); do
    local port
    port=$(console_port "$n")
    alive "console-$n" || port=$(free_port "${port:-7301}" "${wanted[@]}" "${ports[@]}" "${consoles[@]}")
    consoles+=("$port")
  done
  CONSOLE_PORTS=${consoles[*]}
  wanted+=("${consoles[@]}")

  alive echo-1 || ECHO_PORT=$(free_port "${ECHO_PORT:-11435}" "${wanted[@]}" "${ports[@]}")
  if ! alive rabbitmq; then
    local from=$((20000 + 16#$FLEET_ID % 10000)) # below what Linux gives to outgoing connections
    wanted+=("${ports[@]}" "$ECHO_PORT")
    METRICS_PORT=$(free_port "$from" "${wanted[@]}")
    DIST_PORT=$(free_port $((METRICS_PORT + 1)) "${wanted[@]}")
    alive .epmd || EPMD_PORT=$(free_port $((DIST_PORT + 1)) "${wanted[@]}")
  fi
}

edge_port() { echo $((FLEET_EDGE_PORT + $1 - 1)); }

# nth LIST N: the nth word.
nth() {
  local words
  read -ra words <<<"$1"
  echo "${words[$2 - 1]:-}"
}

control_port() { nth "$CONTROL_PORTS" "$1"; }
console_port() { nth "$CONSOLE_PORTS" "$1"; }

# shellcheck source=lib/settings.sh
source "$CHECKOUT/compose/lib/settings.sh"
# shellcheck source=lib/pids.sh
source "$CHECKOUT/compose/lib/pids.sh"
# shellcheck source=lib/packages.sh
source "$CHECKOUT/compose/lib/packages.sh"
# shellcheck source=lib/users.sh
source "$CHECKOUT/compose/lib/users.sh"
# shellcheck source=lib/broker.sh
source "$CHECKOUT/compose/lib/broker.sh"
# shellcheck source=lib/tls.sh
source "$CHECKOUT/compose/lib/tls.sh"
# shellcheck source=lib/archive.sh
source "$CHECKOUT/compose/lib/archive.sh"
# shellcheck source=lib/servers.sh
source "$CHECKOUT/compose/lib/servers.sh"
# shellcheck source=lib/processes.sh
source "$CHECKOUT/compose/lib/processes.sh"
# shellcheck source=lib/api.sh
source "$CHECKOUT/compose/lib/api.sh"
# shellcheck source=lib/cli.sh
source "$CHECKOUT/compose/lib/cli.sh"
