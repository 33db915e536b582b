# shellcheck shell=bash
# Processes by pid: started apart from this shell, recognised even when a pid is used again, stopped in a bounded time.

BOOT=$(</proc/sys/kernel/random/boot_id)

# Sets STATE and START of a pid; fails when there is none. The name in field 2 may hold spaces and brackets.
read_process() {
  local line
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086 # the fields are split on purpose
  set -- ${line##*) }
  STATE=$1 START=${20}
}

pid_of() { cat -- "$FLEET_HOME/run/$1.pid" 2>/dev/null; }

# A pid is a process of ours only while the process with it is as old as the one that was started.
alive() {
  local pid start boot STATE START
  { read -r pid start boot <"$FLEET_HOME/run/.$1.born"; } 2>/dev/null || return 1
  [[ $pid == "$(pid_of "$1")" && $boot == "$BOOT" ]] || return 1
  read_process "$pid" && [[ $START == "$start" && $STATE != [ZX] ]]
}

running_processes() {
  local file name
  for file in "$FLEET_HOME"/run/*.pid; do
    name=$(basename -- "$file" .pid)
    ! alive "$name" || echo "$name"
  done
}

# launch NAME COMMAND...: its own session, no input, the log appended to, the pid written down.
# The command is replaced, never wrapped, so the pid is the server's own. 8 and 9 are locks, which it must not inherit.
launch() {
  local name=$1 STATE START
  shift
  setsid "$@" </dev/null >>"$FLEET_HOME/logs/$name.log" 2>&1 8>&- 9>&- &
  read_process $! || die "$name did not start; see $FLEET_HOME/logs/$name.log"
  echo "$! $START $BOOT" >"$FLEET_HOME/run/.$name.born"
  echo $! >"$FLEET_HOME/run/$name.pid"
}

# locked NAME COMMAND...: two scripts never start or stop the same process at once.
locked() {
  local name=$1
  shift
  (
    flock -w 120 9 || die "Another script has been busy with $name for two minutes."
    "$@"
  ) 9>"$FLEET_HOME/run/.$name.lock"
}

# gone_within NAME SECONDS
gone_within() {
  local end=$((SECONDS + $2))
  while alive "$1"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# stop_process NAME [GRACE]: asks, waits, then kills. A grace of 0 kills at once.
stop_process() {
  local name=$1 grace=${2:-30} signal=TERM
  [[ $name != postgres ]] || signal=INT # "fast": open sessions are ended, not waited for
  if alive "$name"; then
    ((grace == 0)) || kill -s "$signal" "$(pid_of "$name")" 2>/dev/null || true
    if ((grace == 0)) || ! gone_within "$name" "$grace"; then
      ((grace == 0)) || say "$name did not stop within $grace s and is killed."
      kill -s KILL "$(pid_of "$name")" 2>/dev/null || true
      gone_within "$name" 10 || die "$name (pid $(pid_of "$name")) cannot be killed."
    fi
  fi
  rm -f -- "$FLEET_HOME/run/$name.pid" "$FLEET_HOME/run/.$name.born"
}

# wait_ready NAME [SECONDS]: until it answers; a process that ends meanwhile is reported with its last words.
wait_ready() {
  local name=$1 end=$((SECONDS + ${2:-120}))
  until is_ready "$name"; do
    alive "$name" || { last_words "$name"; die "$name ended before it was ready. Its settings come from the environment and from $SETTINGS_FILE."; }
    ((SECONDS < end)) || { last_words "$name"; die "$name (pid $(pid_of "$name")) is not ready after ${2:-120} s. $(why_not_ready "$name")"; }
    sleep 0.2
  done
}

last_words() {
  say "Last lines of $FLEET_HOME/logs/$1.log:" >&2
  tail -n 40 -- "$FLEET_HOME/logs/$1.log" >&2 || true
}
