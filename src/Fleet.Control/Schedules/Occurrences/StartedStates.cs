using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>How what schedules started stands, in the words of what it is.</summary>
internal sealed class StartedStates(NpgsqlDataSource database, WorkKinds kinds, Submissions submissions)
{
    /// <summary>Of what has not ended; what is gone is left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> Of(IEnumerable<Occurrence> rows, CancellationToken stop)
    {
        var open = rows.Where(row => row.IsOpen).ToList();
        var states = new Dictionary<Guid, string>();
        foreach (var kind in open.Where(row => row.WorkKind is null).GroupBy(row => row.StartedKind!))
        {
            if (submissions.Find(kind.Key)?.Groups is not { } groups)
                continue;
            foreach (var (id, state) in await groups.States([.. kind.Select(row => row.WorkId!.Value)], stop))
                states[id] = state.Word;
        }

        var pieces = open.Where(row => row.WorkKind is not null).Select(row => row.WorkId!.Value).ToArray();
        if (pieces.Length == 0)
            return states;
        foreach (var (id, state) in await database.Query(
            "select id, state from work_state where id = any($1)", row => (row.GetGuid(0), row.GetString(1)), stop, SqlValue.Of(pieces)))
            states[id] = state;
        return states;
    }

    /// <param name="open">As <see cref="Of"/> found it; null where it is gone, or over.</param>
    public OccurrenceView View(Occurrence row, string? open)
    {
        if (row is { IsOpen: true, WorkKind: null })
            return OccurrenceView.Of(row, open);
        var family = row.StartedKind is { } started ? kinds.FindFamily(started) : null;
        return OccurrenceView.Of(row, (row.WorkState ?? open) is { } state ? family?.WordOf(state) ?? WorkStates.WordOf(state) : null);
    }
}
