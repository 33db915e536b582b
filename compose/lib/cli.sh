# shellcheck shell=bash
# The command `fleet` of a home: it knows the home's edge and key by itself.

cli_binary() { echo "$CHECKOUT/.artifacts/bin/Fleet.Cli/release/fleet.dll"; }

# json TEXT: as a string of JSON.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# Both files are written anew each time, and put in place whole: somebody may be running the command.
install_cli() {
  local bin=$FLEET_HOME/bin context=$FLEET_HOME/bin/context.json
  [[ -f $(cli_binary) ]] || die "$(cli_binary) is missing. Build it: compose/up.sh without FLEET_BUILD=0."
  mkdir -p -- "$bin"
  printf '{"current": "home", "contexts": {"home": {"url": %s, "key_file": %s}}}\n' \
    "$(json "$(edge_url 1)")" "$(json "$FLEET_HOME/admin.key")" >"$context.new"
  chmod 600 -- "$context.new"
  mv -- "$context.new" "$context"
  {
    echo '#!/usr/bin/env bash'
    echo '# The command of the fleet in this home. compose/up.sh writes this file.'
    printf 'export FLEET_HOME_CONTEXT=%q\n' "$context"
    printf 'exec dotnet %q "$@"\n' "$(cli_binary)"
  } >"$bin/fleet.new"
  chmod 755 -- "$bin/fleet.new"
  mv -- "$bin/fleet.new" "$bin/fleet"
}
