using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Agents.Socket;

/// <summary>What agents say of the jobs that they have in hand, as reports of attempts.</summary>
internal static class JobWords
{
    private const int MostIssues = 100;
    private const int MostChunk = 64 * 1024;

    /// <exception cref="WireFaultException">It is none of the agent's jobs.</exception>
    public static Task Take(SocketSession session, AgentMessage said) => said switch
    {
        JobStarted started => Say(session, started.JobId, (_, report) => report),
        JobProgress progress => Say(session, progress.JobId, (_, report) => report with { Progress = BackupWords.Progress(progress) }),
        JobFinished finished => Say(session, finished.JobId, (job, report) => report with { Finished = BackupWords.Result(job, finished) }),
        JobLogLine line => Write(session, line),
        CommandResult result => Settle(session, result),
        _ => throw new WireFaultException(WireFaults.UnknownType, "type is none that is taken here."),
    };

    /// <summary>A line of the job's log.</summary>
    public static async Task Output(SocketSession session, HeldJob job, string stream, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line.EndsWith('\n') ? line : line + "\n");
        foreach (var piece in bytes.Chunk(MostChunk))
            await session.Report(job, new AttemptReport(job.Work, job.Kind, job.Attempt, Output: [new OutputChunk(stream, piece)]));
    }

    private static async Task Say(SocketSession session, string name, Func<HeldJob, AttemptReport, AttemptReport> what)
    {
        var job = Find(session, name);
        await session.Report(job, what(job, new AttemptReport(job.Work, job.Kind, job.Attempt, Started: !job.HasBegun)));
        job.HasBegun = true;
    }

    private static async Task Write(SocketSession session, JobLogLine line)
    {
        var job = Find(session, line.JobId);
        if (line.Seq <= job.LastLine)
            return; // it was said before
        job.LastLine = line.Seq;
        if (BackupWords.Issue(line.Text) is { } issue)
        {
            job.IssueCount++;
            if (job.Issues.Count < MostIssues)
                job.Issues.Add(issue);
            await Output(session, job, BackupStreams.Issues, BackupWords.Line(issue));
        }
        else
        {
            await Output(session, job, BackupStreams.Log, line.Text);
        }
    }

    /// <summary>A command that the agent did not take has failed; that it took one is kept in the log of the work.</summary>
    private static async Task Settle(SocketSession session, CommandResult result)
    {
        if (session.Jobs.Heard(result.Id) is not { } job)
            return; // of another command, or of one that is over
        if (result.Accepted)
        {
            await Output(session, job, BackupStreams.Log, "The agent took the command.");
            return;
        }

        var refused = new AttemptResult(
            AttemptOutcome.Failed,
            ErrorCode: "command_refused",
            ErrorMessage: $"The agent did not take the command: {result.Error ?? "it does not say why"}");
        await session.Report(job, new AttemptReport(job.Work, job.Kind, job.Attempt, Finished: refused));
    }

    private static HeldJob Find(SocketSession session, string name) => session.Jobs.Heard(name)
        ?? throw new WireFaultException(WireFaults.UnknownJob, "payload.job_id is none of the jobs that this agent has in hand.");
}
