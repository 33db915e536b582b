# shellcheck shell=bash
# The API, as far as starting needs it.

# api KEY PATH [CURL OPTIONS]; the key is in no command line that others can read.
api() {
  local key=$1 path=$2
  shift 2
  curl -sS --noproxy '*' --max-time 10 -H @<(printf 'Authorization: Bearer %s' "$key") "$@" "$(edge_url 1)$path"
}

admin_key() { cat -- "$FLEET_HOME/admin.key"; }

# Control writes the first admin key where it may write. It belongs into the home, and to whoever starts the fleet. What
# lies in a directory of another user is read as that user: it may be a link.
take_admin_key() {
  local file AS
  file=$(own_dir control)/admin.key
  act_as "$(user_of control)"
  "${AS[@]}" cat -- "$file" >"$FLEET_HOME/.admin.key" 2>/dev/null || { rm -f -- "$FLEET_HOME/.admin.key"; return 0; }
  mv -- "$FLEET_HOME/.admin.key" "$FLEET_HOME/admin.key"
  "${AS[@]}" rm -f -- "$file"
}

# The agent as the API shows it, without what is nested in it; fails when there is none.
agent() {
  [[ -s $FLEET_HOME/admin.key ]] || return 1
  api "$(admin_key)" "/v1/agents/$1" -f 2>/dev/null | sed -E 's/:\{[^{}]*\}//g'
}

# field NAME JSON: the text of a field of one line.
field() { sed -nE 's/.*"'"$1"'":"(([^"\\]|\\.)*)".*/\1/p' <<<"$2" | sed -E 's/\\(.)/\1/g'; }

registered_at() { sed -nE 's/.*"registered_at":"([^"]*)".*/\1/p' <<<"$1"; }

# A worker that has no token of its own, or one that the fleet no longer knows, gets a one-time token to enrol with.
let_worker_enrol() {
  local dir own answer token AS
  dir=$(own_dir "$1")
  act_as "$(user_of "$1")"
  own=$("${AS[@]}" cat -- "$dir/agent.token" 2>/dev/null || true)
  if [[ -n $own && $(api "$own" "/v1/agents/$1" -o /dev/null -w '%{http_code}') != 401 ]]; then return; fi
  [[ -s $FLEET_HOME/admin.key ]] ||
    die "$1 must be enrolled, and $FLEET_HOME/admin.key, which could make a token for that, is missing."
  answer=$(api "$(admin_key)" /v1/agents/enrolments --fail-with-body -H 'Content-Type: application/json' \
    -d "{\"name\":\"$1\"}") || die "No enrolment could be made for $1: $answer"
  token=$(sed -nE 's/.*"token":"([^"]*)".*/\1/p' <<<"$answer")
  [[ -n $token ]] || die "The answer to the request for an enrolment of $1 names no token."
  "${AS[@]}" sh -c 'umask 077 && cat >"$1"' sh "$dir/enrolment" <<<"$token"
}
