using System.Text.Json;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Platform.Changes;

/// <summary>Writes down what happens to things that are no work, for those who watch; of work the journal says it.</summary>
internal sealed class ChangeWriter(WorkKinds kinds, ChangeFeed feed) : IDomainEventWriter
{
    public void AddInserts(NpgsqlBatch batch, IReadOnlyCollection<DomainEvent> news, List<Action> afterCommit)
    {
        var any = false;
        foreach (var happened in news)
        {
            var dot = happened.Type.IndexOf('.', StringComparison.Ordinal);
            var family = happened.Type[..dot];
            if (kinds.FindFamily(family) is not null)
                continue;
            var data = JsonSerializer.Serialize(happened.Data, happened.Data.GetType(), FleetJson.Options);
            ChangeSql.AddInsert(batch, new Change(
                default, happened.Tenant, null, family, family, happened.About, null, happened.Type[(dot + 1)..], happened.At, data));
            any = true;
        }

        if (any)
            afterCommit.Add(feed.LookNow);
    }
}
