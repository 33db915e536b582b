using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Persistence;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Takes what an agent says: every item passes its lifecycle, all of the report in one transaction, and the agent
/// hears that it is stored.
/// </summary>
internal sealed class TakeReportsConsumer(
    GroupCommit commits, IAttemptOwner owner, ReportReceipts receipts, ReportSender sender) : IConsumer<AgentReport>
{
    public async Task Consume(ConsumeContext<AgentReport> context)
    {
        var report = context.Message;
        if (!sender.Is(context, report.Agent) || report.Attempts is null || report.Attempts.Any(item => item is null))
            return;

        var touches = report.Attempts.Select(owner.Touch).Append(Touch.Of<ReportCursor>(report.Session)).ToArray();
        await commits.Run(touches, unit => Apply(unit, report), patient: true);
        await receipts.Tell(report.Agent, new ReportStored(report.Session, report.Number), context.CancellationToken);
    }

    private async Task Apply(Unit unit, AgentReport report)
    {
        if (!await Advance(unit, report))
            return;
        foreach (var item in report.Attempts)
        {
            foreach (var happened in owner.Events(report.Agent, item))
                await unit.Raise(happened);
        }
    }

    /// <summary>False when the report is stored already.</summary>
    private static async Task<bool> Advance(Unit unit, AgentReport report)
    {
        var cursor = await unit.Find<ReportCursor>(report.Session);
        if (cursor is null)
        {
            cursor = new ReportCursor { CorrelationId = report.Session, Agent = report.Agent };
            unit.Add(cursor);
        }

        if (report.Number <= cursor.Number)
            return false;
        cursor.Number = report.Number;
        cursor.At = unit.Now;
        unit.Changed(cursor);
        return true;
    }
}
