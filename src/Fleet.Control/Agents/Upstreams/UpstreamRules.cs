using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>How much is believed of what an agent says about its upstreams: the rest is left out.</summary>
internal static class UpstreamRules
{
    private const int MostUpstreams = 32;
    private const int MostModels = 2000;
    private const int MostAtOnce = 1000;
    private const int MostAnswers = 64;
    private const int MostCapabilities = 50;
    private const int MostText = 200;
    private const int MostSentence = 1000;
    private const int MostDetails = 4000;

    private static readonly string[] Protocols = ["ollama", "openai", UpstreamPlace.AiChat];

    public static IReadOnlyList<UpstreamReport> Tidy(IReadOnlyList<UpstreamReport?>? said) =>
        [.. (said ?? []).OfType<UpstreamReport>()
            .Where(upstream => AgentAddress.IsName(upstream.Name))
            .DistinctBy(upstream => upstream.Name)
            .Take(MostUpstreams)
            .Select(Tidy)];

    public static Guid[] Tidy(IReadOnlyList<Guid>? answers) => [.. (answers ?? []).Take(MostAnswers)];

    private static UpstreamReport Tidy(UpstreamReport upstream) => upstream with
    {
        Protocol = Protocols.Contains(upstream.Protocol) ? upstream.Protocol : null,
        Generations = Math.Clamp(upstream.Generations, 0, MostAtOnce),
        Embeddings = Math.Clamp(upstream.Embeddings, 0, MostAtOnce),
        Models = [.. ((IReadOnlyList<UpstreamModel?>?)upstream.Models ?? []).OfType<UpstreamModel>()
            .Where(model => IsName(model.Name)).Take(MostModels).Select(Tidy)],
        Loaded = [.. (upstream.Loaded ?? []).Where(IsName).Take(MostModels)],
        Version = Cut(upstream.Version, MostText),
        Error = Cut(upstream.Error, MostSentence),
        LoadedUntil = upstream.LoadedUntil?.Where(model => IsName(model.Key)).Take(MostModels).ToDictionary(),
    };

    private static UpstreamModel Tidy(UpstreamModel model) => model with
    {
        Digest = Cut(model.Digest, MostText),
        DetailsJson = IsObject(model.DetailsJson) ? model.DetailsJson : null,
        Capabilities = model.Capabilities is { } all ? [.. all.Where(IsName).Take(MostCapabilities)] : null,
    };

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= MostText } && !name.Any(char.IsControl) && !name.Any(char.IsSurrogate);

    private static string? Cut(string? text, int most)
    {
        if (text is null)
            return null;
        var plain = string.Concat(text.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter)));
        return plain.Length > most ? plain[..most] : plain;
    }

    private static bool IsObject(string? json)
    {
        if (json is null or { Length: > MostDetails } || json.Contains("\\u0000", StringComparison.Ordinal))
            return false;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
