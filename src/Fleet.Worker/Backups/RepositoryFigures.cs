using Fleet.Contracts.Backups;
using Fleet.Worker.Backups.Operations;

namespace Fleet.Worker.Backups;

/// <summary>How large a repository is. Restic walks through all snapshots for it, so it is not asked after each backup.</summary>
internal static class RepositoryFigures
{
    /// <summary>What cannot be had keeps its value.</summary>
    public static async Task<RepositoryStats> Add(RepositoryStats stats, ResticSession restic)
    {
        var raw = await restic.RunOnce(["--no-lock", "stats", "--mode=raw-data"]);
        var whole = await restic.RunOnce(["--no-lock", "stats"]);
        return stats with
        {
            RawSizeBytes = Figure(raw, "total_size"),
            TotalSizeBytes = Figure(whole, "total_size"),
            UniqueFiles = Figure(whole, "total_file_count"),
            SnapshotCount = Figure(whole, "snapshots_count"),
        };
    }

    private static long? Figure(ResticExit exit, string name) =>
        exit.IsDone && exit.Others is [var figures, ..] ? Specs.Whole(figures, name) : null;
}
