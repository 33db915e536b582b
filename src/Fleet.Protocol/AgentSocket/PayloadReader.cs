using System.Globalization;
using System.Text.Json;

namespace Fleet.Protocol.AgentSocket;

/// <summary>
/// Fields of a payload. What is null counts as absent, and what nobody asks for is ignored; every method throws a <see
/// cref="WireFaultException"/> whose sentence names the field.
/// </summary>
/// <param name="path">Where it is, for the sentences.</param>
public readonly struct PayloadReader(JsonElement payload, string path = "payload")
{
    private readonly JsonElement _payload = payload;
    private readonly string _path = path;

    /// <summary>Needed, and not empty.</summary>
    /// <param name="most">Characters.</param>
    public string Text(string name, int most = 1000) =>
        TextOrNull(name, most) is { Length: > 0 } text ? text : throw Fault(name, "is needed");

    /// <summary>Null where it is absent.</summary>
    /// <param name="most">Characters.</param>
    public string? TextOrNull(string name, int most = 1000)
    {
        if (Find(name) is not { } field)
            return null;
        if (field.ValueKind != JsonValueKind.String)
            throw Fault(name, "must be a text");
        var text = Decode(name, field);
        return text.Length <= most ? text : throw Fault(name, $"must have at most {most} characters");
    }

    public bool? FlagOrNull(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault(name, "must be true or false"),
    };

    public bool Flag(string name) => FlagOrNull(name) ?? throw Fault(name, "is needed");

    public long? WholeOrNull(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Find(name) is not { } field)
            return null;
        return field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Fault(name, Range(least, most));
    }

    public long Whole(string name, long least = long.MinValue, long most = long.MaxValue) =>
        WholeOrNull(name, least, most) ?? throw Fault(name, "is needed");

    public double? NumberOrNull(string name)
    {
        if (Find(name) is not { } field)
            return null;
        return field.ValueKind == JsonValueKind.Number && field.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Fault(name, "must be a number");
    }

    /// <summary>RFC 3339; in UTC. The year 1, which some languages write for no time at all, counts as absent.</summary>
    public DateTimeOffset? TimeOrNull(string name)
    {
        if (TextOrNull(name, 64) is not { } text)
            return null;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw Fault(name, "must be a time as RFC 3339 has it");
        return time.Year <= 1 ? null : time.ToUniversalTime();
    }

    public DateTimeOffset Time(string name) => TimeOrNull(name) ?? throw Fault(name, "is needed");

    /// <summary>One of some words.</summary>
    public string Word(string name, params ReadOnlySpan<string> words)
    {
        var word = Text(name);
        return words.Contains(word) ? word : throw Fault(name, $"must be one of {string.Join(", ", words)}");
    }

    /// <summary>The texts of a list; none where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var reader = this;
        return List(name, (item, i) => item.ValueKind == JsonValueKind.String
            ? reader.Decode($"{name}[{i}]", item)
            : throw reader.Fault($"{name}[{i}]", "must be a text"));
    }

    /// <summary>The objects of a list; none where it is absent.</summary>
    public IReadOnlyList<T> Objects<T>(string name, Func<PayloadReader, T> read)
    {
        var reader = this;
        return List(name, (item, i) => item.ValueKind == JsonValueKind.Object
            ? read(new PayloadReader(item, $"{reader._path}.{name}[{i}]"))
            : throw reader.Fault($"{name}[{i}]", "must be an object"));
    }

    /// <summary>An object as it was written; null where it is absent.</summary>
    public string? RawOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } field => field.GetRawText(),
        _ => throw Fault(name, "must be an object"),
    };

    /// <summary>The fields of an object; null where it is absent.</summary>
    public PayloadReader? ObjectOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } field => new PayloadReader(field, $"{_path}.{name}"),
        _ => throw Fault(name, "must be an object"),
    };

    public bool Has(string name) => Find(name) is not null;

    public WireFaultException Fault(string name, string what) => new(WireFaults.BadRequest, $"{_path}.{name} {what}.");

    private List<T> List<T>(string name, Func<JsonElement, int, T> read)
    {
        if (Find(name) is not { } field)
            return [];
        if (field.ValueKind != JsonValueKind.Array)
            throw Fault(name, "must be a list");
        var items = new List<T>(field.GetArrayLength());
        foreach (var item in field.EnumerateArray())
            items.Add(read(item, items.Count));
        return items;
    }

    private JsonElement? Find(string name) =>
        _payload.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private string Decode(string name, JsonElement field)
    {
        try
        {
            return field.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault(name, "cannot be read as text");
        }
    }

    private static string Range(long least, long most) => (least, most) switch
    {
        (long.MinValue, long.MaxValue) => "must be a whole number",
        (_, long.MaxValue) => $"must be a whole number from {least} on",
        _ => $"must be a whole number from {least} to {most}",
    };
}
