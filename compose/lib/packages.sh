# shellcheck shell=bash
# The programs the fleet stands on.

# The directory of the PostgreSQL programs: the version the data was made with, else the newest.
postgres_bin() {
  local made dirs initdb
  made=$(cat -- "$FLEET_HOME/data/postgres/cluster/PG_VERSION" 2>/dev/null || true)
  dirs=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -rV)
  if [[ -x /usr/lib/postgresql/$made/bin/initdb ]]; then
    echo "/usr/lib/postgresql/$made/bin"
  elif [[ $dirs != *'*'* ]]; then
    dirname -- "${dirs%%$'\n'*}"
  else
    initdb=$(type -P initdb) && dirname -- "$(realpath -- "$initdb")"
  fi
}

# The broker's own script. Debian's /usr/sbin/rabbitmq-server would change the user and write to /var.
rabbitmq_server() {
  local script
  for script in /usr/lib/rabbitmq/bin/rabbitmq-server "$(type -P rabbitmq-server)"; do
    [[ ! -x $script ]] || { echo "$script"; return; }
  done
  return 1
}

missing_packages() {
  rabbitmq_server >/dev/null || echo rabbitmq-server
  postgres_bin >/dev/null || echo postgresql
  type -P curl >/dev/null || echo curl
}

need_packages() {
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [[ -n $missing ]] || return 0
  ((EUID == 0)) && type -P apt-get >/dev/null ||
    die "Missing: $missing- please install (Debian, Ubuntu: sudo apt-get install $missing; elsewhere RabbitMQ 3.10 or later with Erlang, PostgreSQL 15 or later, curl)."
  say "Installing $missing..."
  install_packages "$missing"
  [[ -z $(missing_packages) ]] || die "Still missing after the installation: $(missing_packages | tr '\n' ' ')"
}

missing_test_packages() {
  type -P node >/dev/null && type -P npm >/dev/null || echo npm # Ollama's own client is JavaScript
  [[ -x /usr/bin/systemd-analyze ]] || echo systemd # judges the worker's unit
  [[ -x /usr/bin/chromium ]] || echo chromium # opens the pages
  type -P restic >/dev/null || echo restic
  type -P ip >/dev/null || echo iproute2 # a second host is a namespace of the network
  type -P openssl >/dev/null || echo openssl # makes certificates
  type -P rclone >/dev/null || echo rclone # serves repositories that may only be appended to
  type -P jupyter-server >/dev/null || echo jupyter-server # notebooks
  /usr/bin/python3 -c 'import ipykernel' 2>/dev/null || echo python3-ipykernel # runs their cells
  /usr/bin/python3 -c 'import websockets' 2>/dev/null || echo python3-websockets # another client of the packets
}

# What only the tests need.
need_test_packages() {
  local missing
  missing=$(missing_test_packages | tr '\n' ' ')
  [[ -n $missing ]] || return 0
  ((EUID == 0)) && type -P apt-get >/dev/null || die "Missing for the tests: $missing- please install."
  say "Installing $missing..."
  install_packages "$missing"
  [[ -z $(missing_test_packages) ]] || die "Still missing after the installation: $(missing_test_packages | tr '\n' ' ')"
}

# The packages' own servers would take the usual ports: they are not started, now or at the next boot.
install_packages() (
  guard=/usr/sbin/policy-rc.d
  log=$(mktemp)
  umask 022
  if [[ ! -e $guard ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod 755 "$guard"
    trap 'rm -f "$guard"' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # a list of package names
  { apt-get install -y $1 || { apt-get update && apt-get install -y $1; }; } >"$log" 2>&1 </dev/null ||
    { tail -n 20 "$log" >&2; die "The installation failed; see $log"; }
  rm -f "$log"
  ! type -P systemctl >/dev/null || systemctl disable rabbitmq-server postgresql >/dev/null 2>&1 || true
)

need_dotnet() {
  type -P dotnet >/dev/null && dotnet --list-sdks | grep '^10\.' >/dev/null ||
    die "The .NET SDK 10 is missing. See https://dotnet.microsoft.com/download (dotnet --list-sdks must name a 10.0)."
}
