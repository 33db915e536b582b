using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Requests;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Manifests.Executions;

/// <summary>What an execution must look like. Each rule has a sentence that says what would be right.</summary>
internal sealed class ExecutionRules(DateTimeOffset now) : FieldRules("")
{
    private const int MostText = 200;
    private const int MostNamed = 10_000;
    private const int MostWaves = 100;
    private const int LongestDelay = 30 * 86_400;
    private const int MostConcurrent = 100_000;

    public void Check(ExecutionRequest wanted)
    {
        if (wanted.Manifest is null or { Length: 0 or > MostText })
            Refuse("manifest", "This is needed: the name of a manifest in the catalogue.");
        if (wanted.Revision is { } revision)
            Between("revision", revision, 1, int.MaxValue);
        if (!OfflineTerms.All.Contains(wanted.Offline))
            Refuse("offline", $"Use one of {string.Join(", ", OfflineTerms.All)}.");
        Check(wanted.Target, wanted.Waves);
        Between("priority", wanted.Priority, 0, 9);
        if (wanted.JitterS is { } jitter)
            Between("jitter_s", jitter, 0, LongestDelay);
        if (wanted.MaxConcurrent is { } most)
            Between("max_concurrent", most, 1, MostConcurrent);
        if (wanted.DeadlineAt <= now || wanted.DeadlineAt > now.AddDays(36_525))
            Refuse("deadline_at", "This must lie in the future, and within 100 years.");
        if (wanted.Brakes?.MaxFailures is { } failures)
            Between("brakes.max_failures", failures, 0, int.MaxValue);
        if (wanted.Brakes?.MaxFailureShare is < 0 or > 1)
            Refuse("brakes.max_failure_share", "This must be a number from 0 to 1.");
        foreach (var (place, wave) in (wanted.Waves ?? []).Index())
            Check(wave, $"waves[{place}]");
        if (wanted.Waves?.Count > MostWaves)
            Refuse("waves", $"At most {MostWaves} waves.");
        if (wanted.Parameters?.Count > 1000)
            Refuse("parameters", "At most 1000 parameters.");
    }

    private void Check(ExecutionTargetRequest? target, List<WaveRequest>? waves)
    {
        var isEmpty = target is null || (!target.All && target.Groups is null or { Count: 0 } && target.Agents is null or { Count: 0 }
            && target.Labels is null or { Count: 0 } && target.Filter is null);
        if (isEmpty && waves?.Exists(wave => wave?.Group is not null) != true)
            Refuse("target", "Say which agents: all, groups, agents, labels or a filter.");
        if (target is null)
            return;
        if (target.Filter is { } filter && string.IsNullOrWhiteSpace(filter))
            Refuse("target.filter", "Leave it out, or say which agents.");
        Names("target.groups", target.Groups, name => name.Length <= MostText);
        Names("target.agents", target.Agents, AgentAddress.IsName);
        Entries("target.labels", target.Labels, 64, MostText);
    }

    private void Check(WaveRequest? wave, string path)
    {
        if (wave is null)
        {
            Refuse(path, "This must not be null.");
            return;
        }

        if ((wave.Group is null ? 0 : 1) + (wave.Hosts is null ? 0 : 1) + (wave.Share is null ? 0 : 1) != 1)
            Refuse(path, "A wave has one of group, hosts and share.");
        if (wave.Hosts is { } hosts)
            Between($"{path}.hosts", hosts, 1, int.MaxValue);
        if (wave.Share is <= 0 or > 1)
            Refuse($"{path}.share", "This must be a number over 0, up to 1.");
        Text($"{path}.group", wave.Group, MostText);
        Between($"{path}.delay_s", wave.DelayS, 0, LongestDelay);
    }

    private void Names(string field, List<string?>? names, Func<string, bool> isName)
    {
        if (names?.Count > MostNamed)
            Refuse(field, $"At most {MostNamed} names; a group holds more.");
        foreach (var (place, name) in (names ?? []).Take(MostNamed).Index())
        {
            if (name is null || !isName(name))
                Refuse($"{field}[{place}]", "This is not such a name.");
        }
    }
}
