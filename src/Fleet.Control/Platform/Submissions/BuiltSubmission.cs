using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Platform.Submissions;

/// <summary>What is to start, a piece of work or a group of it; or a refusal.</summary>
/// <param name="Code">Stable, for programs; null with something that starts.</param>
/// <param name="Sentence">For people; null with something that starts.</param>
/// <param name="Before">What the unit that accepts the work has to do first.</param>
/// <param name="Group">What starts where that is more than one piece of work.</param>
internal sealed record BuiltSubmission(
    SubmitWork? Work, string? Code = null, string? Sentence = null, Func<UnitOfWork, Task>? Before = null, GroupStart? Group = null)
{
    public const string TargetGone = "target_gone";
    public const string Refused = "refused";

    public bool IsStart => Work is not null || Group is not null;

    /// <summary>Of what starts.</summary>
    public Guid Id => Work?.WorkId ?? Group!.Id;

    /// <summary>What the unit touches that accepts it; nothing for a refusal.</summary>
    public IReadOnlyList<RowRef> Rows(WorkKinds kinds) =>
        Work is { } work ? [kinds.RowOf(work.Kind, work.WorkId, isNew: true)] : Group?.Rows ?? [];

    /// <param name="away">Pieces of work whose agents are away, as <see cref="WorkOperations.Away"/> found them.</param>
    public async Task Accept(UnitOfWork unit, IReadOnlySet<Guid> away)
    {
        if (Before is not null)
            await Before(unit);
        if (Work is not null)
            await WorkOperations.Accept(unit, Work, away);
        else
            await Group!.Add(unit);
    }
}
