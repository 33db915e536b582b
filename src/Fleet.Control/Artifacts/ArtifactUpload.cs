namespace Fleet.Control.Artifacts;

/// <summary>An artifact on its way in.</summary>
/// <param name="OwnerId">The job.</param>
/// <param name="Agent">Who says that it has the attempt in hand.</param>
internal sealed record ArtifactUpload(
    Guid ArtifactId, Guid OwnerId, string Kind, int Attempt, string Agent, string Name, string ContentType);
