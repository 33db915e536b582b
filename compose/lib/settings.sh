# shellcheck shell=bash
# Settings: the environment wins, then settings.env of the home, then what the home remembers, then the default.

REMEMBERED=(
  FLEET_USER
  FLEET_EDGE_PORT FLEET_CONTROL_PORT FLEET_RABBITMQ_PORT FLEET_RABBITMQ_UI_PORT FLEET_POSTGRES_PORT
  FLEET_CONTROLS FLEET_EDGES FLEET_CONSOLES FLEET_WORKERS FLEET_ECHO_MODEL
  FLEET_TLS FLEET_LISTEN FLEET_PUBLIC_HOST FLEET_EDGE_TLS_PORT FLEET_RABBITMQ_TLS_PORT
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
    wrong_setting "$name is '$value', but must be a whole number from $3 to $4."
  printf -v "$name" %d "$((10#$value))"
}

# Names that are no settings of the scripts, but may stand in an environment: those of the command fleet, of jobs, of tests.
OTHERS_NAMES=(
  FLEET_HOME FLEET_BUILD FLEET_URL FLEET_KEY FLEET_KEY_FILE FLEET_CA_FILE FLEET_CONTEXT FLEET_CONFIG FLEET_HOME_CONTEXT FLEET_GOLDEN
  FLEET_TEST_POSTGRES FLEET_TEST_RABBITMQ FLEET_TEST_RABBITMQ_UI
  FLEET_ATTEMPT FLEET_JOB_ID FLEET_AGENT FLEET_RUN_MARK FLEET_HOME_MARK FLEET_ARTIFACTS_DIR FLEET_RESULT_FILE
  FLEET_DATASETS_DIR FLEET_BACKUP_OUTCOME
)

SETTINGS_FILE=$FLEET_HOME/settings.env
GIVEN_NAMES=("${!FLEET_@}") # before the scripts have names of their own

# The sections of the processes' settings, as they know them.
sections() { grep -oE '"[A-Za-z]+"' -- "$CHECKOUT/src/Fleet.Hosting/Settings/FleetSections.cs" | tr -d '"'; }

is_process_setting() {
  [[ $1 =~ ^([A-Za-z]+)__[A-Za-z0-9_]+$ ]] && sections | grep -Fxqi -- "${BASH_REMATCH[1]}"
}

refuse_unknown_names() {
  local name
  for name in "${GIVEN_NAMES[@]}"; do
    [[ " ${REMEMBERED[*]} ${OTHERS_NAMES[*]} " == *" $name "* ]] ||
      wrong_setting "There is no setting $name. The scripts know: ${REMEMBERED[*]:0:16} FLEET_HOME FLEET_BUILD."
  done
}

# Lines NAME=VALUE, comments and empty lines. The value is what stands there, without a pair of quotes around it.
read_settings_file() {
  local line name value number=0
  [[ -f $SETTINGS_FILE ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    number=$((number + 1))
    [[ ! $line =~ ^[[:space:]]*(#|$) ]] || continue
    [[ $line =~ ^([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] ||
      wrong_setting "$SETTINGS_FILE, line $number: write NAME=VALUE, such as Retention__Days=7."
    name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    [[ ! $value =~ ^\"(.*)\"$ && ! $value =~ ^\'(.*)\'$ ]] || value=${BASH_REMATCH[1]}
    [[ " ${REMEMBERED[*]} " == *" $name "* ]] || is_process_setting "$name" ||
      wrong_setting "$SETTINGS_FILE, line $number: there is no setting $name, and no section of that name."
    [[ -n ${!name+set} ]] || export "$name=$value"
  done <"$SETTINGS_FILE"
}

settings_stamp() { { cat -- "$SETTINGS_FILE" 2>/dev/null || true; } | cksum; }

# Processes that were started before settings.env was changed.
with_earlier_settings() {
  local name now
  now=$(settings_stamp)
  for name in $(running_processes); do
    [[ ! -f $FLEET_HOME/run/.$name.settings || $(<"$FLEET_HOME/run/.$name.settings") == "$now" ]] || echo "$name"
  done
}

# What the environment of up.sh says of the processes' settings holds for later starts too, those by restart.sh as well.
keep_process_settings() {
  local name entry new=$SETTINGS_FILE.new kept=()
  while IFS= read -r -d '' entry; do
    name=${entry%%=*}
    if is_process_setting "$name" && [[ $entry != *$'\n'* ]]; then kept+=("$entry"); fi
  done < <(env -0 | sort -z)
  ((${#kept[@]} > 0)) || return 0
  touch -- "$SETTINGS_FILE"
  {
    if [[ -s $SETTINGS_FILE ]]; then
      grep -vE "^($(IFS='|'; echo "${kept[*]%%=*}"))=" -- "$SETTINGS_FILE" || true
    else
      echo "# Settings of this fleet's processes: read at every start, written by compose/up.sh from its environment, and by you."
    fi
    printf '%s\n' "${kept[@]}"
  } >"$new"
  cmp -s -- "$new" "$SETTINGS_FILE" || say "Kept in $SETTINGS_FILE: ${kept[*]%%=*}"
  mv -- "$new" "$SETTINGS_FILE"
}

load_settings() {
  refuse_unknown_names
  read_settings_file
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
  load_tls
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
  refuse_moving_tls
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
