using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// How JSON looks outside: snake_case, every field present (null when there is nothing), enums as lower snake_case
/// words, times in UTC. Ids are written by <see cref="WireIdConverter"/> on the property.
/// </summary>
internal static class FleetJson
{
    /// <summary>The result that an attempt left may have 64 levels, and is shown inside of others.</summary>
    private const int DeepestOutput = 128;

    /// <summary>For what Fleet writes, and for what it reads back of its own.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>For what clients send: the same words, and nothing that was not asked for.</summary>
    public static JsonSerializerOptions Requests { get; } = Strict(Create());

    /// <summary>For what clients of foreign wires send: what is not known here is passed over, what is there twice is not.</summary>
    public static JsonSerializerOptions KnownFields { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        MaxDepth = Requests.MaxDepth,
        Converters = { new FiniteNumberConverter(), new UtcTimeConverter() },
    };

    public static void Apply(JsonSerializerOptions json)
    {
        json.MaxDepth = DeepestOutput;
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.PropertyNameCaseInsensitive = false;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // never part of a page
        json.Converters.Add(new WireEnumConverter());
        json.Converters.Add(new UtcTimeConverter());
        json.Converters.Add(new FiniteNumberConverter());
    }

    private static JsonSerializerOptions Create()
    {
        var json = new JsonSerializerOptions();
        Apply(json);
        return json;
    }

    private static JsonSerializerOptions Strict(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.ReadCommentHandling = JsonCommentHandling.Disallow;
        json.AllowTrailingCommas = false;
        json.AllowDuplicateProperties = false;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.MaxDepth = 32;
        return json;
    }
}
