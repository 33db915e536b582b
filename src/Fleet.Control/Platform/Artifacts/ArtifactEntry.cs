namespace Fleet.Control.Platform.Artifacts;

/// <summary>A complete artifact, without its bytes.</summary>
internal sealed record ArtifactEntry(
    Guid ArtifactId, Guid OwnerId, string Name, long Size, string ContentType, string Sha256, int ChunkSize)
{
    /// <param name="folder">The path of the owner's artifacts: <c>/v1/jobs/…/artifacts</c>.</param>
    public ArtifactView At(string folder) =>
        new(Name, Size, ContentType, Sha256, $"{folder}/{ArtifactName.ToPath(Name)}");
}

/// <summary>An artifact on the wire.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Url">Where its bytes are, as a path.</param>
internal sealed record ArtifactView(string Name, long Size, string ContentType, string Sha256, string Url);
