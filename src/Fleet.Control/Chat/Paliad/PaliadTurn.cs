using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Paliad;

/// <summary>A turn as paliad's clients know it; null is what is not known.</summary>
/// <param name="StartedAt">When it was asked, in whole seconds.</param>
/// <param name="ChipCount">Fleet counts none.</param>
internal record PaliadTurn(
    Guid TurnId,
    string StartedAt,
    string? Response,
    string? ErrorCode,
    DateTimeOffset? FinishedAt,
    long? DurationMs,
    IReadOnlyList<string> UsedTools,
    IReadOnlyList<int> RowsSeen,
    int ChipCount,
    string? ClassifierTag)
{
    /// <summary>Error code of an answer that came after its stream had failed.</summary>
    public const string Late = "late";

    public static PaliadTurn Of(Turn turn)
    {
        var result = ResultOf(turn);
        return new PaliadTurn(
            turn.CorrelationId,
            Seconds(turn.CreatedAt),
            result?.Answer,
            ErrorOf(turn, result),
            turn.FinishedAt,
            DurationOf(turn),
            result?.UsedTools ?? [],
            result?.RowsSeen ?? [],
            ChipCount: 0,
            result?.ClassifierTag);
    }

    /// <summary>Null until it is over, and where nothing came of it.</summary>
    public static TurnResult? ResultOf(Turn turn) => WorkStates.IsOver(turn.State) ? TurnNotes.ReadResult(turn.Result) : null;

    /// <summary>Null where it completed, and until it is over.</summary>
    public static string? ErrorOf(Turn turn, TurnResult? result) =>
        !WorkStates.IsOver(turn.State) ? null
        : turn.State != WorkStates.Succeeded ? turn.ErrorCode ?? TurnStates.WordOf(turn.State)
        : result?.Recovered == true ? Late
        : null;

    public static long? DurationOf(Turn turn) => (long?)(turn.FinishedAt - turn.StartedAt)?.TotalMilliseconds;

    public static string Seconds(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The same, and what has become of an answer whose stream broke.</summary>
internal sealed record PaliadRecovery : PaliadTurn
{
    private PaliadRecovery(PaliadTurn turn, string state) : base(turn) => RecoveryState = state;

    /// <summary>
    /// <c>recovered</c>: there is an answer, or what came of it; <c>pending</c>: there may be one; <c>lost</c>.
    /// </summary>
    [JsonPropertyOrder(1)]
    public string RecoveryState { get; }

    /// <param name="patience">How long there may be an answer.</param>
    public static PaliadRecovery Of(Turn turn, TimeSpan patience, DateTimeOffset now)
    {
        var row = PaliadTurn.Of(turn);
        var state = row.Response is { Length: > 0 } || turn.State == WorkStates.Succeeded ? "recovered"
            : WorkStates.IsOver(turn.State) || now - turn.CreatedAt > patience ? "lost"
            : "pending";
        return new PaliadRecovery(row, state);
    }
}

/// <summary>A turn in a list: with what was asked, in which session, and from where.</summary>
internal sealed record PaliadRow : PaliadTurn
{
    private PaliadRow(PaliadTurn turn) : base(turn)
    {
    }

    [JsonPropertyOrder(1)]
    public string? SessionId { get; private init; }

    [JsonPropertyOrder(1)]
    public required string UserMessage { get; init; }

    [JsonPropertyOrder(1)]
    public string? PageOrigin { get; private init; }

    public static PaliadRow Of(Turn turn, string? session)
    {
        var spec = SpecJson.Read<TurnSpec>(turn.Spec);
        return new PaliadRow(PaliadTurn.Of(turn))
        {
            SessionId = session,
            UserMessage = TurnRecords.TextOf(spec),
            PageOrigin = OriginOf(spec.ContextJson),
        };
    }

    private static string? OriginOf(string? context) =>
        context is not null
        && JsonSerializer.Deserialize<JsonElement>(context) is { ValueKind: JsonValueKind.Object } said
        && said.TryGetProperty("page_origin", out var origin)
        && origin.ValueKind == JsonValueKind.String
            ? origin.GetString()
            : null;
}
