using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.AgentSocket;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Socket;

/// <summary>Takes what agents say over their sockets to those behind, who do not know how it came.</summary>
internal sealed class AgentWords(
    IRepositoryInventory inventory, ISnapshotAnswers answers, IHeldSchedules schedules, SenderQuota quota, ILogger<AgentWords> logger)
{
    /// <summary>Under this an agent beats its heart too fast.</summary>
    private static readonly TimeSpan LeastBeat = TimeSpan.FromSeconds(5);

    /// <exception cref="WireFaultException">It cannot be taken; the connection stays.</exception>
    public async Task Take(SocketSession session, AgentMessage said)
    {
        switch (said)
        {
            case AgentHeartbeat:
                Beat(session);
                break;
            case JobStarted or JobProgress or JobLogLine or JobFinished or CommandResult:
                await JobWords.Take(session, said);
                break;
            case SnapshotList list:
                await Replace(session, list);
                break;
            case RepoStats stats:
                await Apply(session, stats);
                break;
            case TreeListResult result:
                await Answer(session, result);
                break;
            case ScheduleAck ack:
                await schedules.Applied(session.Agent, ack.Version, ack.AppliedAt, session.Frames.Ended);
                break;
            case ScheduleFire fire:
                await Fire(session, fire);
                break;
            case AgentFault fault:
                await Note(session, fault);
                break;
            case HelloMessage:
                throw new WireFaultException(WireFaults.BadRequest, "hello comes once, as the first message.");
            default:
                throw new WireFaultException(WireFaults.UnknownType, "type is none that is taken here.");
        }
    }

    private void Beat(SocketSession session)
    {
        var pause = session.Heard();
        if (pause < LeastBeat && quota.Keeps(AgentAddress.Out(session.Agent)))
            SocketLog.BeatsTooFast(logger, session.Agent, pause.TotalSeconds);
    }

    /// <summary>
    /// A repository may be shared, and the agent tells of its own host: what is known of other hosts stays, unless it
    /// tells of them too.
    /// </summary>
    private async Task Replace(SocketSession session, SnapshotList list)
    {
        var hosts = list.Snapshots.GroupBy(one => one.Hostname).ToDictionary(host => host.Key, host => host.ToList());
        hosts.TryAdd(session.Hello.Hostname, []);
        foreach (var (host, snapshots) in hosts)
        {
            var report = new SnapshotsReport([.. snapshots.Select(Reported)], host);
            if (!await inventory.Replace(session.Agent, RepositoryOf(session), report, session.Frames.Ended))
                throw NoRepository();
        }
    }

    private async Task Apply(SocketSession session, RepoStats said)
    {
        var patch = new RepositoryStats(
            said.TotalSizeBytes,
            said.RawSizeBytes,
            said.UniqueFiles,
            said.SnapshotCount,
            said.LastCheckAt,
            said.LastCheckStatus,
            said.LockPresent,
            said.LastPruneAt,
            said.LastPruneFreedBytes);
        if (!await inventory.Apply(session.Agent, RepositoryOf(session), patch, session.Frames.Ended))
            throw NoRepository();
    }

    private async Task Answer(SocketSession session, TreeListResult result)
    {
        if (session.Questions.Take(result.Id) is not { } question)
            return; // nobody waits for it any more
        if (result.Error is { } error)
        {
            await answers.Fail(session.Agent, question, new NoAnswer(BackupErrors.Restic, LogText.Clean(error)), session.Frames.Ended);
            return;
        }

        using var lines = new MemoryStream();
        foreach (var entry in result.Entries)
        {
            var path = entry.Path ?? entry.Name;
            await JsonSerializer.SerializeAsync(
                lines,
                new SnapshotEntry(
                    entry.Name, entry.Type, path, entry.Size, entry.Mtime, entry.Mode, entry.Uid, entry.Gid, entry.LinkTarget),
                FleetJson.Options,
                session.Frames.Ended);
            lines.WriteByte((byte)'\n');
        }

        lines.Position = 0;
        await answers.Write(session.Agent, question, lines, session.Frames.Ended);
    }

    /// <summary>What it starts comes to the agent as any work does.</summary>
    private async Task Fire(SocketSession session, ScheduleFire fire)
    {
        var what = WireId.TryParse(fire.ScheduleId, out var schedule)
            ? await schedules.Fired(session.Agent, schedule, fire.ScheduledAt, session.Frames.Ended)
            : HeldFire.Unknown;
        if (what == HeldFire.Unknown)
        {
            throw new WireFaultException(
                WireFaults.UnknownSchedule, "payload.schedule_id is none of the schedules that this agent holds.");
        }

        if (what == HeldFire.NotDue)
            throw new WireFaultException(WireFaults.NotDue, "payload.scheduled_at is no time that the schedule has, in its time zone.");
    }

    private async Task Note(SocketSession session, AgentFault fault)
    {
        if (quota.Keeps(AgentAddress.Out(session.Agent)))
            SocketLog.Said(logger, session.Agent, LogText.Clean(fault.Code), LogText.Clean(fault.Message));
        foreach (var job in session.Jobs.All())
            await JobWords.Output(session, job, BackupStreams.Log, $"The agent reports an error: {fault.Code}: {fault.Message}");
    }

    private static string RepositoryOf(SocketSession session) => session.Configuration.Repository ?? throw NoRepository();

    private static WireFaultException NoRepository() =>
        new(WireFaults.UnknownRepository, "This agent has not been told of a repository that this could be about.");

    private static ReportedSnapshot Reported(SnapshotItem one) => new(
        one.Id, one.ShortId, one.Time, one.Hostname, one.Paths, one.Tags, one.SizeBytes, one.FileCount);
}
