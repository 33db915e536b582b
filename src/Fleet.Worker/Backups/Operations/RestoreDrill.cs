using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Backups.Operations;

/// <summary>
/// Shows that files can be restored: a sample of a snapshot goes to a scratch directory, read again by restic against its hashes,
/// and is compared with those files of the host that have not changed since.
/// </summary>
internal static class RestoreDrill
{
    private const int MostWrong = 20;

    /// <summary>A name with bytes that are no UTF-8 is listed with this in their place, and cannot be asked for alone.</summary>
    private const char NotUtf8 = '\uFFFD';

    public static async Task<OperationEnd> Run(ResticSession restic, RestoreOrder order, DrillOrder sample)
    {
        var files = new FileSample(sample);
        var listed = await restic.Run(["ls", order.SnapshotId], (json, type) =>
        {
            if (type == "node" && Specs.Text(json, "type") == "file" && Specs.Text(json, "path") is { } path
                && Specs.IsAmong(path, order.Paths) && !path.Contains(NotUtf8))
                files.Offer(new SampledFile(path, Specs.Whole(json, "size") ?? 0, Time(json)));
            return Task.CompletedTask;
        });
        if (!listed.IsDone)
            return OperationEnd.Of(listed, restic);
        var chosen = files.Chosen();
        var scratch = Path.Combine(restic.Attempt.Directory.Root, "drill");
        try
        {
            var exit = chosen.Count == 0 ? listed : await restic.Run(RestoreOperation.Args(
                restic, order with { Paths = [.. chosen.Select(file => file.Path)], Verify = true }, scratch));
            var end = OperationEnd.Of(exit, restic);
            return exit.IsDone || (exit.IsOwnEnd && exit.Failure.Code is BackupErrors.Corrupt or BackupErrors.Restic)
                ? await Judge(end, restic, chosen, scratch)
                : end;
        }
        finally
        {
            await DirectoryTree.Delete(scratch);
        }
    }

    private static async Task<OperationEnd> Judge(
        OperationEnd end, ResticSession restic, IReadOnlyList<SampledFile> chosen, string scratch)
    {
        var (source, hashes, wrong) = (0, 0, new List<string>());
        foreach (var file in chosen)
        {
            var restored = scratch + file.Path;
            if (!RegularFile.Is(restored) || new FileInfo(restored).Length != file.Size)
                wrong.Add(file.Path);
            else if (!file.IsUnchanged)
                hashes++;
            else if (await FileSample.AreSame(restored, file.Path))
                source++;
            else if (!file.IsUnchanged) // it changed while it was read
                hashes++;
            else
                wrong.Add(file.Path);
        }

        foreach (var path in wrong)
            await restic.Output.Issue(new BackupIssue(path, "What was restored is not what was backed up.", "drill"));
        var drill = new DrillResult(
            chosen.Count - wrong.Count, chosen.Sum(file => file.Size), source, hashes, [.. wrong.Take(MostWrong)]);
        var result = end.Result with { Drill = drill };
        return wrong.Count == 0 || end.Attempt.Outcome == AttemptOutcome.Cancelled
            ? end with { Result = result }
            : new OperationEnd(
                end.Attempt.FailedBy(
                    BackupErrors.VerifyFailed, $"{wrong.Count} of {chosen.Count} files could not be restored as they were: {wrong[0]}")
                    with
                { IsFinal = true },
                result);
    }

    private static DateTimeOffset? Time(JsonElement json) =>
        json.TryGetProperty("mtime", out var time) && time.TryGetDateTimeOffset(out var at) ? at : null;
}
