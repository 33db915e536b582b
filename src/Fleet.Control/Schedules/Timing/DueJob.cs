using Fleet.Control.Schedules.Occurrences;
using Quartz;

namespace Fleet.Control.Schedules.Timing;

/// <summary>Quartz says "due", at least once. What is due, and whether it was seen to already, the ledger decides.</summary>
internal sealed class DueJob(DueRound round, LaneStore lanes, ILogger<DueJob> logger) : IJob
{
    public const string Lane = "lane";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var lane = int.Parse(context.Trigger.Key.Name.AsSpan(context.Trigger.Key.Name.IndexOf('-') + 1), provider: null);
        try
        {
            await round.Run(lane, cancellationToken);
            await lanes.Prompt(lane, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            ScheduleLog.RoundFailed(logger, failure.Message); // the next fire is a second away
        }
    }
}
