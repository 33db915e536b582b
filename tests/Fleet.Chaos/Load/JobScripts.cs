using System.Globalization;

namespace Fleet.Chaos.Load;

/// <summary>
/// The scripts that jobs run. Each attempt appends to the job's own file what it does and when, in nanoseconds of a
/// clock that nobody sets: <c>JOB ATTEMPT begin|step|fail|end NANOSECONDS</c>.
/// </summary>
internal static class JobScripts
{
    /// <summary>Every line is one append, which the kernel does not mix with others.</summary>
    private const string Say =
        """
        say() {
          read -r up rest </proc/uptime
          echo "$FLEET_JOB_ID $FLEET_ATTEMPT $1 ${up%.*}${up#*.}0000000" >>"$EFFECTS/$FLEET_JOB_ID"
        }
        say begin
        """;

    /// <summary>Only a Fleet worker is killed: whoever adopted an orphan is not.</summary>
    private const string KillAgent =
        """
        sleep 0.3
        if grep -q Fleet.Worker "/proc/$PPID/cmdline"; then kill -9 "$PPID"; fi
        sleep 60
        """;

    public static string Of(JobPlan plan) => $"{Say}\n{Before(plan)}\n{Lines(plan)}\n{After(plan)}\n";

    private static string Before(JobPlan plan) => plan.Behaviour switch
    {
        Behaviour.FailsOnce => "grep -q ' fail ' \"$EFFECTS/$FLEET_JOB_ID\" || { say fail; exit 1; }",
        Behaviour.Fails => "sleep 0.2; say fail; exit 3",
        Behaviour.TimesOut => "while :; do sleep 0.5; say step; done",
        Behaviour.Poison => KillAgent,
        _ => "",
    };

    private static string Lines(JobPlan plan)
    {
        if (plan.Behaviour == Behaviour.Loud)
            return $"seq -f 'line %.0f' {plan.Steps}";
        var pause = plan.StepSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        var progress = plan.Behaviour == Behaviour.Medium ? "; echo \"::progress 0.5 step $i\"" : "";
        return $$"""
            i=0
            while [ $i -lt {{plan.Steps}} ]; do i=$((i+1)); echo "line $i"{{progress}}; sleep {{pause}}; say step; done
            """;
    }

    private static string After(JobPlan plan) => plan.Behaviour == Behaviour.Artifact
        ? $$"""
            echo "$FLEET_JOB_ID" >"$FLEET_ARTIFACTS_DIR/{{JobPlan.ArtifactName}}"
            echo '{"ok":true}' >"$FLEET_RESULT_FILE"
            say end
            """
        : "say end";
}
