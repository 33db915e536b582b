using Fleet.Contracts.Attempts;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// Knows the work that leaves artifacts: who may see them and which attempt may still add some.
/// </summary>
internal interface IArtifactOwner
{
    /// <summary>Null when there is no such work.</summary>
    Task<ArtifactOwner?> Find(Guid ownerId, CancellationToken stop);

    /// <summary>Whether this attempt is in this agent's hands now. Asked before the first byte is read.</summary>
    Task<bool> Expects(Guid ownerId, int attempt, string agent, CancellationToken stop);

    /// <summary>
    /// Records that the artifact exists, fenced by the attempt like every other report. All of its bytes are stored.
    /// It becomes visible by <see cref="ArtifactCompletion"/>: the owner runs that in the transaction of its record
    /// when it can; the upload runs it again right after, which changes nothing then.
    /// </summary>
    Task<ArtifactVerdict> Accept(string agent, ArtifactStored stored, CancellationToken stop);
}

/// <summary>Work that leaves artifacts.</summary>
/// <param name="Family">What it is called: <c>job</c>.</param>
/// <param name="Folder">The path of its artifacts: <c>/v1/jobs/…/artifacts</c>.</param>
/// <param name="Key">The API key that alone may see them; null where all of the tenant may.</param>
internal sealed record ArtifactOwner(string Tenant, string Family, string Kind, string Folder, Guid? Key = null);

/// <summary>What the owner said to an artifact.</summary>
internal enum ArtifactVerdict
{
    Accepted,

    /// <summary>The attempt is over, or in other hands.</summary>
    Stale,
}
