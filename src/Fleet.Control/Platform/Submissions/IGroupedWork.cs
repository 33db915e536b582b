using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Submissions;

/// <summary>
/// Pieces of work that are started, followed and ended as one: an execution, which is a job on each of its agents. The slice
/// that has them says how, for those who only know their ids.
/// </summary>
internal interface IGroupedWork
{
    /// <summary>What a unit touches that cancels the group.</summary>
    RowRef RowOf(Guid group);

    /// <summary>What waits never begins, and what runs is ended, then or soon after. One that is over stays as it is.</summary>
    /// <param name="by">Who or what wants it, for people.</param>
    Task Cancel(UnitOfWork unit, Guid group, string by);

    /// <summary>How groups stand; those that are gone are left out.</summary>
    Task<IReadOnlyDictionary<Guid, GroupState>> States(IReadOnlyCollection<Guid> groups, CancellationToken stop);
}

/// <summary>How a group of work stands.</summary>
/// <param name="Word">As the group's own route says it.</param>
/// <param name="End"><c>succeeded</c>, <c>failed</c> or <c>cancelled</c> once all of it is over; null before.</param>
internal sealed record GroupState(string Word, string? End);

/// <summary>A group of work that is to start.</summary>
/// <param name="Rows">What the unit touches that starts it.</param>
/// <param name="Word">How it stands then.</param>
/// <param name="Add">Puts it into a unit. A commit may be tried again, and this with it.</param>
internal sealed record GroupStart(Guid Id, IReadOnlyList<RowRef> Rows, string Word, Func<UnitOfWork, Task> Add);
