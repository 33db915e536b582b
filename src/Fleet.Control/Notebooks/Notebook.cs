using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Notebooks;

/// <summary>A notebook as the database has it, with how the work stands that is its server.</summary>
/// <param name="Owner">The API key that alone may use it.</param>
/// <param name="Agent">Whose disk has its files: it starts there, and nowhere else.</param>
/// <param name="Work">The latest start.</param>
/// <param name="Token">HMAC of what opens it.</param>
/// <param name="RemovedAt">Since when it lies in the trash; null where it does not.</param>
/// <param name="WorkState">The lifecycle's name of it; null where the work was removed.</param>
/// <param name="Listens">Whether the server has said so.</param>
internal sealed record Notebook(
    Guid Id,
    string Tenant,
    Guid Owner,
    string OwnerName,
    string Name,
    string Workspace,
    string Agent,
    Guid Work,
    byte[] Token,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RemovedAt = null,
    string? WorkState = null,
    int Attempt = 0,
    bool Listens = false,
    string? ErrorCode = null,
    string? ErrorMessage = null,
    DateTimeOffset? StartedAt = null)
{
    /// <summary><c>starting running stopping stopped failed</c>.</summary>
    public string State => WorkState switch
    {
        WorkStates.Queued or WorkStates.Assigned => "starting",
        WorkStates.Running => Listens ? "running" : "starting",
        WorkStates.Cancelling => "stopping",
        WorkStates.Failed or WorkStates.Expired when ErrorCode != AttemptErrors.Cancelled => "failed",
        _ => "stopped",
    };

    /// <summary>Whether a server of it may be there.</summary>
    public bool IsLive => WorkState is not null && !WorkStates.IsOver(WorkState);

    public string Path => PathOf(Id);

    /// <summary>With a slash at both ends: all URLs of the notebook's server begin so.</summary>
    public static string PathOf(Guid id) => $"/notebooks/{WireId.Format(id)}/";

    /// <summary>As it is when another start of it was just accepted.</summary>
    public Notebook StartedAnew(Guid work) => this with
    {
        Work = work,
        WorkState = WorkStates.Queued,
        Attempt = 0,
        Listens = false,
        ErrorCode = null,
        StartedAt = null,
    };

    /// <summary>Whether its state and its end are the caller's affair: its own key, and those who answer for the tenant.</summary>
    public bool IsSeenBy(Caller caller) => Owner == caller.KeyId || (caller.MaySee(Tenant) && caller.May(Scope.Admin));
}
