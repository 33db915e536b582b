using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Dispatch;
using Fleet.Protocol.AgentSocket;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Socket;

/// <summary>Says over the socket what came through the queue of an agent.</summary>
internal sealed class AgentCommands(
    IRepositoryAccess repositories,
    ISnapshotAnswers answers,
    OpenSockets sockets,
    LeaseSettings leases,
    SocketSettings settings,
    ILogger<AgentCommands> logger)
{
    /// <summary>The longest message that every client of this wire is known to take.</summary>
    private const int UsualBytes = 32_768;

    private const string NotSupported = "not_supported";

    private const string NoCredentials = "The ticket for the repository's credentials opens nothing any more.";

    private static readonly IReadOnlyDictionary<string, Type> Types =
        BusMessages.Types(typeof(RunAttempts), typeof(StopAttempt), typeof(ReadSnapshot), typeof(HoldSchedules));

    /// <returns>False when the message is for another session, and goes back.</returns>
    public async Task<bool> Take(SocketSession session, byte[] body)
    {
        switch (BusMessages.Read(body, Types))
        {
            case RunAttempts { Attempts: { } runs }:
                if (runs.Any(run => run.Session != session.Id) && await sockets.EndIfLost(session))
                    return false;
                foreach (var run in runs.Where(run => run.Session == session.Id))
                    await Run(session, run);
                break;
            case StopAttempt stop:
                await Stop(session, stop);
                break;
            case ReadSnapshot question:
                await Ask(session, question);
                break;
            case HoldSchedules held:
                await AgentBriefing.Tell(session, held);
                break;
        }

        return true; // that its reports and beats are stored, its socket half knows without being told
    }

    private async Task Run(SocketSession session, RunAttempt run)
    {
        var job = session.Jobs.Add(run.WorkId, run.Kind, run.Attempt, TimeSpan.FromSeconds(settings.StartSeconds));
        if (job is null)
            return;
        try
        {
            await Begin(session, run, job);
        }
        catch
        {
            session.Jobs.Remove(run.WorkId, run.Attempt); // the message comes again
            throw;
        }
    }

    private async Task Begin(SocketSession session, RunAttempt run, HeldJob job)
    {
        if (!session.IsFresh(run.Beat, TimeSpan.FromSeconds(Math.Min(leases.AcceptanceSeconds, leases.LeaseSeconds / 2))))
        {
            await Fail(session, job, AttemptErrors.TooLate, "The attempt reached the agent too late to be begun.", isFinal: false);
            return;
        }

        if (Read(run) is not { } spec)
            await Fail(session, job, "start_failed", $"Agents on the socket do not know work of the kind '{run.Kind}'.", isFinal: true);
        else if (BackupWords.WhyNot(spec, session.Hello.Features) is { } reason)
            await Fail(session, job, NotSupported, reason, isFinal: true);
        else if (!await Configure(session, spec.RepositoryId, spec.RequiresAdminCreds, spec.Ticket))
            await Fail(session, job, BackupErrors.NoCredentials, NoCredentials, isFinal: false);
        else
        {
            session.TellHandChanged(); // a connection that breaks and comes back goes by what was named
            await Say(session, BackupWords.Command(job.Name, run.Kind, spec).Write(job.Name));
        }
    }

    private static async Task Stop(SocketSession session, StopAttempt stop)
    {
        if (session.Jobs.Stop(stop.WorkId, stop.Attempt) is { } job)
        {
            await session.Frames.Send(new CommandCancel(job.Name).Write(WireId.Format(WireId.New())));
            return;
        }

        var never = new AttemptResult(
            AttemptOutcome.Cancelled, ErrorCode: AttemptErrors.Cancelled, ErrorMessage: "It was cancelled before it began.");
        await session.Reports.Add(
            new AttemptReport(stop.WorkId, stop.Kind, stop.Attempt, Finished: never), session.Frames.Ended);
    }

    private async Task Ask(SocketSession session, ReadSnapshot question)
    {
        var limit = TimeSpan.FromSeconds(question.TimeoutSeconds);
        var id = WireId.Format(question.Question);
        if (FeatureOf(question.Operation) is { } needed && !session.Hello.Features.Contains(needed))
            await Refuse(session, question, NotSupported, "This agent on the socket lists directories, and nothing else of a snapshot.");
        else if (!await Configure(session, repository: "", isAdmin: false, question.Ticket))
            await Refuse(session, question, BackupErrors.NoCredentials, NoCredentials);
        else if (question.Operation != ReadSnapshot.List)
            await Say(session, AsRead(question).Write(id)); // it answers over HTTP, as agents on the bus do
        else if (!session.Questions.Add(id, question.Question, limit))
            await Refuse(session, question, "busy", "This agent has too many questions to answer.");
        else
            await Say(session, new TreeList(question.SnapshotId, question.Path).Write(id));
    }

    /// <summary>What an agent needs to have said; null where every agent knows the operation.</summary>
    private static string? FeatureOf(string operation) => operation switch
    {
        ReadSnapshot.List => null,
        ReadSnapshot.Find => AgentFeatures.Find,
        ReadSnapshot.Content => AgentFeatures.Content,
        _ => operation,
    };

    private static SnapshotRead AsRead(ReadSnapshot question) => new(
        question.Operation,
        question.SnapshotId,
        question.Path,
        question.Name,
        question.Operation == ReadSnapshot.Find ? question.Limit : null,
        question.TimeoutSeconds);

    /// <summary>Makes sure that the agent knows the repository, and the right credentials of it.</summary>
    /// <param name="repository">Its id; empty where only its credentials are known.</param>
    /// <returns>False when the ticket opens nothing.</returns>
    private async Task<bool> Configure(SocketSession session, string repository, bool isAdmin, string? ticket)
    {
        if (ticket is null || await repositories.Open(session.Agent, ticket, session.Frames.Ended) is not { } credentials)
            return false;
        await AgentBriefing.Tell(session, repository, isAdmin ? ConfigUpdate.Admin : ConfigUpdate.Everyday, credentials);
        return true;
    }

    private async Task Say(SocketSession session, byte[] message)
    {
        if (message.Length > UsualBytes)
            SocketLog.LongMessage(logger, session.Agent, message.Length);
        await session.Frames.Send(message);
    }

    private Task Refuse(SocketSession session, ReadSnapshot question, string code, string sentence) =>
        answers.Fail(session.Agent, question.Question, new NoAnswer(code, sentence), session.Frames.Ended);

    private static ValueTask Fail(SocketSession session, HeldJob job, string code, string sentence, bool isFinal) => session.Report(
        job,
        new AttemptReport(
            job.Work, job.Kind, job.Attempt,
            Finished: new AttemptResult(AttemptOutcome.Failed, ErrorCode: code, ErrorMessage: sentence, IsFinal: isFinal)));

    private static BackupSpec? Read(RunAttempt run)
    {
        try
        {
            return BackupKinds.All.Contains(run.Kind) ? SpecJson.Read<BackupSpec>(run.SpecJson) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
