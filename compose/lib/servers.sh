# shellcheck shell=bash
# A RabbitMQ and a PostgreSQL of the fleet's own: private ports, private data, this machine only.

# --- PostgreSQL

postgres_password() { secret "$FLEET_HOME/postgres.password"; }

postgres_connection() {
  echo "Host=127.0.0.1;Port=$FLEET_POSTGRES_PORT;Username=fleet;Password=$(postgres_password);Database=fleet"
}

# Made aside and renamed: a half-made cluster is never started.
make_cluster() {
  local dir=$1 bin=$2 pwfile=$1/password AS
  act_as postgres
  rm -rf -- "$dir/new"
  postgres_password >"$pwfile"
  ((EUID != 0)) || chown postgres: "$pwfile"
  "${AS[@]}" "$bin/initdb" -D "$dir/new" -U fleet -A scram-sha-256 --pwfile="$pwfile" -E UTF8 --locale=C.UTF-8 &&
    "${AS[@]}" "$bin/postgres" --single -D "$dir/new" postgres <<<'CREATE DATABASE fleet' &&
    rm -f -- "$pwfile" &&
    mv -- "$dir/new" "$dir/cluster"
}

# A killed PostgreSQL leaves sessions that must end first, and a lock file whose pid may by now be another program's.
# Whoever serves a cluster has it as working directory.
clear_after_a_kill() {
  local cluster=$1 end=$((SECONDS + 60))
  [[ -e $cluster/postmaster.pid ]] || return 0
  while find /proc -mindepth 2 -maxdepth 2 -name cwd -printf '%l\n' 2>/dev/null | grep -Fx -- "$cluster" >/dev/null; do
    ((SECONDS < end)) || die "Another PostgreSQL serves $cluster."
    sleep 0.1
  done
  rm -f -- "$cluster/postmaster.pid"
}

start_postgres() {
  local dir bin AS log=$FLEET_HOME/logs/postgres.log
  act_as postgres
  dir=$(own_dir postgres)
  bin=$(postgres_bin)
  cd -- "$dir" || exit # the server's user may not enter where we are
  [[ -d $dir/cluster ]] || make_cluster "$dir" "$bin" >>"$log" 2>&1 || { last_words postgres; die "No database could be made."; }
  clear_after_a_kill "$dir/cluster"
  # TCP with a password only: a socket directory would have to be reachable and short.
  launch postgres "${AS[@]}" "$bin/postgres" -D "$dir/cluster" \
    -c listen_addresses=127.0.0.1 -c port="$FLEET_POSTGRES_PORT" -c unix_socket_directories= \
    -c max_connections=200 -c shared_buffers=256MB -c synchronous_commit=on -c fsync=on
}

postgres_ready() { "$(postgres_bin)/pg_isready" -q -h 127.0.0.1 -p "$FLEET_POSTGRES_PORT" -t 2; }

# --- RabbitMQ

# The root's rabbitmq.conf with this home's ports behind it, copied to where the broker's user can read.
write_rabbitmq_conf() {
  local dir=$1
  {
    cat -- "$CHECKOUT/rabbitmq.conf"
    cat <<END

# This home's ports, on this machine only
listeners.tcp.1 = 127.0.0.1:$FLEET_RABBITMQ_PORT
management.tcp.ip = 127.0.0.1
management.tcp.port = $FLEET_RABBITMQ_UI_PORT
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $METRICS_PORT

# Users and their rights, in place of the default user
load_definitions = $dir/definitions.json
END
    rabbitmq_tls_conf "$dir"
  } >"$dir/rabbitmq.conf"
  cp -- "$CHECKOUT/compose/enabled_plugins" "$dir/enabled_plugins"
  broker_definitions >"$dir/definitions.json"
  ((EUID != 0)) || chown rabbitmq: "$dir/rabbitmq.conf" "$dir/enabled_plugins" "$dir/definitions.json"
}

# Erlang's name server, one of our own: the one that every Erlang program shares would outlive us.
start_epmd() {
  local AS
  ! alive .epmd || return 0
  act_as rabbitmq
  launch .epmd "${AS[@]}" epmd -port "$EPMD_PORT" -address 127.0.0.1
}

# A connection is an open file, and the usual limit is for people; limits far above this slow Erlang's start.
raise_open_files() {
  local most
  most=$(ulimit -Hn)
  [[ $most != unlimited ]] && ((most < 65536)) || most=65536
  ulimit -Sn "$most"
}

start_rabbitmq() {
  local dir AS
  act_as rabbitmq
  dir=$(own_dir rabbitmq)
  cd -- "$dir" || exit
  write_rabbitmq_conf "$dir"
  start_epmd
  raise_open_files
  # RUNNING_UNDER_SYSTEMD: the start script is replaced by the server instead of staying as its parent.
  launch rabbitmq "${AS[@]}" env -i \
    PATH="$PATH" LANG=C.UTF-8 HOME="$dir" RUNNING_UNDER_SYSTEMD=true \
    ERL_EPMD_PORT="$EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_NODENAME="fleet-$FLEET_ID@localhost" RABBITMQ_DIST_PORT="$DIST_PORT" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$dir/rabbitmq.conf" \
    RABBITMQ_ADVANCED_CONFIG_FILE=/dev/null RABBITMQ_ENABLED_PLUGINS_FILE="$dir/enabled_plugins" \
    RABBITMQ_MNESIA_BASE="$dir/mnesia" RABBITMQ_LOG_BASE="$dir/log" RABBITMQ_LOGS=- \
    "$(rabbitmq_server)"
}

rabbitmq_ready() { broker_api "health/checks/port-listener/$FLEET_RABBITMQ_PORT" -f && remove_guest; }
