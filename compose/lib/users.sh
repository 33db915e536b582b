# shellcheck shell=bash
# As whom the processes run. Called by root, each runs as a user without rights, made where it is missing: the public door,
# Control, the console and the agents are four, so that none of them reads another's secrets. An ordinary user runs all as himself.

load_users() {
  FLEET_USER=${FLEET_USER:-$(remembered FLEET_USER)}
  FLEET_USER=${FLEET_USER:-fleet}
  [[ $FLEET_USER =~ ^[a-z_][a-z0-9_-]{0,23}$ ]] ||
    wrong_setting "FLEET_USER is '$FLEET_USER', but must be the name of a user: up to 24 lower-case letters, digits, - and _."
}

# user_of NAME: a process, or what has a directory of its own in data/.
user_of() {
  case $1 in
    rabbitmq | .epmd) echo rabbitmq ;; # the packages name the users like the servers
    postgres) echo postgres ;;
    *) user_of_ours "$1" ;;
  esac
}

user_of_ours() {
  if ((EUID != 0)); then
    id -un
  elif [[ $FLEET_USER == root || $1 == control* ]]; then
    echo "$FLEET_USER"
  else
    case $1 in
      worker-*) echo "$FLEET_USER-worker" ;;
      console*) echo "$FLEET_USER-console" ;;
      *) echo "$FLEET_USER-edge" ;;
    esac
  fi
}

# Sets AS, what a command runs as USER by. setpriv and env are replaced by the command, so the pid stays the same.
act_as() {
  AS=(env)
  ((EUID != 0)) || [[ $1 == root ]] ||
    AS=(setpriv --reuid="$1" --regid="$(id -g "$1")" --init-groups --no-new-privs -- env -u TMPDIR HOME=/nonexistent USER="$1" LOGNAME="$1")
}

# The rights by which a worker starts jobs as other users, ends them, reads and removes what they leave, and has restic read
# every file and give it back to its owner; and those by which it bounds jobs, which root may lack in a container.
WORKER_RIGHTS=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid
WORKER_BOUNDS=,+sys_nice,+sys_resource

# Sets AS for a worker. Where root lacks the first ones, the worker does without and says so.
act_as_worker() {
  local plain rights
  act_as "$1"
  [[ ${AS[0]} == setpriv ]] || return 0
  plain=("${AS[@]}")
  for rights in "$WORKER_RIGHTS$WORKER_BOUNDS" "$WORKER_RIGHTS"; do
    AS=(setpriv --inh-caps="$rights" --ambient-caps="$rights" "${plain[@]:1}")
    ! "${AS[@]}" true 2>/dev/null || return 0
  done
  AS=("${plain[@]}")
}

make_users() {
  local kind user dotnet AS
  ((EUID == 0)) && [[ $FLEET_USER != root ]] || return 0
  for kind in control edge console worker-1; do
    user=$(user_of "$kind")
    ! id -u "$user" >/dev/null 2>&1 || continue
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user" ||
      die "The user $user could not be made. Make one without rights yourself, or name others by FLEET_USER."
    say "Made the user $user, as whom $(what_runs_as "$kind")."
  done
  dotnet=$(realpath -- "$(type -P dotnet)")
  act_as "$FLEET_USER"
  "${AS[@]}" test -x "$dotnet" ||
    die "The user $FLEET_USER may not run $dotnet. Install .NET where every user may, such as /usr/share/dotnet."
}

what_runs_as() {
  case $1 in
    control) echo "Control runs" ;;
    edge) echo "the edge runs" ;;
    console) echo "the web console runs" ;;
    *) echo "workers run" ;;
  esac
}

# own_dir NAME: a directory of its own, 0700, owned by its user.
# Below a directory that the user may not enter (a checkout in /root) it lies where he can.
own_dir() {
  local name=$1 dir=$FLEET_HOME/data/$1 elsewhere=/var/lib/fleet-$FLEET_ID/$1 user AS
  [[ -e $dir ]] || mkdir -- "$dir"
  if ((EUID == 0)); then
    user=$(user_of "$name")
    if [[ $(stat -Lc %U -- "$dir") != "$user" ]]; then chown -Rh -- "$user:" "$(realpath -- "$dir")"; fi
    act_as "$user"
    if [[ ! -L $dir ]] && ! "${AS[@]}" test -w "$dir"; then
      mkdir -p -- "$(dirname -- "$elsewhere")"
      chmod 711 -- "$(dirname -- "$elsewhere")"
      mv -T -- "$dir" "$elsewhere"
      ln -s -- "$elsewhere" "$dir"
      say "The user $user may not enter $FLEET_HOME: the data of $name lies in $elsewhere." >&2
    fi
  fi
  realpath -- "$dir"
}

# readable_binary PROJECT USER: the program, or where the user may not enter the checkout, a copy that he may read.
readable_binary() {
  local dll copy AS
  dll=$(binary "$1")
  [[ -f $dll ]] || die "$dll is missing. Build it: compose/up.sh without FLEET_BUILD=0."
  act_as "$2"
  if ((EUID != 0)) || "${AS[@]}" test -r "$dll"; then
    echo "$dll"
    return
  fi
  copy=/var/lib/fleet-$FLEET_ID/bin/$(cksum <<<"$CHECKOUT" | cut -d' ' -f1)/$1 # another checkout has files of its own
  locked ".bin-$1" copy_binary "$(dirname -- "$dll")" "$copy"
  echo "$copy/$1.dll"
}

copy_binary() {
  [[ ! -d $2 || -n $(find "$1" -newer "$2/.copied" -print -quit) ]] || return 0
  umask 022
  mkdir -p -- "$(dirname -- "$2")"
  chmod 711 -- "/var/lib/fleet-$FLEET_ID"
  rm -rf -- "$2.new"
  cp -R -- "$1" "$2.new"
  touch -r "$1" -- "$2.new/.copied"
  rm -rf -- "$2"
  mv -- "$2.new" "$2"
}

# What an earlier version of these scripts left running as another user, root above all, is started anew.
stop_what_runs_as_another() {
  local name user
  for name in $(running_processes); do
    user=$(stat -c %U -- "/proc/$(pid_of "$name")" 2>/dev/null) || continue
    [[ $user != "$(user_of "$name")" ]] || continue
    ((EUID == 0)) || die "$name runs as $user, but you are $(id -un). Whoever started it must stop it: compose/down.sh"
    say "$name ran as $user and is restarted as $(user_of "$name")."
    locked "$name" stop_process "$name"
  done
}

who_runs() {
  if ((EUID != 0)); then
    echo "$(id -un): jobs too, so they may do what you may"
  else
    echo "$(user_of control) (Control), $(user_of edge) (edge), $(user_of console) (console), $(user_of worker-1) (workers); jobs as users of their tenants"
  fi
}
