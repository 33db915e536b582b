using System.Text.Json;

namespace Fleet.Client.Events;

/// <summary>One event of the stream of all that changes.</summary>
/// <param name="Id">Its place: what to go on behind.</param>
public abstract record FleetEvent(string Id)
{
    /// <summary>From here on everything is told.</summary>
    public sealed record Ready(string Id) : FleetEvent(Id);

    /// <summary>What lies between the place asked for and here is forgotten: lists have to be read anew.</summary>
    public sealed record Reset(string Id) : FleetEvent(Id);

    /// <summary>Something is not as it was before.</summary>
    public sealed record Changed(string Id, Change Change) : FleetEvent(Id);

    /// <exception cref="JsonException">The data is not what its type says.</exception>
    internal static FleetEvent Parse(string type, ReadOnlySpan<byte> data) => type switch
    {
        "ready" => new Ready(""),
        "reset" => new Reset(""),
        _ => new Changed("", JsonSerializer.Deserialize<Change>(data, FleetJson.Options) ?? throw new JsonException("null")),
    };
}

/// <summary>What changed.</summary>
/// <param name="Family"><c>job backup turn agent schedule alert</c>.</param>
/// <param name="Kind">Of work, its kind; else the family.</param>
/// <param name="Seq">Of work, the number in its journal: of two changes of one the greater is the later. Null for all else.</param>
/// <param name="Type">Of work <c>state priority labels artifact</c>; else what happened: <c>online</c>.</param>
/// <param name="Data">Of work the journal's entry; else what changed, as lists show it. Null where it is gone.</param>
public sealed record Change(string Family, string Kind, string Id, long? Seq, string Type, DateTimeOffset At, JsonElement? Data)
{
    /// <summary>The state that work is in since; null where something else changed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? State => Type == "state" && Data is { ValueKind: JsonValueKind.Object } data
        && data.TryGetProperty("to", out var to) ? to.GetString() : null;
}
