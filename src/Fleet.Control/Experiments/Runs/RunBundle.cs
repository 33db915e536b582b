using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Everything that is known of a run, as one piece of JSON.</summary>
internal sealed class RunBundle(CommitStore commits, SeriesReader series, ArtifactQueries artifacts)
{
    private const int Version = 1;

    /// <param name="points">How many points of each metric are in it at most.</param>
    /// <param name="isAnonymous">Without users, hosts, paths of hosts and authors, wherever they are named.</param>
    public async Task<JsonNode> Of(RunView run, bool isAnonymous, int points, Caller caller, CancellationToken stop)
    {
        var metrics = new List<SeriesPointsView>();
        foreach (var one in run.Metrics)
        {
            if (await series.Read(run.RunId, one.Name, points, stop) is { } read)
                metrics.Add(read);
        }

        return (await Of(run, isAnonymous, metrics, caller, stop)).Bundle;
    }

    /// <summary>All but the points, and what takes names out of those who write them; null where they may stay.</summary>
    public Task<(JsonNode Bundle, Redaction? Redaction)> WithoutPoints(
        RunView run, bool isAnonymous, Caller caller, CancellationToken stop) => Of(run, isAnonymous, [], caller, stop);

    private async Task<(JsonNode Bundle, Redaction? Redaction)> Of(
        RunView run, bool isAnonymous, IReadOnlyList<SeriesPointsView> metrics, Caller caller, CancellationToken stop)
    {
        var commit = await commits.Find(caller.Tenant, run.CommitId, stop);
        var files = await commits.Files(caller.Tenant, run.CommitId, stop);
        var left = (await artifacts.List([run.RunId], stop))[run.RunId];
        var bundle = JsonSerializer.SerializeToNode(
            new Bundle(
                "fleet-run", Version, isAnonymous, run, commit is null ? null : CommitView.Of(commit, files), metrics,
                [.. left.Select(file => new LeftFile(file.Name, file.Size, file.Sha256, file.ContentType))]),
            FleetJson.Options)!;
        if (!isAnonymous)
            return (bundle, null);
        var redaction = RedactionOf(run, commit, caller);
        return (redaction.Of(bundle)!, redaction);
    }

    private static Redaction RedactionOf(RunView run, Commit? commit, Caller caller) => new(
        [run.User, run.Agent, run.OutcomeBy, commit?.CreatedBy, caller.Name, .. run.Notes.Select(note => note.Author)]);

    private sealed record Bundle(
        string Format, int Version, bool Anonymized, RunView Run, CommitView? Commit, IReadOnlyList<SeriesPointsView> Metrics,
        IReadOnlyList<LeftFile> Artifacts);

    private sealed record LeftFile(string Name, long Size, string Sha256, string ContentType);
}
