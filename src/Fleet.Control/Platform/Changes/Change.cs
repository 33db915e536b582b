using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Changes;

/// <summary>Something of a tenant that is not as it was before.</summary>
/// <param name="Owner">The key that alone may see it; null where all of the tenant may.</param>
/// <param name="Family">What changed: a family of work, or <c>agent schedule alert</c>.</param>
/// <param name="Kind">Of work, the kind within the family; else the family.</param>
/// <param name="Seq">Of work, the number in its journal.</param>
/// <param name="Type">Of work, the type of the journal's entry; else the word of the event: <c>online</c>.</param>
/// <param name="Data">JSON; null where it is gone.</param>
internal sealed record Change(
    ChangeId Id, string Tenant, Guid? Owner, string Family, string Kind, Guid About, long? Seq, string Type, DateTimeOffset At,
    string? Data)
{
    private byte[]? _event;

    /// <summary>The server-sent event, made once however many watch.</summary>
    public byte[] ToEvent() => _event ??= Encoding.UTF8.GetBytes($"id: {Id}\nevent: {Family}\ndata: {Body()}\n\n");

    private string Body() => JsonSerializer.Serialize(new ChangeView(Family, Kind, About, Seq, Type, At, Parsed()), FleetJson.Options);

    private JsonElement? Parsed() => Data is null ? null : JsonSerializer.Deserialize<JsonElement>(Data);
}

/// <summary>A change as clients see it.</summary>
/// <param name="Family">What changed: <c>job backup turn agent schedule alert</c>.</param>
/// <param name="Kind">Of work, its kind; else the family.</param>
/// <param name="Seq">Of work, the number in its journal: of two changes of one the greater is the later. Null for all else.</param>
/// <param name="Type">Of work <c>state priority labels artifact</c>; else what happened to it, as webhooks say it.</param>
/// <param name="Data">Of work the journal's entry; else what changed, as lists show it.</param>
internal sealed record ChangeView(
    string Family,
    string Kind,
    [property: JsonConverter(typeof(WireIdConverter))] Guid Id,
    long? Seq,
    string Type,
    DateTimeOffset At,
    JsonElement? Data);
