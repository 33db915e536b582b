namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// A file that an attempt left. Its bytes are <see cref="ArtifactChunk"/>s; only complete ones are seen.
/// </summary>
internal sealed class Artifact
{
    public required Guid Id { get; init; }

    /// <summary>The work it belongs to.</summary>
    public required Guid OwnerId { get; init; }

    public required int Attempt { get; init; }
    public required string Name { get; init; }

    /// <summary>Bytes; 0 until it is complete.</summary>
    public long Size { get; init; }

    public required string ContentType { get; init; }

    /// <summary>Lower-case hex; null until it is complete.</summary>
    public string? Sha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody last worked on it; one that is incomplete and long untouched is abandoned.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    public bool Complete { get; init; }

    /// <summary>Bytes of every chunk but the last.</summary>
    public required int ChunkSize { get; init; }
}

/// <summary>Bytes of an artifact, from <c>Number * ChunkSize</c> on.</summary>
internal sealed class ArtifactChunk
{
    public required Guid ArtifactId { get; init; }
    public required int Number { get; init; }
    public required byte[] Bytes { get; init; }
}
