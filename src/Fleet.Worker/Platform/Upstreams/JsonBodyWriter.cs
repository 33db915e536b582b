using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>Writes what an upstream is asked; what is null is left out.</summary>
internal sealed class JsonBodyWriter : IDisposable
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;

    public JsonBodyWriter() => _json = new Utf8JsonWriter(_bytes, _options);

    /// <summary>For what has no method here.</summary>
    public Utf8JsonWriter Json => _json;

    public void Text(string name, string? value)
    {
        if (value is not null)
            _json.WriteString(name, value);
    }

    public void Flag(string name, bool? value)
    {
        if (value is { } flag)
            _json.WriteBoolean(name, flag);
    }

    public void Number(string name, int? value)
    {
        if (value is { } number)
            _json.WriteNumber(name, number);
    }

    public void Texts(string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    public void Raw(string name, string? json)
    {
        if (json is null)
            return;
        _json.WritePropertyName(name);
        _json.WriteRawValue(json);
    }

    public ReadOnlyMemory<byte> End()
    {
        _json.Flush();
        return _bytes.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();
}
