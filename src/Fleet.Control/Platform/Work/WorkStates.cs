namespace Fleet.Control.Platform.Work;

/// <summary>
/// The states of all work, as the tables hold them, and their words in the native API. Which phase a state belongs to
/// decides where its rows lie: see <see cref="WorkTables"/>.
/// </summary>
internal static class WorkStates
{
    public const string Queued = "Queued";
    public const string Assigned = "Assigned";
    public const string Running = "Running";
    public const string Cancelling = "Cancelling";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";
    public const string Expired = "Expired";

    /// <summary>Nobody knows how the last attempt ended, and none follows: the end of what is not to be done twice.</summary>
    public const string Lost = "Lost";

    /// <summary>Phase of what waits.</summary>
    public const string Waiting = "waiting";

    /// <summary>Phase of what an agent has.</summary>
    public const string InHand = "in_hand";

    /// <summary>Phase of what is over.</summary>
    public const string Ended = "ended";

    private static readonly Dictionary<string, string> Words =
        new[] { Queued, Assigned, Running, Cancelling, Succeeded, Failed, Cancelled, Expired }
            .ToDictionary(state => state, state => state.ToLowerInvariant());

    private static readonly Dictionary<string, string[]> States =
        new(Words.Select(pair => KeyValuePair.Create(pair.Value, (string[])[pair.Key])))
        {
            ["lost"] = [Lost],
            ["streaming"] = [Running, Cancelling],
            ["completed"] = [Succeeded],
        };

    /// <summary>Of the states that every kind of work has.</summary>
    public static IReadOnlyList<string> AllWords { get; } = [.. Words.Values];

    /// <summary>All by which work can be asked for: also those of states, and in the words, that only some kinds have.</summary>
    public static IReadOnlyList<string> Askable { get; } = [.. States.Keys];

    public static bool IsInHand(string state) => state is Assigned or Running or Cancelling;

    public static bool IsOver(string state) => PhaseOf(state) == Ended;

    public static string PhaseOf(string state) => state switch
    {
        Queued => Waiting,
        Assigned or Running or Cancelling => InHand,
        _ => Ended,
    };

    /// <summary>The word of a state; null before the first.</summary>
    public static string? WordOf(string? state) =>
        state is null or "" or "Initial" ? null : Words.GetValueOrDefault(state) ?? state.ToLowerInvariant();

    /// <summary>The states that a word means; none when the word is none.</summary>
    public static IReadOnlyList<string> OfWord(string word) => States.GetValueOrDefault(word) ?? [];
}
