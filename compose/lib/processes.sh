# shellcheck shell=bash
# Fleet's own processes: built once, run from .artifacts, told everything by environment.
# Any other setting of theirs in the environment of these scripts (Section__Name=value) reaches them too.

edge_url() { echo "http://127.0.0.1:$(edge_port "$1")"; }
control_url() { echo "http://127.0.0.1:$(control_port "$1")"; }
echo_url() { echo "http://127.0.0.1:$ECHO_PORT"; }

fleet_processes() {
  local n
  echo rabbitmq
  echo postgres
  for ((n = 1; n <= FLEET_CONTROLS; n++)); do echo "control-$n"; done
  for ((n = 1; n <= FLEET_EDGES; n++)); do echo "edge-$n"; done
  ((FLEET_ECHO_MODEL == 0)) || echo echo-1
  for ((n = 1; n <= FLEET_WORKERS; n++)); do echo "worker-$n"; done
}

# --- building

binary() { echo "$CHECKOUT/.artifacts/bin/$1/release/$1.dll"; }

# Something in the sources, a directory that lost a file included, is newer than the last build.
sources_changed() {
  local stamp=$1 project
  for project in Fleet.Control Fleet.Edge Fleet.Worker Fleet.EchoModel; do [[ -f $(binary $project) ]] || return 0; done
  [[ -f $(cli_binary) ]] || return 0
  [[ ! -f $stamp || -n $(cd -- "$CHECKOUT" && find src tests/Fleet.EchoModel Directory.Packages.props .editorconfig compose/run.slnf -newer "$stamp" -print -quit) ]]
}

# Two homes of one checkout share its binaries, so the lock lies beside them.
build() {
  [[ ${FLEET_BUILD:-1} != 0 ]] || return 0
  local artifacts=$CHECKOUT/.artifacts
  mkdir -p -- "$artifacts"
  (
    flock -w 600 9 || die "Another build in $artifacts takes more than ten minutes."
    sources_changed "$artifacts/up.stamp" || exit 0
    say "Building..."
    touch -- "$artifacts/up.stamp.new" # a file that is saved during the build counts as newer
    umask 022
    # No node stays behind; the locks are not theirs to keep
    dotnet msbuild "$CHECKOUT/compose/run.slnf" -restore -p:Configuration=Release -nologo -v:quiet -m -nodeReuse:false -tl:off 8>&- 9>&- ||
      die "The build failed."
    mv -- "$artifacts/up.stamp.new" "$artifacts/up.stamp"
  ) 9>"$artifacts/up.lock"
}

# --- starting

# start_dotnet NAME PROJECT: from its own directory, where its appsettings.json lies.
start_dotnet() {
  local dll
  dll=$(binary "$2")
  [[ -f $dll ]] || die "$dll is missing. Build it: compose/up.sh without FLEET_BUILD=0."
  export MASSTRANSIT_USAGE_TELEMETRY=false DOTNET_CLI_TELEMETRY_OPTOUT=1
  export DOTNET_gcServer=0 # several processes share the cores
  export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"
  unset ASPNETCORE_URLS ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT
  cd -- "$(dirname -- "$dll")" || exit
  launch "$1" dotnet "$2.dll"
}

tell_where_rabbitmq_is() {
  export Rabbit__Host=127.0.0.1 Rabbit__Port=$FLEET_RABBITMQ_PORT Rabbit__VirtualHost=/
  export Rabbit__User=$1 Rabbit__Password=$2
}

start_control() {
  tell_where_rabbitmq_is guest guest
  # Control makes a user of the broker for each agent
  export Broker__ManagementUrl=http://127.0.0.1:$FLEET_RABBITMQ_UI_PORT Broker__User=guest Broker__Password=guest
  export Urls Postgres__ConnectionString
  Urls=$(control_url "$1")
  Postgres__ConnectionString=$(postgres_connection)
  export Access__AdminKeyFile=$FLEET_HOME/admin.key
  start_dotnet "control-$1" Fleet.Control
}

start_edge() {
  local n
  export Urls
  Urls=$(edge_url "$1")
  for ((n = 1; n <= FLEET_CONTROLS; n++)); do export "Edge__Controls__$((n - 1))=$(control_url "$n")"; done
  start_dotnet "edge-$1" Fleet.Edge
  echo "$CONTROL_PORTS" >"$FLEET_HOME/run/.edge-$1.controls"
}

# A server of models that only repeats what it is asked, for machines that have no model.
start_echo() {
  export Urls
  Urls=$(echo_url)
  start_dotnet "echo-$1" Fleet.EchoModel
}

# An edge that was started before another Control was added does not know it.
edge_is_outdated() {
  alive "edge-$1" && [[ $(<"$FLEET_HOME/run/.edge-$1.controls") != "$CONTROL_PORTS" ]]
}

# An agent that was started before the echo model was wanted does not know it.
worker_is_outdated() {
  alive worker-1 && [[ $(cat -- "$FLEET_HOME/run/.worker-1.echo" 2>/dev/null || echo 0) != "$FLEET_ECHO_MODEL" ]]
}

start_worker() {
  local edge=$((($1 - 1) % FLEET_EDGES + 1))
  tell_where_rabbitmq_is nobody none # Control says how to log in
  export Worker__Name=worker-$1 Worker__EnrolmentTokenFile=$FLEET_HOME/run/worker-$1.enrolment
  export Worker__WorkDirectory=$FLEET_HOME/data/worker-$1 Worker__Control
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
  mkdir -p -- "$Worker__WorkDirectory"
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

is_ready() {
  local n=${1#*-}
  case $1 in
    rabbitmq | postgres) "$1_ready" ;;
    control-*) healthy "$(control_url "$n")" ;;
    edge-*) healthy "$(edge_url "$n")" ;;
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

# --- the API, as far as starting needs it

# api KEYFILE PATH [CURL OPTIONS]; the key is in no command line that others can read.
api() {
  local key=$1 path=$2
  shift 2
  curl -sS --noproxy '*' --max-time 10 -H @<(printf 'Authorization: Bearer %s' "$(<"$key")") "$@" "$(edge_url 1)$path"
}

# The agent as the API shows it, without what is nested in it; fails when there is none.
agent() {
  [[ -s $FLEET_HOME/admin.key ]] || return 1
  api "$FLEET_HOME/admin.key" "/v1/agents/$1" -f 2>/dev/null | sed -E 's/:\{[^{}]*\}//g'
}

registered_at() { sed -nE 's/.*"registered_at":"([^"]*)".*/\1/p' <<<"$1"; }

# A worker that has no token of its own, or one that the fleet no longer knows, gets a one-time token to enrol with.
let_worker_enrol() {
  local own=$FLEET_HOME/data/$1/agent.token file=$FLEET_HOME/run/$1.enrolment answer token
  if [[ -s $own && $(api "$own" "/v1/agents/$1" -o /dev/null -w '%{http_code}') != 401 ]]; then return; fi
  [[ -s $FLEET_HOME/admin.key ]] ||
    die "$1 must be enrolled, and $FLEET_HOME/admin.key, which could make a token for that, is missing."
  answer=$(api "$FLEET_HOME/admin.key" /v1/agents/enrolments --fail-with-body -H 'Content-Type: application/json' \
    -d "{\"name\":\"$1\"}") || die "No enrolment could be made for $1: $answer"
  token=$(sed -nE 's/.*"token":"([^"]*)".*/\1/p' <<<"$answer")
  [[ -n $token ]] || die "The answer to the request for an enrolment of $1 names no token."
  printf '%s\n' "$token" >"$file"
}

# --- words

address_of() {
  local n=${1#*-}
  case $1 in
    rabbitmq) echo "amqp://127.0.0.1:$FLEET_RABBITMQ_PORT" ;;
    postgres) echo "127.0.0.1:$FLEET_POSTGRES_PORT" ;;
    control-*) control_url "$n" ;;
    edge-*) edge_url "$n" ;;
    echo-*) echo_url ;;
    worker-*) echo "$FLEET_HOME/data/$1" ;;
  esac
}
