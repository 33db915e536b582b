using System.Text.Json;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// Writes what becomes owed into the transaction that makes it true. The database says who is subscribed, so that what
/// is owed is exact, however old the knowledge of this process is.
/// </summary>
internal sealed class OwedDeliveries(Subscriptions subscriptions, WebhookSignal signal) : IDomainEventWriter
{
    public void AddInserts(NpgsqlBatch batch, IReadOnlyCollection<DomainEvent> news, List<Action> afterCommit)
    {
        if (news.Count == 0)
            return;
        var told = news.Where(IsTold).ToList();
        if (told.Count == 0)
            return;
        batch.BatchCommands.Add(Insert(told));
        afterCommit.Add(signal.Set);
    }

    private bool IsTold(DomainEvent news) => news.Url is not null || subscriptions.MayHave(news.Tenant, news.Type);

    private static NpgsqlBatchCommand Insert(List<DomainEvent> told) => SqlValue.BatchCommand(
        DeliverySql.Owe,
        SqlValue.Column(told.Select(_ => Guid.CreateVersion7())),
        SqlValue.Column(told.Select(news => news.Tenant)),
        SqlValue.Column(told.Select(news => news.Type)),
        SqlValue.Column(told.Select(news => news.About)),
        SqlValue.Column(told.Select(news => news.At.UtcDateTime)),
        SqlValue.Column(told.Select(news => news.Url)),
        SqlValue.Column(told.Select(news => TargetOf(news.Url))),
        SqlValue.Column(told.Select(news => Write(news.Data))),
        SqlValue.Column(told.Select(news => news.ArtifactsAt)),
        SqlValue.Column(told.Select(news => news.DataForUrl is { } own ? Write(own) : null)),
        SqlValue.Column(told.Select(news => news.InlineArtifactsAt)));

    private static string Write(object data) => JsonSerializer.Serialize(data, data.GetType(), FleetJson.Options);

    /// <summary>URLs of one host are one receiver.</summary>
    private static string? TargetOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            ? parsed.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : url;
}
