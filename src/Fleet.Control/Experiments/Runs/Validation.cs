using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Experiments;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Experiments.Runs;

/// <summary>One thing that was looked at.</summary>
internal sealed record Check(bool Ok, string? Expected = null, string? Actual = null, string? Details = null);

/// <summary>Whether a commit, or a run, is what it should be.</summary>
/// <param name="TaskId">The run; null where a commit was asked for.</param>
/// <param name="Errors">What keeps it from being right.</param>
/// <param name="Warnings">What is missing, and need not be there.</param>
internal sealed record ValidationView(
    bool Ok,
    string CommitId,
    string? TaskId,
    IReadOnlyDictionary<string, Check> Checks,
    IReadOnlyList<string> Errors,
    IReadOnlyList<string> Warnings,
    DateTimeOffset Ts);

/// <summary>Looks through commits, byte by byte, and through runs.</summary>
internal sealed class Validation(CommitStore commits, BlobStore blobs, DatabaseClock clock)
{
    /// <summary>Null when there is no such commit.</summary>
    public async Task<ValidationView?> OfCommit(string commit, Caller caller, CancellationToken stop)
    {
        if (await commits.Find(caller.Tenant, commit, stop) is not { } found)
            return null;
        var (checks, warnings) = (new SortedDictionary<string, Check>(StringComparer.Ordinal), new List<string>());
        await Look(found, checks, warnings, stop);
        return View(commit, null, checks, warnings);
    }

    public async Task<ValidationView> OfRun(RunView run, Caller caller, CancellationToken stop)
    {
        var (checks, warnings) = (new SortedDictionary<string, Check>(StringComparer.Ordinal), new List<string>());
        var commit = await commits.Find(caller.Tenant, run.CommitId, stop);
        checks["commit"] = commit is null
            ? new Check(false, run.CommitId, null, "The commit is not stored.")
            : new Check(true, run.CommitId, commit.Id);
        if (commit is not null)
            await Look(commit, checks, warnings, stop);
        var isStaged = run.ErrorCode is null || !ExperimentErrors.All.Contains(run.ErrorCode);
        checks["staged"] = new Check(isStaged, null, run.State, isStaged ? null : run.ErrorMessage);
        if (run.Narrative.Hypothesis is null)
            warnings.Add("narrative: no hypothesis is said.");
        if (run.FinishedAt is not null && run.Outcome is null)
            warnings.Add("outcome: nobody said what came of it.");
        return View(run.CommitId, WireId.Format(run.RunId), checks, warnings);
    }

    private async Task Look(Commit commit, SortedDictionary<string, Check> checks, List<string> warnings, CancellationToken stop)
    {
        var files = await commits.Files(commit.Tenant, commit.Id, stop);
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ExperimentSnapshot.Listing(files))));
        checks["overall_sha"] = new Check(sha == commit.OverallSha, commit.OverallSha, sha);
        checks["files_count"] = new Check(files.Count == commit.FilesCount, $"{commit.FilesCount}", $"{files.Count}");
        checks["files"] = await Wrong(commit.Tenant, files, stop) ?? new Check(true);
        checks["entry"] = new Check(commit.Entry.Length > 0, null, string.Join(' ', commit.Entry));
        if (commit.Dependencies is null)
            warnings.Add("dependencies: no file lists what it depends on.");
        else
            checks["dependencies"] = new Check(true, null, commit.Dependencies);
    }

    /// <summary>The first file that is not what its digest says; null where all are.</summary>
    private async Task<Check?> Wrong(string tenant, List<SnapshotFile> files, CancellationToken stop)
    {
        foreach (var file in files)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await foreach (var chunk in blobs.Read(tenant, file.Sha256, stop))
                hash.AppendData(chunk);
            var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (actual != file.Sha256)
                return new Check(false, file.Sha256, actual, file.Path);
        }

        return null;
    }

    private ValidationView View(
        string commit, string? run, SortedDictionary<string, Check> checks, List<string> warnings)
    {
        var errors = checks.Where(check => !check.Value.Ok)
            .Select(check => $"{check.Key}: {check.Value.Details ?? check.Value.Expected ?? "missing"}").ToList();
        return new ValidationView(errors.Count == 0, commit, run, checks, errors, warnings, clock.Now);
    }
}
