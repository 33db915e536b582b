using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Jobs;

/// <summary>How a specification is stored: the contract's words, without what is not there.</summary>
internal static class JobSpecJson
{
    public static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
