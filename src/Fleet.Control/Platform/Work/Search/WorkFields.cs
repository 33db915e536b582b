using Fleet.Control.Platform.Work.Queue;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>What can be asked about work.</summary>
internal static class WorkFields
{
    public static readonly FilterField State = new("state", FilterKind.Word, WorkStates.Askable);
    public static readonly FilterField Kind = new("kind", FilterKind.Word);
    public static readonly FilterField Id = new("id", FilterKind.Id);
    public static readonly FilterField Agent = new("agent", FilterKind.Text);
    public static readonly FilterField Name = new("name", FilterKind.Text);
    public static readonly FilterField Label = new("label", FilterKind.Text, IsNamed: true);
    public static readonly FilterField Created = new("created", FilterKind.Time);
    public static readonly FilterField Finished = new("finished", FilterKind.Time);

    /// <summary>Waits, and only this agent could run it.</summary>
    public static readonly FilterField Pending = new("pending", FilterKind.Key);

    /// <summary>All but the kind, whose words are the kinds there are, and the outputs that these have.</summary>
    public static IReadOnlyList<FilterField> Common { get; } =
    [
        State,
        Id,
        Name,
        Label,
        Agent,
        new("target", FilterKind.Text),
        Pending,
        new("key", FilterKind.Text),
        new("queue_key", FilterKind.Text),
        new("concurrency_key", FilterKind.Text),
        new("sequence_key", FilterKind.Text),
        new("fairness_key", FilterKind.Text),
        new("offline", FilterKind.Word, OfflineTerms.All),
        new("held", FilterKind.Word, ["true", "false"]),
        new("model", FilterKind.Text),
        Created,
        new("started", FilterKind.Time),
        Finished,
        new("expires", FilterKind.Time),
        new("exit", FilterKind.Number),
        new("signal", FilterKind.Text),
        new("error", FilterKind.Text),
        new("attempts", FilterKind.Number),
        new("priority", FilterKind.Number),
        new("retry_of", FilterKind.Id),
        new("output", FilterKind.LongText),
    ];

    /// <summary>The columns that hold a field; any of them may be meant. Empty for fields that are no columns.</summary>
    public static IReadOnlyList<string> ColumnsOf(FilterField field) => field.Name switch
    {
        "target" => ["target_agent"],
        "key" => ["queue_key", "concurrency_key", "sequence_key", "fairness_key"],
        "created" or "started" or "finished" or "expires" => [field.Name + "_at"],
        "exit" => ["exit_code"],
        "error" => ["error_code"],
        "attempts" => ["attempt"],
        "held" => ["held::text"],
        "pending" or "label" => [],
        _ => field.Kind == FilterKind.LongText ? [] : [field.Name],
    };
}
