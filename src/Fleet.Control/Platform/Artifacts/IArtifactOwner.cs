using Fleet.Contracts.Jobs;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// The slice whose work leaves artifacts: it knows who may see them and which attempt may still add some.
/// </summary>
internal interface IArtifactOwner
{
    /// <summary>Null when there is no such owner.</summary>
    Task<string?> TenantOf(Guid ownerId, CancellationToken stop);

    /// <summary>Whether this attempt is in this agent's hands now. Asked before the first byte is read.</summary>
    Task<bool> Expects(Guid ownerId, int attempt, string agent, CancellationToken stop);

    /// <summary>
    /// Records that the artifact exists, fenced by the attempt like every other report. All of its bytes are stored.
    /// It becomes visible by <see cref="ArtifactCompletion"/>: the owner runs that in the transaction of its record when
    /// it can; the upload runs it again right after, which changes nothing then.
    /// </summary>
    Task<ArtifactVerdict> Accept(
        Guid ownerId, int attempt, string agent, ArtifactStored stored, CancellationToken stop);
}

/// <summary>What the owner said to an artifact.</summary>
internal enum ArtifactVerdict
{
    Accepted,

    /// <summary>The attempt is over, or in other hands.</summary>
    Stale,
}
