using System.Text.Json;
using Fleet.Contracts.Agents;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>A server of models, as its agent told.</summary>
/// <param name="Reachable">Whether it gets calls.</param>
/// <param name="Error">Why not.</param>
/// <param name="Generations">How many answers it writes at once.</param>
/// <param name="Embeddings">How many calls for embeddings it may have beside those.</param>
/// <param name="Loaded">Models that it has in memory.</param>
internal sealed record AgentUpstreamView(
    string Name,
    string? Protocol,
    bool Reachable,
    string? Error,
    string? Version,
    int Generations,
    int Embeddings,
    IReadOnlyList<AgentModelView> Models,
    IReadOnlyList<string> Loaded)
{
    public static AgentUpstreamView Of(UpstreamReport upstream) => new(
        upstream.Name,
        upstream.Protocol,
        upstream.IsReachable,
        upstream.Error,
        upstream.Version,
        upstream.Generations,
        upstream.Embeddings,
        [.. upstream.Models.Select(AgentModelView.Of)],
        upstream.Loaded);
}

/// <param name="Size">Bytes.</param>
internal sealed record AgentModelView(
    string Name, long? Size, string? Digest, DateTimeOffset? ModifiedAt, JsonElement? Details)
{
    public static AgentModelView Of(UpstreamModel model) => new(
        model.Name,
        model.Size,
        model.Digest,
        model.ModifiedAt,
        model.DetailsJson is null ? null : JsonSerializer.Deserialize<JsonElement>(model.DetailsJson));
}
