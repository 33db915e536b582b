using System.Runtime.CompilerServices;
using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Fleet.Protocol.Packets;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>Jobs over the binary socket: how the queue stands, the end of one, and what one wrote.</summary>
internal sealed class JobOpcodes(
    RunLookup lookup, WorkOperations operations, WorkStore store, QueueStatus queue, JournalFeed feed, KeyHeads keys,
    NpgsqlDataSource database) : IPacketHandlers
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public IEnumerable<PacketHandler> All =>
    [
        new(Opcode.Status, Status),
        new(Opcode.CancelJob, Cancel, "job.cancel"),
        new(Opcode.GetLogs, GetLogs),
        new(Opcode.StreamLogs, StreamLogs),
    ];

    private Task<PacketAnswer> Status(PacketCall call)
    {
        var now = queue.Of(call.Caller, call.Stop);
        return now.IsCompletedSuccessfully ? Status(now.Result, call) : Counted();

        async Task<PacketAnswer> Counted() => await Status(await now, call);
    }

    /// <summary>Clients ask often: of the same figures the same answer is made once.</summary>
    private static Task<PacketAnswer> Status(QueueFigures now, PacketCall call) => now.Answers.GetOrAdd(
        call.Caller.Name,
        static (user, figures) => Task.FromResult(PacketAnswer.Data("status", new
        {
            queue_length = figures.Waiting,
            status = "ok",
            authenticated = true,
            authenticated_user = user,
            running = figures.Running,
            agents_online = figures.Agents,
        })),
        now);

    private async Task<PacketAnswer> Cancel(PacketCall call)
    {
        var name = call.Body<NameRequest>().Name;
        if (await lookup.Find(name, call.Caller, call.Stop) is not { } job)
            return PacketAnswer.Error(PacketError.JobNotFound, "job not found", name);
        var before = await operations.Cancel(job.CorrelationId, job.Kind, call.Caller.Name) ?? job.State;
        return PacketAnswer.Success(new
        {
            success = true,
            message = WorkStates.IsOver(before) ? "Job has ended already" : "Job cancelled",
            job_id = WireId.Format(job.CorrelationId),
            state = WorkStates.WordOf(before),
        });
    }

    private async Task<PacketAnswer> GetLogs(PacketCall call)
    {
        var asked = call.Body<LogRequest>();
        return await lookup.Find(asked.Id, call.Caller, call.Stop) is { } job
            ? new ManyPackets(stop => Written(job, stop), InTurn: true)
            : PacketAnswer.Error(PacketError.JobNotFound, "job not found", asked.Id);
    }

    private async Task<PacketAnswer> StreamLogs(PacketCall call)
    {
        var asked = call.Body<LogRequest>();
        return await lookup.Find(asked.Id, call.Caller, call.Stop) is { } job
            ? new ManyPackets(stop => Follow(job, asked.After, call.Head, stop), InTurn: false)
            : PacketAnswer.Error(PacketError.JobNotFound, "job not found", asked.Id);
    }

    /// <summary>What is there now.</summary>
    private async IAsyncEnumerable<OnePacket> Written(WorkRow job, [EnumeratorCancellation] CancellationToken stop)
    {
        var after = 0L;
        for (var more = true; more;)
        {
            more = false;
            await foreach (var entry in JournalSql.ReadPage(database, job.CorrelationId, after, stop: stop))
            {
                (after, more) = (entry.Seq, true);
                if (entry.IsOutput)
                    yield return Piece(entry);
            }
        }

        yield return await End(job.CorrelationId, after);
    }

    /// <summary>From behind a number to the job's end, as long as the key is good.</summary>
    private async IAsyncEnumerable<OnePacket> Follow(
        WorkRow job, long after, UInt128 head, [EnumeratorCancellation] CancellationToken stop)
    {
        if (after > job.JournalSeq || (WorkStates.IsOver(job.State) && after == job.JournalSeq))
        {
            yield return await End(job.CorrelationId, job.JournalSeq);
            yield break;
        }

        await foreach (var page in feed.Follow(job.CorrelationId, after, Quiet, stop))
        {
            if (await keys.Find(head, stop) is null)
            {
                yield return (OnePacket)PacketAnswer.Error(PacketError.AuthenticationFailed, "authentication failed");
                yield break;
            }

            if (page.Count == 0 && await store.Find(job.CorrelationId, stop) is null)
                break; // removed meanwhile
            foreach (var entry in page)
            {
                after = entry.Seq;
                if (entry.IsOutput)
                    yield return Piece(entry);
            }
        }

        yield return await End(job.CorrelationId, after);
    }

    private static OnePacket Piece(JournalEntry entry) => new(now => Packet.Log(now, entry.Seq, entry.Type, entry.Output));

    /// <summary>One that never began, since its files were not what they should be, says so.</summary>
    private async Task<OnePacket> End(Guid id, long seq)
    {
        if (await store.Find(id, CancellationToken.None) is not { } job)
            return (OnePacket)PacketAnswer.Error(PacketError.JobNotFound, "job not found", WireId.Format(id));
        if (job.ErrorCode is { } code && ExperimentErrors.All.Contains(code))
            return (OnePacket)PacketAnswer.Error(PacketError.FailedToStart, "job failed to start", job.ErrorMessage ?? code);
        return (OnePacket)PacketAnswer.Success(new
        {
            success = true,
            run_id = WireId.Format(id),
            state = WorkStates.WordOf(job.State),
            exit_code = job.ExitCode,
            seq,
        });
    }
}
