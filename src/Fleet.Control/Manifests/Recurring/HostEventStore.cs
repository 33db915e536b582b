using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Npgsql;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// Keeps what agents say that happened on their hosts, each event once, however often it is said. What an agent says concerns its own
/// host alone: it can start there what schedules mean for it, and nothing elsewhere.
/// </summary>
internal sealed class HostEventStore(
    NpgsqlDataSource database, IAgentDirectory agents, ReportSender sender, ReportAcks acks, ILogger<HostEventStore> logger)
    : IAgentMessageHandler<HostEventsSeen>
{
    private const int MostAtOnce = 1000;

    /// <summary>An event of a host whose clock is ahead happened now. Of each agent the latest are kept.</summary>
    private const string Keep =
        """
        with old as (
            delete from host_events where agent = $1 and key in (
                select key from host_events where agent = $1 order by at desc offset 10000))
        insert into host_events (agent, key, kind, at)
        select $1, key, kind, least(at, now()) from unnest($2, $3, $4) as said(key, kind, at)
        on conflict do nothing
        """;

    public async Task Take(HostEventsSeen said, string? exchange, CancellationToken stop)
    {
        if (!sender.Is(exchange, said.Agent) || said.Events is null or { Count: > MostAtOnce } || said.Events.Any(one => one is null))
            return;
        try
        {
            if (!await agents.IsSession(said.Agent, said.Session, stop))
                return;
            var known = said.Events.Where(one => EventWhen.OfHosts.Contains(one.Kind)).ToList();
            await database.Execute(
                Keep, stop, SqlValue.Of(said.Agent), SqlValue.Column(known.Select(one => one.Key)),
                SqlValue.Column(known.Select(one => one.Kind)), SqlValue.Column(known.Select(one => one.At.UtcDateTime)));
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            ManifestLog.EventsNotKept(logger, said.Agent, failure.Message); // it says the same until it is stored
            return;
        }

        await acks.Tell(said.Agent, new HostEventsStored(said.Session, [.. said.Events.Select(one => one.Key)]), stop);
    }
}
