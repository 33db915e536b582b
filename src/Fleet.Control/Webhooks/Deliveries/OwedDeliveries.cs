using System.Text.Json;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

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

    private static NpgsqlBatchCommand Insert(List<DomainEvent> told)
    {
        var insert = new NpgsqlBatchCommand(DeliverySql.Owe);
        insert.Parameters.AddRange((NpgsqlParameter[])[
            SqlArray.Of(NpgsqlDbType.Uuid, told.Select(_ => Guid.CreateVersion7())),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => news.Tenant)),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => news.Type)),
            SqlArray.Of(NpgsqlDbType.Uuid, told.Select(news => news.About)),
            SqlArray.Of(NpgsqlDbType.TimestampTz, told.Select(news => news.At.UtcDateTime)),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => news.Url)),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => TargetOf(news.Url))),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => Write(news.Data))),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => news.ArtifactsAt)),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => news.DataForUrl is { } own ? Write(own) : null)),
            SqlArray.Of(NpgsqlDbType.Text, told.Select(news => news.InlineArtifactsAt)),
        ]);
        return insert;
    }

    private static string Write(object data) => JsonSerializer.Serialize(data, data.GetType(), FleetJson.Options);

    /// <summary>URLs of one host are one receiver.</summary>
    private static string? TargetOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            ? parsed.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : url;
}
