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
die() { printf '%s\n' "$*" >&2; exit 1; }

# --- settings: the environment wins, then what the home remembers, then the default

REMEMBERED=(
  FLEET_USER
  FLEET_EDGE_PORT FLEET_CONTROL_PORT FLEET_RABBITMQ_PORT FLEET_RABBITMQ_UI_PORT FLEET_POSTGRES_PORT
  FLEET_CONTROLS FLEET_EDGES FLEET_CONSOLES FLEET_WORKERS FLEET_ECHO_MODEL
  CONTROL_PORTS CONSOLE_PORTS ECHO_PORT METRICS_PORT DIST_PORT EPMD_PORT
)

remembered() {
  [[ ! -f $FLEET_HOME/run/env ]] || sed -n "s/^$1=//p" "$FLEET_HOME/run/env"
}

# setting NAME DEFAULT LEAST MOST
setting() {
  local name=$1 value
  value=${!name:-$(remembered "$name")}
  value=${value:-$2}
  [[ $value =~ ^[0-9]{1,5}$ ]] && ((10#$value >= $3 && 10#$value <= $4)) ||
    die "$name is '$value', but must be a whole number from $3 to $4."
  printf -v "$name" %d "$((10#$value))"
}

load_settings() {
  setting FLEET_EDGE_PORT 8080 1 65535
  setting FLEET_CONTROL_PORT 7001 1 65535
  setting FLEET_RABBITMQ_PORT 5672 1 65535
  setting FLEET_RABBITMQ_UI_PORT 15672 1 65535
  setting FLEET_POSTGRES_PORT 5432 1 65535
  setting FLEET_CONTROLS 1 1 50
  setting FLEET_EDGES 1 1 50
  setting FLEET_CONSOLES 1 0 20
  setting FLEET_WORKERS 1 0 200
  setting FLEET_ECHO_MODEL 0 0 1
  load_users
  CONTROL_PORTS=$(remembered CONTROL_PORTS)
  CONSOLE_PORTS=$(remembered CONSOLE_PORTS)
  ECHO_PORT=$(remembered ECHO_PORT)
  METRICS_PORT=$(remembered METRICS_PORT)
  DIST_PORT=$(remembered DIST_PORT)
  EPMD_PORT=$(remembered EPMD_PORT)
}

# A port in use cannot be talked away by a setting: what runs would no longer be found.
refuse_moving_a_running_fleet() {
  local name old
  [[ -n $(running_processes) ]] || return 0
  for name in FLEET_EDGE_PORT FLEET_CONTROL_PORT FLEET_RABBITMQ_PORT FLEET_RABBITMQ_UI_PORT FLEET_POSTGRES_PORT; do
    old=$(remembered "$name")
    [[ -z $old || $old == "${!name}" ]] ||
      die "The fleet in $FLEET_HOME runs with $name=$old. To move it to ${!name}, stop it first: compose/down.sh"
  done
}

save_settings() {
  local name
  {
    for name in "${REMEMBERED[@]}"; do echo "$name=${!name}"; done
    # For tools beside the fleet
    echo "Postgres__ConnectionString=$(postgres_connection)"
    echo "Rabbit__User=operator"
    echo "Rabbit__Password=$(broker_password operator)"
  } >"$FLEET_HOME/run/env.new"
  mv -- "$FLEET_HOME/run/env.new" "$FLEET_HOME/run/env"
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
  [[ -z $(printf '%s\n' "${wanted[@]}" | sort | uniq -d) ]] || die "Two settings name the same port: ${wanted[*]}"

  need_port rabbitmq "$FLEET_RABBITMQ_PORT" FLEET_RABBITMQ_PORT
  need_port rabbitmq "$FLEET_RABBITMQ_UI_PORT" FLEET_RABBITMQ_UI_PORT
  need_port postgres "$FLEET_POSTGRES_PORT" FLEET_POSTGRES_PORT
  for ((n = 1; n <= FLEET_EDGES; n++)); do need_port "edge-$n" "$(edge_port "$n")" FLEET_EDGE_PORT; done

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

# shellcheck source=lib/pids.sh
source "$CHECKOUT/compose/lib/pids.sh"
# shellcheck source=lib/packages.sh
source "$CHECKOUT/compose/lib/packages.sh"
# shellcheck source=lib/users.sh
source "$CHECKOUT/compose/lib/users.sh"
# shellcheck source=lib/broker.sh
source "$CHECKOUT/compose/lib/broker.sh"
# shellcheck source=lib/servers.sh
source "$CHECKOUT/compose/lib/servers.sh"
# shellcheck source=lib/processes.sh
source "$CHECKOUT/compose/lib/processes.sh"
# shellcheck source=lib/api.sh
source "$CHECKOUT/compose/lib/api.sh"
# shellcheck source=lib/cli.sh
source "$CHECKOUT/compose/lib/cli.sh"
