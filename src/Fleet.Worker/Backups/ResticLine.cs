using System.Text.Json;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups;

/// <summary>A line that restic wrote, on whichever stream.</summary>
internal abstract record ResticLine
{
    /// <summary>How far it is.</summary>
    internal sealed record Progress(BackupProgress How) : ResticLine;

    /// <summary>Something went wrong, and it goes on.</summary>
    internal sealed record Issue(BackupIssue What) : ResticLine;

    /// <summary>Its account of all it did, as it wrote it.</summary>
    internal sealed record Summary(JsonElement Json) : ResticLine;

    /// <summary>Why it ends, since 0.18.</summary>
    internal sealed record Exit(int Code, string Message) : ResticLine;

    /// <summary>Another object or array, as it wrote it.</summary>
    internal sealed record Other(JsonElement Json, string Type) : ResticLine;

    /// <summary>Nothing that anybody needs.</summary>
    internal sealed record Noise : ResticLine;

    /// <summary>For people.</summary>
    internal sealed record Text(string Said) : ResticLine;
}
