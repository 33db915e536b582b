# Makes this host an agent of a fleet: the program with its runtime in /opt/fleet-worker, its settings in /etc/fleet-worker,
# its state in /var/lib/fleet-worker, all for a user without rights, and a service where systemd runs. Called again it brings
# the program up to date; settings of one's own in /etc/fleet-worker/env stay.
#
# FLEET_INSTALL_ROOT=/somewhere puts all of it below that directory, and touches no service.
set -eu
umask 022

root=${FLEET_INSTALL_ROOT:-}
program=$root/opt/fleet-worker
config=$root/etc/fleet-worker
state=$root/var/lib/fleet-worker
user=fleet-worker
unit=/etc/systemd/system/fleet-worker.service

say() { printf '%s\n' "$*"; }
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# --- what must be so

[ "$(id -u)" = 0 ] || die "This makes a user and a service: run it as root."
[ "$(uname -s)-$(uname -m)" = "Linux-$arch" ] || die "The fleet's worker is for Linux on $arch, and this is $(uname -s) on $(uname -m)."
for needed in curl tar gzip setpriv useradd install; do
  command -v "$needed" >/dev/null || die "$needed is missing here. Install it, and paste the command again."
done
! ldd --version 2>&1 | grep -qi musl || die "The worker's runtime needs glibc, and this host has musl."
case $root in
  '' | /*) ;;
  *) die "FLEET_INSTALL_ROOT is '$root', but must begin with a slash." ;;
esac
case $root in
  *[!A-Za-z0-9/._-]*) die "FLEET_INSTALL_ROOT may hold letters, digits and / . _ - alone." ;;
esac
with_systemd=
[ -n "$root" ] || [ ! -d /run/systemd/system ] || with_systemd=1

# --- the program

id -u "$user" >/dev/null 2>&1 ||
  useradd --system --user-group --no-create-home --home-dir /var/lib/fleet-worker --shell /usr/sbin/nologin "$user"

say "Fetching the worker from $edge..."
install -d "$root/opt"
rm -rf "$program.new"
mkdir "$program.new"
if [ -n "$authority" ]; then
  printf %s "$authority" >"$program.new/ca.pem"
  set -- --cacert "$program.new/ca.pem"
fi
printf 'header = "Authorization: Bearer %s"' "$token" |
  curl -fsS "$@" -K - -o "$program.new/worker.tar.gz" "$archive" ||
  die "The worker could not be fetched from $edge. If the token is older than an hour, or was used, make another one."
tar -xzf "$program.new/worker.tar.gz" -C "$program.new"
rm -f "$program.new/worker.tar.gz" "$program.new/ca.pem"
[ -x "$program.new/start" ] || die "What came from $edge is no worker."
"$program.new/dotnet/dotnet" --list-runtimes >/dev/null ||
  die "The .NET runtime that came from $edge does not run here: it needs a glibc as new as there, libstdc++, OpenSSL and zlib."
chown -R 0:0 "$program.new"

# --- what it is told

install -d -m 750 -o root -g "$user" "$config"
install -d -m 711 -o "$user" -g "$user" "$state"
{
  echo "Worker__Name=$name"
  echo "Worker__Control=$edge"
  echo "Worker__WorkDirectory=$state"
  echo "Worker__EnrolmentTokenFile=$config/enrolment"
  echo "Rabbit__Host=$broker_host"
  echo "Rabbit__Port=$broker_port"
  echo "Rabbit__VirtualHost=/"
  echo "Rabbit__Tls=$broker_tls"
  if [ -n "$authority" ]; then
    echo "Worker__CaFile=$config/ca.pem"
    echo "Rabbit__TlsCaFile=$config/ca.pem"
  fi
} >"$config/env.told"
names=$(cut -d= -f1 "$config/env.told" | tr '\n' '|')
if [ -f "$config/env" ]; then
  grep -vE "^(${names}Worker__CaFile|Rabbit__TlsCaFile)=" "$config/env" >"$config/env.own" || true
else
  echo "# Settings of this host's worker, such as Worker__Slots__command=4; see src/Fleet.Worker/README.md" >"$config/env.own"
fi
cat "$config/env.own" "$config/env.told" >"$config/env.new"
chown root:"$user" "$config/env.new"
chmod 640 "$config/env.new"
mv "$config/env.new" "$config/env"
rm -f "$config/env.own" "$config/env.told"
[ -z "$authority" ] || printf %s "$authority" >"$config/ca.pem"
(umask 077 && printf '%s\n' "$token" >"$config/enrolment.new")
chown "$user": "$config/enrolment.new"
mv "$config/enrolment.new" "$config/enrolment"

# --- the service

cat >"$program.new/run" <<END
#!/bin/sh
# Starts this host's worker as the user $user until it is stopped: for hosts without systemd.
set -a
. $config/env
set +a
export DOTNET_gcServer=0 MASSTRANSIT_USAGE_TELEMETRY=false
as() { setpriv --reuid=$user --regid=$user --init-groups --no-new-privs --inh-caps="\$rights" --ambient-caps="\$rights" -- "\$@"; }
# By these it starts jobs as other users, and ends them; jobs get none of them.
rights=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid,+sys_nice,+sys_resource
as true 2>/dev/null || rights=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid
as true 2>/dev/null || exec setpriv --reuid=$user --regid=$user --init-groups --no-new-privs -- $program/start
exec setpriv --reuid=$user --regid=$user --init-groups --no-new-privs --inh-caps="\$rights" --ambient-caps="\$rights" -- $program/start
END
chmod 755 "$program.new/run"
[ -z "$with_systemd" ] || systemctl stop fleet-worker 2>/dev/null || true
rm -rf "$program.old"
[ ! -d "$program" ] || mv "$program" "$program.old"
mv "$program.new" "$program"
rm -rf "$program.old"

if [ -n "$with_systemd" ]; then
  install -m 644 "$program/fleet-worker.service" "$unit"
  systemctl daemon-reload
  systemctl enable --now fleet-worker
  say "This host is agent $name of $edge, and runs: systemctl status fleet-worker, journalctl -u fleet-worker"
else
  say "This host is agent $name of $edge as soon as its worker runs. No systemd starts it here. Start it, as root, by"
  say "  $program/run"
  say "and have whatever starts this host do so too."
fi
