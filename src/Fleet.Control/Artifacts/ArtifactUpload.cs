namespace Fleet.Control.Artifacts;

/// <summary>An artifact on its way in.</summary>
/// <param name="OwnerId">The work.</param>
/// <param name="Family">What the work is called: <c>job</c>.</param>
/// <param name="Agent">Who says that it has the attempt in hand.</param>
internal sealed record ArtifactUpload(
    Guid ArtifactId, Guid OwnerId, string Family, string Kind, int Attempt, string Agent, string Name, string ContentType);
