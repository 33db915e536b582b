using System.Text.Json;

namespace Fleet.Client.Chat;

/// <summary>One entry of a turn's journal.</summary>
public abstract record TurnEvent(long Seq)
{
    /// <summary>A piece of the answer.</summary>
    public sealed record Delta(long Seq, string Text, int Attempt) : TurnEvent(Seq);

    /// <summary>A piece of what the model thinks, or only a sign of life.</summary>
    /// <param name="Text">Null where only time passed.</param>
    /// <param name="ElapsedSeconds">Since the question, where nothing was said for a while.</param>
    public sealed record Thinking(long Seq, string? Text, int? ElapsedSeconds, int Attempt) : TurnEvent(Seq);

    /// <summary>A new attempt says its answer from the beginning.</summary>
    public sealed record StateChanged(long Seq, string? From, string To, int Attempt, string? Reason) : TurnEvent(Seq);

    /// <summary>The last entry.</summary>
    /// <param name="Turn">Null where it was removed meanwhile.</param>
    public sealed record Ended(long Seq, Turn? Turn) : TurnEvent(Seq);

    /// <summary>Any other entry, as it was written.</summary>
    public sealed record Other(long Seq, string Type, JsonElement Data) : TurnEvent(Seq);

    /// <exception cref="JsonException">The data is not what its type says.</exception>
    internal static TurnEvent Parse(string type, ReadOnlySpan<byte> data) => type switch
    {
        "delta" => Read<Delta>(data),
        "thinking" => Read<Thinking>(data),
        "state" => Read<StateChanged>(data),
        "end" => new Ended(0, JsonSerializer.Deserialize<Turn>(data, FleetJson.Options)),
        _ => new Other(0, type, JsonSerializer.Deserialize<JsonElement>(data, FleetJson.Options)),
    };

    private static T Read<T>(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize<T>(data, FleetJson.Options)!;
}
