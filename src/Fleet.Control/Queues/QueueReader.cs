using Fleet.Control.Platform.Broker;
using Fleet.Hosting;

namespace Fleet.Control.Queues;

/// <summary>Asks the broker's management API what its queues hold (https://www.rabbitmq.com/docs/http-api-reference).</summary>
internal sealed class QueueReader(ManagementApi api, RabbitSettings rabbit)
{
    /// <summary>Of each queue no more than is shown: an answer about thousands of them stays small.</summary>
    private const string Columns =
        "name,type,state,consumers,messages_ready,messages_unacknowledged,message_bytes,"
        + "message_stats.publish_details.rate,message_stats.deliver_get_details.rate,message_stats.ack_details.rate";

    /// <summary>Those of this fleet, by name.</summary>
    /// <exception cref="HttpRequestException">It is away, refuses, or is too slow.</exception>
    public async Task<List<QueueView>> List(CancellationToken stop)
    {
        var all = await api.Get<Queue[]>($"queues/{Uri.EscapeDataString(rabbit.VirtualHost)}?columns={Columns}", stop);
        return [.. all.Select(View).OrderBy(queue => queue.Name, StringComparer.Ordinal)];
    }

    private static QueueView View(Queue queue) => new(
        queue.Name, queue.Type, queue.State, queue.Consumers ?? 0, queue.MessagesReady ?? 0, queue.MessagesUnacknowledged ?? 0,
        queue.MessageBytes, queue.MessageStats?.PublishDetails?.Rate, queue.MessageStats?.DeliverGetDetails?.Rate,
        queue.MessageStats?.AckDetails?.Rate);

    /// <summary>What has just been declared has no figures yet.</summary>
    private sealed record Queue(
        string Name, string? Type = null, string? State = null, int? Consumers = null, long? MessagesReady = null,
        long? MessagesUnacknowledged = null, long? MessageBytes = null, Stats? MessageStats = null);

    private sealed record Stats(Details? PublishDetails = null, Details? DeliverGetDetails = null, Details? AckDetails = null);

    private sealed record Details(double? Rate = null);
}
