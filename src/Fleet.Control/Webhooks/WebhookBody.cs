using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Webhooks;

/// <summary>
/// The bytes that a receiver gets, the same in every attempt: to a URL that a job names, the news as they are; to an
/// endpoint, <c>{type, timestamp, data}</c> around them.
/// </summary>
internal sealed class WebhookBody(ArtifactShelf artifacts)
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
        var views = (await artifacts.List([delivery.About], stop))[delivery.About].Select(entry => entry.At(path));
        data["artifacts"] = JsonSerializer.SerializeToNode(views, FleetJson.Options);
        return data.ToJsonString(FleetJson.Options);
    }
}
