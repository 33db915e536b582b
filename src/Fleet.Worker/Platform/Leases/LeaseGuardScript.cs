namespace Fleet.Worker.Platform.Leases;

/// <summary>What the guard's shell runs: POSIX sh, with <c>grep -z</c> and <c>sleep</c> of any Linux.</summary>
internal static class LeaseGuardScript
{
    /// <summary>
    /// <c>$1</c> is the mark, <c>$2</c> and <c>$3</c> the first and the last group of attempts that have groups.
    /// Lines on standard input: seconds, then the ids of groups. When the seconds pass without
    /// another line, and when the pipe closes, everything that is known is killed until nothing is left; 0 seconds never
    /// pass.
    /// </summary>
    public const string Text =
        """
        kill_all() {
          for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            for group in $groups; do kill -9 "-$group"; done
            found=$(grep -lzxFe "$mark" /proc/[0-9]*/environ)
            found="$found $(stat -c '%g %n' /proc/[0-9]* | while read -r group file; do
              [ "$group" -lt "$first" ] || [ "$group" -gt "$last" ] || grep -q '^State:.[ZX]' "$file/status" || echo "$file/environ"
            done)"
            [ "$found" != " " ] || return
            for file in $found; do file=${file#/proc/}; kill -9 "${file%/environ}"; done
            sleep 0.05
          done
        }
        watch() {
          trap 'kill "$nap"; exit' TERM
          sleep "$1" & nap=$!
          wait "$nap"
          kill_all
        }
        mark=$1 first=$2 last=$3
        watch=
        groups=
        while read -r seconds said; do
          groups=$said # what read sets is empty when the pipe closes
          [ -z "$watch" ] || { kill "$watch"; wait "$watch"; }
          watch=
          [ "$seconds" = 0 ] || { watch "$seconds" </dev/null & watch=$!; }
        done
        [ -z "$watch" ] || kill "$watch"
        kill_all
        """;
}
