using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Work;

/// <summary>How a specification is written: the words of its contract, without what is not there.</summary>
public static class SpecJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never part of a page; else a text may take six times its bytes
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true, // a call without a model is no call
    };

    /// <summary>Of work that needs no words.</summary>
    public const string Empty = "{}";

    public static string Write<T>(T spec) where T : class => JsonSerializer.Serialize(spec, Options);

    /// <exception cref="JsonException">The text is no such specification.</exception>
    public static T Read<T>(string json) where T : class =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"An empty {typeof(T).Name}.");
}
