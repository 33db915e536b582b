using System.Text;
using Fleet.Contracts.Experiments;
using Fleet.Control.Experiments.Runs;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Packets;
using Fleet.Protocol.Ids;
using Fleet.Protocol.Packets;
using Fleet.Protocol.Text;

namespace Fleet.Control.Experiments.Opcodes;

/// <summary>Runs over the binary socket: queued, told of, and taken away; the same operations as over HTTP.</summary>
internal sealed class RunOpcodes(
    RunOperations operations, RunLookup lookup, RunStore store, IExperimentCatalog commits, IDatasetCatalog datasets) : IPacketHandlers
{
    private const int MostName = 200;

    public IEnumerable<PacketHandler> All =>
    [
        new(Opcode.QueueJob, Queue, "job.submit"),
        new(Opcode.QueueJobWithTracking, Queue, "job.submit"),
        new(Opcode.QueueJobWithSnapshot, Queue, "job.submit"),
        new(Opcode.QueueJobWithArgs, Queue, "job.submit"),
        new(Opcode.QueueJobWithNote, Queue, "job.submit"),
        new(Opcode.Prune, Prune, "experiment.prune"),
        new(Opcode.AnnotateRun, Annotate, "job.annotate"),
        new(Opcode.SetNarrative, Narrate, "job.narrate"),
        new(Opcode.SetOutcome, Conclude, "job.conclude"),
    ];

    private async Task<PacketAnswer> Queue(PacketCall call)
    {
        var wanted = call.Body<QueueRequest>();
        if (wanted.Priority is < 1 or > 10)
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid priority", "must be: 1 to 10");
        if (wanted.Name.Length > MostName)
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid job name length", $"at most {MostName}");
        if (!ShellWords.TrySplit(wanted.Args ?? "", out var args) || args.Count > ExperimentRules.MostArgs)
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid args", "a quote is not closed, or there are too many");
        if (wanted.Tracking is { Length: > 0 } tracking && JsonText.ReadObject(tracking) is null)
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid tracking JSON", "must be an object");
        switch (await commits.Find(call.Caller.Tenant, wanted.Commit, call.Stop))
        {
            case null:
                return PacketAnswer.Error(PacketError.NotFound, RunAnswers.NoExperiment, wanted.Commit);
            case { HasEntry: false }:
                return PacketAnswer.Error(PacketError.FailedToStart, "job failed to start", "the commit has no entry");
            case { Missing: { } file }:
                return PacketAnswer.Error(PacketError.FailedToStart, "job failed to start", file);
        }

        var run = new ExperimentSpec(
            wanted.Commit, args.Count > 0 ? args : null, Datasets: await DatasetOf(wanted.Snapshot, call), User: call.Caller.Name,
            Snapshot: wanted.Snapshot, Tracking: wanted.Tracking is { Length: > 0 } ? wanted.Tracking : null);
        var id = await operations.Queue(call.By, run, wanted.Name, wanted.Priority - 1, wanted.Note, call.Stop);
        return PacketAnswer.Success(new
        {
            success = true,
            job_id = WireId.Format(id),
            job_name = wanted.Name,
            commit_id = wanted.Commit,
            priority = (int)wanted.Priority,
        });
    }

    private async Task<PacketAnswer> Prune(PacketCall call)
    {
        var wanted = call.Body<PruneRequest>();
        var body = wanted.ByAge
            ? new PruneBody { OlderThanDays = (int)Math.Min(wanted.Value, int.MaxValue) }
            : new PruneBody { Keep = wanted.Value };
        body.Check();
        return PacketAnswer.Success(new { success = true, pruned = await operations.Prune(body, call.Caller, call.Stop) });
    }

    private async Task<PacketAnswer> Annotate(PacketCall call)
    {
        var wanted = call.Body<NoteRequest>();
        new NoteBody { Note = wanted.Note, Author = wanted.Author }.Check();
        return await lookup.FindRun(wanted.Id, call.Caller, call.Stop) is { } run
            && await operations.Annotate(run.CorrelationId, wanted.Note, wanted.Author, call.Caller, call.Stop) is { } note
            ? PacketAnswer.Success(new
            {
                success = true,
                message = "Note added",
                run_id = WireId.Format(run.CorrelationId),
                note_id = WireId.Format(note.NoteId),
            })
            : RunAnswers.NoRun(wanted.Id);
    }

    private async Task<PacketAnswer> Narrate(PacketCall call)
    {
        var wanted = call.Body<RunRequest>();
        string patch;
        try
        {
            patch = NarrativePatch.Check(Encoding.UTF8.GetBytes(wanted.Json), isStrict: false);
        }
        catch (ProblemException wrong)
        {
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid narrative JSON", wrong.Problem.Detail);
        }

        return await lookup.FindRun(wanted.Id, call.Caller, call.Stop) is { } run
            && await store.Narrate(run.CorrelationId, patch, call.Stop)
            ? PacketAnswer.Success(new { success = true, message = "Narrative updated", run_id = WireId.Format(run.CorrelationId) })
            : RunAnswers.NoRun(wanted.Id);
    }

    private async Task<PacketAnswer> Conclude(PacketCall call)
    {
        var wanted = call.Body<RunRequest>();
        OutcomeRequest outcome;
        try
        {
            outcome = JsonBody.ParseKnown<OutcomeRequest>(Encoding.UTF8.GetBytes(wanted.Json));
        }
        catch (ProblemException wrong)
        {
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid outcome JSON", wrong.Problem.Detail);
        }

        if (!outcome.HasOutcome)
            return PacketAnswer.Error(PacketError.InvalidRequest, "invalid outcome status", OutcomeRequest.Rule);
        outcome.Check();
        return await lookup.FindRun(wanted.Id, call.Caller, call.Stop) is { } run
            && await operations.Conclude(run.CorrelationId, outcome, call.Caller, call.Stop)
            ? PacketAnswer.Success(new
            {
                success = true,
                run_id = wanted.Id,
                outcome = outcome.Outcome,
                message = "Outcome updated",
            })
            : RunAnswers.NoRun(wanted.Id);
    }

    /// <summary>What a client calls the snapshot of its data may be a dataset that is known here: then the run gets it.</summary>
    private async Task<IReadOnlyList<string>?> DatasetOf(string? snapshot, PacketCall call) =>
        snapshot is not null && DatasetName.IsName(snapshot)
            && (await datasets.Find(call.Caller.Tenant, [snapshot], call.Stop)).Count > 0
            ? [snapshot]
            : null;
}
