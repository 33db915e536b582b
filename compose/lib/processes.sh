# shellcheck shell=bash
# Fleet's own processes: built once, run from .artifacts, told everything by environment.
# Any other setting of theirs in the environment of these scripts (Section__Name=value) reaches them too.

edge_url() { echo "http://127.0.0.1:$(edge_port "$1")"; }
control_url() { echo "http://127.0.0.1:$(control_port "$1")"; }
console_url() { echo "http://127.0.0.1:$(console_port "$1")"; }
echo_url() { echo "http://127.0.0.1:$ECHO_PORT"; }

fleet_processes() {
  local n
  echo rabbitmq
  echo postgres
  for ((n = 1; n <= FLEET_CONTROLS; n++)); do echo "control-$n"; done
  for ((n = 1; n <= FLEET_EDGES; n++)); do echo "edge-$n"; done
  for ((n = 1; n <= FLEET_CONSOLES; n++)); do echo "console-$n"; done
  ((FLEET_ECHO_MODEL == 0)) || echo echo-1
  for ((n = 1; n <= FLEET_WORKERS; n++)); do echo "worker-$n"; done
}

# What runs beyond the present settings is stopped, agents first.
stop_surplus() {
  local kind name
  for kind in worker echo console edge control; do
    for name in $(running_processes); do
      [[ $name == "$kind"-* ]] && ! fleet_processes | grep -Fx -- "$name" >/dev/null || continue
      say "$name is one more than the settings say, and is stopped."
      locked "$name" stop_process "$name"
    done
  done
}

# What this call has started so far is stopped: nothing runs on of a start that failed.
stop_started() {
  local name
  for name in $(running_processes) .epmd; do
    [[ $ran == *" $name "* || ($name == .epmd && $ran == *" rabbitmq "*) ]] || locked "$name" stop_process "$name"
  done
  say "What was started is stopped again." >&2
}

# --- building

# Where a program lies: compiled ahead, unless it was built again since; the console with the files that its pages load.
binary() {
  local built=$CHECKOUT/.artifacts/bin/$1/release ahead=$CHECKOUT/.artifacts/publish/$1/release
  if [[ $1 == Fleet.Console ]] ||
    [[ -f $ahead/.ahead && -z $(find "$built" -name '*.dll' -newer "$ahead/.ahead" -print -quit) ]]; then
    built=$ahead
  fi
  echo "$built/$1.dll"
}

# Something in the sources, a directory that lost a file included, is newer than the last build.
sources_changed() {
  local stamp=$1 project
  for project in Fleet.Control Fleet.Edge Fleet.Console Fleet.Worker Fleet.EchoModel; do [[ -f $(binary $project) ]] || return 0; done
  [[ -f $(cli_binary) ]] || return 0
  [[ ! -f $stamp || -n $(cd -- "$CHECKOUT" && find src tests/Fleet.EchoModel Directory.Packages.props .editorconfig compose/run.slnf -newer "$stamp" -print -quit) ]]
}

# Two homes of one checkout share its binaries, so the lock lies beside them.
build() {
  [[ ${FLEET_BUILD:-1} != 0 ]] || return 0
  local artifacts=$CHECKOUT/.artifacts
  mkdir -p -- "$artifacts"
  chmod 755 -- "$artifacts" # the processes' users read what is built
  (
    flock -w 600 9 || die "Another build in $artifacts takes more than ten minutes."
    sources_changed "$artifacts/up.stamp" || exit 0
    say "Building..."
    touch -- "$artifacts/up.stamp.new" # a file that is saved during the build counts as newer
    umask 022
    # No node stays behind; the locks are not theirs to keep
    dotnet msbuild "$CHECKOUT/compose/run.slnf" -restore -p:Configuration=Release -p:CompileAhead=true -nologo -v:quiet -m -nodeReuse:false -tl:off 8>&- 9>&- ||
      die "The build failed."
    mv -- "$artifacts/up.stamp.new" "$artifacts/up.stamp"
  ) 9>"$artifacts/up.lock"
}

# --- starting

# start_dotnet NAME PROJECT: from its own directory, where its appsettings.json lies.
start_dotnet() {
  local dll user AS
  user=$(user_of "$1")
  dll=$(readable_binary "$2" "$user")
  export MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_CLI_TELEMETRY_OPTOUT=1
  export DOTNET_gcServer=0 # several processes share the cores
  export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"
  unset ASPNETCORE_URLS ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT
  cd -- "$(dirname -- "$dll")" || exit
  settings_stamp >"$FLEET_HOME/run/.$1.settings"
  if [[ $1 == worker-* ]]; then act_as_worker "$user"; else act_as "$user"; fi
  launch "$1" "${AS[@]}" dotnet "$2.dll"
}

tell_where_rabbitmq_is() { export Rabbit__Host=127.0.0.1 Rabbit__Port=$FLEET_RABBITMQ_PORT Rabbit__VirtualHost=/; }

# Prints the file of the key that the secrets of repositories are sealed with; without it they open no more.
secrets_key() {
  local file AS
  file=$(own_dir control)/secrets.key
  act_as "$(user_of control)"
  # shellcheck disable=SC2016 # the inner shell's own argument
  locked .secrets "${AS[@]}" sh -c \
    'umask 077 && { [ -s "$1" ] || { head -c 32 /dev/urandom | base64 >"$1.new" && mv -- "$1.new" "$1"; }; }' sh "$file"
  echo "$file"
}

start_control() {
  tell_where_rabbitmq_is
  export Rabbit__User Rabbit__Password Broker__User Broker__Password Access__AdminKeyFile
  Rabbit__User=$(broker_user control) Rabbit__Password=$(broker_password control)
  # Control makes a user of the broker for each agent
  Broker__User=$(broker_user admin) Broker__Password=$(broker_password admin)
  export Broker__ManagementUrl=http://127.0.0.1:$FLEET_RABBITMQ_UI_PORT
  export Urls Postgres__ConnectionString
  Urls=$(control_url "$1")
  Postgres__ConnectionString=$(postgres_connection)
  export Secrets__KeyFile
  Access__AdminKeyFile=$(own_dir control)/admin.key
  Secrets__KeyFile=$(secrets_key)
  tell_control_of_tls
  start_dotnet "control-$1" Fleet.Control
}

start_edge() {
  local n
  export Urls
  Urls=$(edge_url "$1")
  tell_edge_of_tls "$1"
  for ((n = 1; n <= FLEET_CONTROLS; n++)); do export "Edge__Controls__$((n - 1))=$(control_url "$n")"; done
  for ((n = 1; n <= FLEET_CONSOLES; n++)); do export "Edge__Consoles__$((n - 1))=$(console_url "$n")"; done
  start_dotnet "edge-$1" Fleet.Edge
  echo "$CONTROL_PORTS/$CONSOLE_PORTS" >"$FLEET_HOME/run/.edge-$1.controls"
}

# All consoles of a home share their sessions.
start_console() {
  export Urls Console__Fleet Console__DataDirectory
  Urls=$(console_url "$1")
  Console__Fleet=$(edge_url $((($1 - 1) % FLEET_EDGES + 1)))
  Console__DataDirectory=$(own_dir console)
  start_dotnet "console-$1" Fleet.Console
}

# A server of models that only repeats what it is asked, for machines that have no model.
start_echo() {
  export Urls
  Urls=$(echo_url)
  start_dotnet "echo-$1" Fleet.EchoModel
}

# An edge that was started before another Control or console was added does not know it.
edge_is_outdated() {
  alive "edge-$1" && [[ $(<"$FLEET_HOME/run/.edge-$1.controls") != "$CONTROL_PORTS/$CONSOLE_PORTS" ]]
}

# An agent that was started before the echo model was wanted does not know it.
worker_is_outdated() {
  alive worker-1 && [[ $(cat -- "$FLEET_HOME/run/.worker-1.echo" 2>/dev/null || echo 0) != "$FLEET_ECHO_MODEL" ]]
}

start_worker() {
  local edge=$((($1 - 1) % FLEET_EDGES + 1)) dir
  dir=$(own_dir "worker-$1")
  tell_where_rabbitmq_is # Control says how to log in
  export Worker__Name=worker-$1 Worker__EnrolmentTokenFile=$dir/enrolment Worker__WorkDirectory=$dir Worker__Control
  Worker__Control=$(edge_url $edge)
  if ((FLEET_ECHO_MODEL == 1 && $1 == 1)); then
    export Worker__Upstreams__echo__Url Worker__Upstreams__chat__Url
    Worker__Upstreams__echo__Url=$(echo_url)
    # the same server once more, as one that keeps conversations
    Worker__Upstreams__chat__Url=$(echo_url)
    export Worker__Upstreams__chat__Protocol=aichat Worker__Upstreams__chat__Persona=assistant
    export Worker__Upstreams__chat__Generations=4 Worker__Upstreams__chat__Embeddings=0
  fi
  echo "$FLEET_ECHO_MODEL" >"$FLEET_HOME/run/.worker-$1.echo"
  registered_at "$(agent "worker-$1")" >"$FLEET_HOME/run/.worker-$1.registered"
  umask "$USERS_UMASK" # a job's files are as open as its owner wants them
  start_dotnet "worker-$1" Fleet.Worker
}

start_now() {
  ! alive "$1" || return 0
  case $1 in
    rabbitmq | postgres) "start_$1" ;;
    *) "start_${1%-*}" "${1#*-}" ;;
  esac
}

start_process() { locked "$1" start_now "$1"; }

# --- readiness

healthy() { curl -sf -o /dev/null --noproxy '*' --max-time 2 "$1/health/ready"; }

# What a process of ours says that it waits for, as it says it.
why_not_ready() {
  local url=
  case $1 in
    control-*) url=$(control_url "${1#*-}") ;;
    edge-*) url=$(edge_url "${1#*-}") ;;
  esac
  [[ -z $url ]] || curl -s --noproxy '*' --max-time 2 "$url/health/ready" || true
}

is_ready() {
  local n=${1#*-}
  case $1 in
    rabbitmq | postgres) "$1_ready" ;;
    control-*) healthy "$(control_url "$n")" && take_admin_key ;;
    edge-*) healthy "$(edge_url "$n")" ;;
    console-*) healthy "$(console_url "$n")" ;;
    echo-*) curl -sf -o /dev/null --noproxy '*' --max-time 2 "$(echo_url)/api/version" ;;
    worker-*) worker_is_online "$1" ;;
  esac
}

# A worker that was killed counts as online for a while: this process is there once it has registered itself.
worker_is_online() {
  local agent
  [[ -s $FLEET_HOME/admin.key ]] || return 0 # whoever took it away looks for himself
  agent=$(agent "$1") && [[ $agent == *'"state":"online"'* ]] &&
    [[ $(registered_at "$agent") != "$(<"$FLEET_HOME/run/.$1.registered")" ]]
}

# --- words

address_of() {
  local n=${1#*-}
  case $1 in
    rabbitmq) echo "amqp://127.0.0.1:$FLEET_RABBITMQ_PORT" ;;
    postgres) echo "127.0.0.1:$FLEET_POSTGRES_PORT" ;;
    control-*) control_url "$n" ;;
    edge-*) edge_url "$n" ;;
    console-*) console_url "$n" ;;
    echo-*) echo_url ;;
    worker-*) echo "$FLEET_HOME/data/$1" ;;
  esac
}
