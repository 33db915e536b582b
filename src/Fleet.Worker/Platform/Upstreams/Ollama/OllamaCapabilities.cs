using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;

namespace Fleet.Worker.Platform.Upstreams.Ollama;

/// <summary>
/// What models can do, as Ollama tells of each (<c>POST /api/show</c>). It is asked once about the same content; servers that only
/// resemble Ollama do not tell, and are none the worse for it.
/// </summary>
internal sealed class OllamaCapabilities(UpstreamHttp http)
{
    private const int MostAtOnce = 100; // of a server with many models the others are asked about next time

    private readonly Dictionary<string, IReadOnlyList<string>?> _known = [];

    /// <exception cref="UpstreamException">It went away.</exception>
    public async Task<IReadOnlyList<UpstreamModel>> AddTo(IReadOnlyList<UpstreamModel> models, CancellationToken stop)
    {
        foreach (var model in models.Where(model => !_known.ContainsKey(KeyOf(model))).Take(MostAtOnce).ToList())
        {
            var capabilities = await Ask(model.Name, stop);
            _known[KeyOf(model)] = capabilities;
            if (capabilities is null)
                break; // nor will it tell of the next one; the others are asked about next time
        }

        return [.. models.Select(model => model with { Capabilities = _known.GetValueOrDefault(KeyOf(model)) })];
    }

    private static string KeyOf(UpstreamModel model) => $"{model.Name}@{model.Digest}";

    private async Task<IReadOnlyList<string>?> Ask(string model, CancellationToken stop)
    {
        try
        {
            var bytes = await http.Ask("api/show", JsonSerializer.SerializeToUtf8Bytes(new { model }), stop);
            return UpstreamJson.Read<IReadOnlyList<string>?>(http.Name, () =>
            {
                using var document = UpstreamJson.Parse(http.Name, bytes);
                return document.RootElement.TryGetProperty("capabilities", out var all) && all.ValueKind == JsonValueKind.Array
                    ? [.. all.EnumerateArray().Select(one => one.GetString()).OfType<string>()]
                    : null;
            });
        }
        catch (UpstreamException failure) when (failure.Code != AttemptErrors.UpstreamUnreachable)
        {
            return null;
        }
    }
}
