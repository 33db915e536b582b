using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Hosting;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Takes what an agent says: every item passes its lifecycle, all of the report in one transaction, and the agent
/// hears that it is stored.
/// </summary>
internal sealed class TakeReportsConsumer(
    GroupCommit commits, IAttemptOwner owner, IAgentDirectory agents, BusSender bus, ReportSender sender)
    : IConsumer<AgentReport>
{
    /// <summary>As many as the worker puts into one report.</summary>
    private const int MostAttempts = 1000;

    public async Task Consume(ConsumeContext<AgentReport> context)
    {
        var report = context.Message;
        if (!sender.Is(context, report.Agent) || report.Attempts is null || report.Attempts.Any(item => item is null))
            return;
        if (report.Attempts.Count > MostAttempts)
        {
            sender.NoteForeign(context, report.Agent);
            return;
        }

        var touches = report.Attempts.Select(owner.Touch).Append(Touch.Of<ReportCursor>(report.Session)).ToArray();
        var stored = false;
        await commits.Run(touches, async unit => stored = await Apply(unit, report, context.CancellationToken), patient: true);
        if (!stored)
        {
            sender.NoteForeign(context, report.Agent);
            return;
        }

        await bus.Tell(
            AgentAddress.ExchangeOf(report.Agent), new ReportStored(report.Session, report.Number), context.CancellationToken);
    }

    /// <summary>False when the session is not one of this agent.</summary>
    private async Task<bool> Apply(Unit unit, AgentReport report, CancellationToken stop)
    {
        var cursor = await unit.Find<ReportCursor>(report.Session);
        if (cursor is null)
        {
            if (!await agents.IsSession(report.Agent, report.Session, stop))
                return false;
            cursor = new ReportCursor { CorrelationId = report.Session, Agent = report.Agent };
            unit.Add(cursor);
        }

        if (cursor.Agent != report.Agent)
            return false;
        if (report.Number <= cursor.Number)
            return true; // it is stored already
        cursor.Number = report.Number;
        cursor.At = unit.Now;
        unit.Changed(cursor);
        foreach (var item in report.Attempts)
        {
            foreach (var happened in owner.Events(report.Agent, item))
                await unit.Raise(happened);
        }

        return true;
    }
}
