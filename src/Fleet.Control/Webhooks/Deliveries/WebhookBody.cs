using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// The bytes that a receiver gets, the same in every attempt: to a URL that a job names, the news as they are; to an
/// endpoint, <c>{type, timestamp, data}</c> around them.
/// </summary>
internal sealed class WebhookBody(ArtifactQueries artifacts, InlineArtifacts inline)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = FleetJson.Options.MaxDepth };

    public async Task<byte[]> Of(WebhookDelivery delivery, CancellationToken stop)
    {
        var data = delivery.ArtifactsAt is { } path ? await Fill(delivery, path, stop) : delivery.Data;
        return Encoding.UTF8.GetBytes(delivery.EndpointId == Guid.Empty
            ? data
            : $$"""{"type":"{{delivery.Type}}","timestamp":"{{Time(delivery)}}","data":{{data}}}""");
    }

    private static string Time(WebhookDelivery delivery) =>
        JsonSerializer.Serialize(delivery.OccurredAt, FleetJson.Options).Trim('"');

    private async Task<string> Fill(WebhookDelivery delivery, string path, CancellationToken stop)
    {
        var data = JsonNode.Parse(delivery.Data, documentOptions: Deep)!;
        data["artifacts"] = delivery.InlineArtifacts
            ? JsonSerializer.SerializeToNode(await inline.Of(delivery.About, path, stop), FleetJson.Options)
            : JsonSerializer.SerializeToNode(
                (await artifacts.List([delivery.About], stop))[delivery.About].Select(entry => entry.At(path)),
                FleetJson.Options);
        return data.ToJsonString(FleetJson.Options);
    }
}
