using System.Threading.Channels;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Reports;

namespace Fleet.Control.Agents.Socket;

/// <summary>
/// What one connected agent says of its attempts: while one report is stored, the next gathers. When too much has gathered its
/// connection is not read until there is room.
/// </summary>
internal sealed class SocketReports(
    string agent, Guid session, HeldJobs jobs, ReportIntake intake, SocketClock clock, ILogger logger)
{
    private const int MostWaiting = 256;
    private const int MostBytes = 1024 * 1024;
    private const double PauseSeconds = 1;

    private readonly Channel<AttemptReport> _waiting = Channel.CreateBounded<AttemptReport>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private long _number;

    /// <summary>Returns when there is room for it.</summary>
    public ValueTask Add(AttemptReport said, CancellationToken stop) => _waiting.Writer.WriteAsync(said, stop);

    /// <summary>Nothing more comes; what is there is still stored.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <returns>False when the session is none of this agent's any more.</returns>
    public async Task<bool> Run(CancellationToken stop)
    {
        while (await _waiting.Reader.WaitToReadAsync(stop))
        {
            var report = new AgentReport(agent, session, ++_number, Gather());
            if (!await Store(report, stop))
                return false;
            foreach (var ended in report.Attempts.Where(attempt => attempt.Finished is not null))
                jobs.Remove(ended.WorkId, ended.Attempt);
        }

        return true;
    }

    /// <summary>One item for each attempt.</summary>
    private List<AttemptReport> Gather()
    {
        var all = new Dictionary<AttemptInHand, AttemptReport>();
        var bytes = 0;
        while (bytes < MostBytes && _waiting.Reader.TryRead(out var said))
        {
            var key = new AttemptInHand(said.WorkId, said.Attempt);
            all[key] = all.TryGetValue(key, out var before) ? Join(before, said) : said;
            bytes += said.Output?.Sum(chunk => chunk.Bytes.Length) ?? 0;
        }

        return [.. all.Values];
    }

    private static AttemptReport Join(AttemptReport before, AttemptReport after) => after with
    {
        Started = before.Started || after.Started,
        Output = before.Output is null ? after.Output : after.Output is null ? before.Output : [.. before.Output, .. after.Output],
        Progress = after.Progress ?? before.Progress,
        Finished = before.Finished ?? after.Finished, // an attempt ends once
    };

    private async Task<bool> Store(AgentReport report, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await intake.Take(report, stop);
            }
            catch (Exception failure) when (failure is not OperationCanceledException) // that is the end of this process
            {
                SocketLog.NotStored(logger, agent, failure.Message);
                await clock.Wait(PauseSeconds, stop);
            }
        }
    }
}
