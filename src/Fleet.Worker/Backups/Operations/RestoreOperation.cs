using System.Text;
using Fleet.Contracts.Backups;
using Fleet.Protocol.Ids;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Writes files of a snapshot to this host. Run again, it finishes what an earlier one began.</summary>
internal sealed class RestoreOperation : IResticOperation
{
    private const string Root = "/";

    public string Kind => BackupKinds.Restore;

    public Aftermath Aftermath => Aftermath.None;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        var order = restic.Spec.Restore ?? throw Specs.Missing(nameof(BackupSpec.Restore));
        if (order.Drill is { } sample)
            return await RestoreDrill.Run(restic, order, sample);
        var target = order.InPlace ? Root : Target(order.TargetDir, restic.Attempt);
        if (!restic.Version.RestoresWhatIsMissing && Directory.Exists(target)
            && await MakeWay(restic, order, target) is { IsDone: false } unlisted)
            return OperationEnd.Of(unlisted, restic);
        var exit = await restic.Run(Args(restic, order, target));
        var end = OperationEnd.Of(exit, restic, new BackupResult(TargetDir: target));
        return exit.IsOwnEnd && order.Verify && exit.Said.Any(line => line.StartsWith("verifying", StringComparison.Ordinal))
            && end.Attempt.ErrorCode is BackupErrors.Corrupt or BackupErrors.Restic
            ? end with { Attempt = end.Attempt with { ErrorCode = BackupErrors.VerifyFailed } }
            : end;
    }

    public static List<string> Args(ResticSession restic, RestoreOrder order, string target) =>
    [
        "restore", order.SnapshotId, $"--target={target}",
        .. order.Paths.Where(path => path != Root).Select(path => $"--include={Literally(path)}"),
        .. order.Verify ? ["--verify"] : (string[])[],
        .. restic.Version.RestoresWhatIsMissing ? ["--overwrite=if-changed"] : (string[])[],
    ];

    /// <summary>Old versions write files again, and fail at links and pipes that are there: those are taken away first.</summary>
    private static Task<ResticExit> MakeWay(ResticSession restic, RestoreOrder order, string target) =>
        restic.Run(["ls", order.SnapshotId], (json, type) =>
        {
            if (type == "node" && Specs.Text(json, "type") is not ("file" or "dir") && Specs.Text(json, "path") is { } path
                && Specs.IsAmong(path, order.Paths) && IsNeitherFileNorDirectory(target.TrimEnd('/') + path))
                File.Delete(target.TrimEnd('/') + path);
            return Task.CompletedTask;
        });

    private static bool IsNeitherFileNorDirectory(string path) => new FileInfo(path).LinkTarget is not null
        || (File.Exists(path) && !RegularFile.Is(path) && !Directory.Exists(path));

    /// <summary>The directory as it is here.</summary>
    /// <exception cref="UnreadableSpecException">It cannot be one.</exception>
    private static string Target(string? wanted, AttemptContext attempt)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var path = (wanted ?? "").Replace("<job-id>", WireId.Format(attempt.Key.WorkId), StringComparison.Ordinal);
        foreach (var start in (string[])["$HOME", "${HOME}", "~/"])
        {
            if (path.StartsWith(start, StringComparison.Ordinal) && (start[^1] == '/' || path[start.Length..] is "" or ['/', ..]))
                path = Path.Join(home, path[(start is "~/" ? 1 : start.Length)..]);
        }

        return Path.IsPathRooted(path) && !path.Contains('$')
            ? Path.GetFullPath(path)
            : throw new UnreadableSpecException($"'{wanted}' is no directory to restore to.", new IOException());
    }

    /// <summary>Restic takes paths for patterns.</summary>
    private static string Literally(string path)
    {
        var literal = new StringBuilder(path.Length);
        foreach (var letter in path)
            literal.Append(letter is '*' or '?' or '[' or ']' or '\\' ? "\\" : "").Append(letter);
        return literal.ToString();
    }
}
