#!/usr/bin/env bash
# The whole gate: format check, build with warnings as errors, every test, against a RabbitMQ and a PostgreSQL of its
# own on free ports of this machine. The last line is always "N passed, N failed".

# The settings of somebody's fleet, or of his shell, are not the tests'.
unset "${!FLEET_@}" "${!ASPNETCORE_@}" DOTNET_ENVIRONMENT
SCRATCH=$(mktemp -d)
chmod 711 "$SCRATCH" # the servers' own users pass through
FLEET_HOME=$SCRATCH/home
# shellcheck source=lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

PROJECT_SECONDS=3000 # a test project that takes longer hangs
PASSED=0
FAILED=0
FLEETS=Fleet.EndToEnd.Tests # whole fleets, which wait a lot: two lanes side by side
# The fleets of the second lane, by namespace; all others are the first one's, which begins while the second has other projects.
SECOND_LANE=(Restarts Tours WebConsole)

# What was started is stopped by pid, whatever happened, and then the count is told.
finish() {
  local code=$? name
  trap - EXIT
  set +e
  for name in "$SCRATCH"/*.testing; do [[ ! -f $name ]] || kill "$(<"$name")"; done 2>/dev/null
  for name in $(jobs -p); do kill "$name"; done 2>/dev/null
  wait
  for name in rabbitmq postgres .epmd; do stop_process "$name" 0; done # their data is thrown away
  [[ ! -f $MARKER ]] || purge_home
  rm -rf -- "$SCRATCH"
  ((code == 0 || FAILED > 0)) || FAILED=1
  ((PASSED + FAILED > 0)) || { say "No test ran."; FAILED=1; }
  say "$PASSED passed, $FAILED failed"
  exit $((FAILED > 0))
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_servers() {
  local from=$((20000 + RANDOM % 10000))
  FLEET_RABBITMQ_PORT=$(free_port "$from")
  FLEET_RABBITMQ_UI_PORT=$(free_port $((FLEET_RABBITMQ_PORT + 1)))
  FLEET_POSTGRES_PORT=$(free_port $((FLEET_RABBITMQ_UI_PORT + 1)))
  FLEET_EDGE_PORT=$(free_port $((FLEET_POSTGRES_PORT + 1)))
  load_settings
  open_home
  settle_ports
  start_process rabbitmq
  start_process postgres
  export FLEET_TEST_POSTGRES FLEET_TEST_RABBITMQ FLEET_TEST_RABBITMQ_UI
  FLEET_TEST_POSTGRES=$(postgres_connection)
  FLEET_TEST_RABBITMQ=amqp://operator:$(broker_password operator)@127.0.0.1:$FLEET_RABBITMQ_PORT/
  FLEET_TEST_RABBITMQ_UI=http://127.0.0.1:$FLEET_RABBITMQ_UI_PORT
}

# One compiler for all projects, which ends with the build.
build_all() {
  local compiler=fleet-test-$FLEET_ID built=0
  say "--- build"
  [[ ! -f .config/dotnet-tools.json ]] || dotnet tool restore
  dotnet restore Fleet.sln -v:quiet || die "The packages could not be restored."
  dotnet build Fleet.sln -c Release --no-restore -p:CompileAhead=true -nologo -v:quiet -nodeReuse:false --tl:off \
    -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" || built=$?
  for compiler in $(pids_of "-pipename:$compiler"); do kill "$compiler" || true; done
  ((built == 0)) || die "The build failed."
}

# pids_of ARGUMENT: processes that were called with it.
pids_of() {
  local file
  for file in /proc/[0-9]*/cmdline; do
    ! tr '\0' '\n' 2>/dev/null <"$file" | grep -qxF -- "$1" || basename -- "${file%/cmdline}"
  done
}

# counter FILE NAME: one number out of a test result file.
counter() { sed -nE "s/.*<Counters [^>]*\b$2=\"([0-9]+)\".*/\1/p" "$1"; }

# run_tests PROJECT [LANE FILTER]. A run that ends badly without a failed test, by a crash or a hang, counts as one failed
# test. The counts go into a file: two runs may be had at once.
run_tests() {
  local project=$1 name trx code=0 passed=0 failed=0
  name=$(basename -- "$project")${2:+.$2}
  trx=$SCRATCH/$name.trx
  say "--- $name"
  timeout -k 10 "$PROJECT_SECONDS" dotnet test "$project" --no-build -c Release --nologo -v:quiet ${3:+--filter "$3"} \
    --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" </dev/null &
  echo $! >"$SCRATCH/$name.testing"
  wait $! || code=$?
  rm -f -- "$SCRATCH/$name.testing"
  if [[ -f $trx ]]; then
    passed=$(counter "$trx" passed)
    failed=$(($(counter "$trx" executed) - passed))
  fi
  if ((code != 0 && failed == 0)); then
    failed=1
    ((code != 124 && code != 137)) || say "$name did not end within $PROJECT_SECONDS s."
    say "$name ended with code $code without a failed test: counted as one."
  fi
  echo "$passed $failed" >"$SCRATCH/$name.counts"
}

# first_lane, second_lane: which facts about whole fleets.
first_lane() { printf '&FullyQualifiedName!~'"$FLEETS"'.%s.' "${SECOND_LANE[@]}" | cut -c2-; }
second_lane() { printf '|FullyQualifiedName~'"$FLEETS"'.%s.' "${SECOND_LANE[@]}" | cut -c2-; }

# All projects, the long one of a whole fleet in two lanes.
run_second_lane() {
  local project
  for project in tests/*.Tests; do
    [[ $project == */$FLEETS ]] || run_tests "$project"
  done
  run_tests "tests/$FLEETS" second "$(second_lane)"
}

# count_tests NAME: adds what its run has written down.
count_tests() {
  local name=$1 passed failed
  read -r passed failed <"$SCRATCH/$name.counts" || { passed=0 failed=1; }
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  SUMMARY+=("$(printf '%-28s %5d passed %5d failed' "$name" "$passed" "$failed")")
}

# beside NAME COMMAND...: begun now, told by tell_beside.
beside() {
  local name=$1
  shift
  "$@" >"$SCRATCH/$name.beside" 2>&1 &
  BESIDE_PIDS[$name]=$!
}

# tell_beside NAME: waits for its end, and prints what it said.
tell_beside() {
  local code=0
  wait "${BESIDE_PIDS[$1]}" || code=$?
  cat -- "$SCRATCH/$1.beside"
  return "$code"
}

cd -- "$CHECKOUT"
need_packages
need_test_packages
need_dotnet
say "--- servers"
start_servers
umask "$USERS_UMASK"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MASSTRANSIT_USAGE_TELEMETRY=false
export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"
build_all # while the servers come up
wait_ready rabbitmq
wait_ready postgres
SUMMARY=()
declare -A BESIDE_PIDS
# Style and analyzers are errors of the build.
beside format dotnet format whitespace Fleet.sln --verify-no-changes --no-restore
beside second run_second_lane
run_tests "tests/$FLEETS" first "$(first_lane)"
tell_beside second || true
say "--- format"
tell_beside format || { say "The format check failed."; FAILED=$((FAILED + 1)); }
for project in tests/*.Tests; do
  [[ $project == */$FLEETS ]] || count_tests "$(basename -- "$project")"
done
count_tests "$FLEETS.first"
count_tests "$FLEETS.second"
printf '\n'
printf '%s\n' "${SUMMARY[@]}"
