# shellcheck shell=bash
# Who may log in to the broker: Control for its messages, Control as the one that makes a user for each agent, and people
# at the management UI. Nobody else, and no guest. Agents' users are made by Control.

BROKER_LOGINS=(control admin operator)

# secret FILE: makes the secret where there is none, mode 0600; of two at once one wins.
secret() {
  local draft=$1.$BASHPID
  if [[ ! -s $1 ]]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$draft"
    ln -- "$draft" "$1" 2>/dev/null || true
    rm -f -- "$draft"
  fi
  cat -- "$1"
}

broker_password_file() { echo "$FLEET_HOME/rabbitmq.$1.password"; }
broker_password() { secret "$(broker_password_file "$1")"; }

broker_user() {
  case $1 in
    operator) echo operator ;;
    *) echo "fleet-$1" ;;
  esac
}

# Loaded by the broker at each start, before it listens; so the logins are right again even if it has lost all it knew.
# Control's messages: its own queues and exchanges, and those of agents. Who makes users needs none of them.
broker_definitions() {
  cat <<END
{
  "vhosts": [{"name": "/"}],
  "users": [
    {"name": "fleet-control", "password": "$(broker_password control)", "tags": ""},
    {"name": "fleet-admin", "password": "$(broker_password admin)", "tags": "administrator"},
    {"name": "operator", "password": "$(broker_password operator)", "tags": "administrator"}
  ],
  "permissions": [
    {"user": "fleet-control", "vhost": "/", "configure": "$CONTROL_NAMES", "write": "$CONTROL_NAMES", "read": "$CONTROL_NAMES"},
    {"user": "operator", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
  ]
}
END
}
CONTROL_NAMES='^(fleet|agent|control)-'

# broker_api PATH [CURL OPTIONS]; the password is in no command line that others can read.
broker_api() {
  local path=$1
  shift
  curl -s -o /dev/null --noproxy '*' --max-time 2 -K <(printf 'user = "fleet-admin:%s"\n' "$(broker_password admin)") "$@" \
    "http://127.0.0.1:$FLEET_RABBITMQ_UI_PORT/api/$path"
}

# A broker that was made with a guest has it no longer.
remove_guest() { [[ $(broker_api users/guest -X DELETE -w '%{http_code}') == @(204|404) ]]; }

has_broker_logins() {
  local login
  for login in "${BROKER_LOGINS[@]}"; do [[ -s $(broker_password_file "$login") ]] || return 1; done
}

# A home from before: its broker, and the Controls that log in as guest, are started anew.
leave_guest() {
  local name
  ! has_broker_logins && alive rabbitmq || return 0
  say "RabbitMQ and Control are restarted: they get logins of their own, and guest goes."
  for name in $(running_processes); do
    [[ $name != control-* && $name != rabbitmq ]] || locked "$name" stop_process "$name"
  done
}
