using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
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
    GroupCommit commits,
    IAttemptOwner owner,
    IAgentDirectory agents,
    BusSender bus,
    ReportSender sender,
    DeadLetterBox deadLetters) : IConsumer<AgentReport>
{
    public async Task Consume(ConsumeContext<AgentReport> context)
    {
        var report = context.Message;
        if (!sender.Is(context, report.Agent) || report.Attempts is null || report.Attempts.Any(item => item is null))
            return;
        if (!await StoreWhatCanBe(report, context.CancellationToken))
        {
            sender.NoteForeign(context, report.Agent);
            return;
        }

        await bus.Tell(
            AgentAddress.ExchangeOf(report.Agent), new ReportStored(report.Session, report.Number), context.CancellationToken);
    }

    /// <summary>Neither another process nor the end of this one, which pass.</summary>
    private static bool IsPoison(Exception failure) =>
        failure is not OperationCanceledException && !DatabaseFailure.IsConflict(failure);

    /// <returns>False when the session is not one of this agent.</returns>
    private async Task<bool> StoreWhatCanBe(AgentReport report, CancellationToken stop)
    {
        try
        {
            return await Store(report, isAll: true, stop);
        }
        catch (Exception failure) when (IsPoison(failure))
        {
            return await StoreApart(report, stop);
        }
    }

    /// <summary>
    /// Something in the report cannot be stored. The agent says nothing new until all of it is confirmed, so what
    /// will never succeed becomes a dead letter, and the rest is stored.
    /// </summary>
    private async Task<bool> StoreApart(AgentReport report, CancellationToken stop)
    {
        foreach (var item in report.Attempts)
        {
            var part = report with { Attempts = [item] };
            try
            {
                await Store(part, isAll: false, stop);
            }
            catch (Exception failure) when (IsPoison(failure))
            {
                var cause = failure.GetBaseException();
                await deadLetters.Keep(
                    AgentTopology.Reports,
                    $"{cause.GetType().Name}: {cause.Message}",
                    messageId: null,
                    "application/json",
                    JsonSerializer.SerializeToUtf8Bytes(part),
                    stop);
            }
        }

        return await Store(report with { Attempts = [] }, isAll: true, stop);
    }

    /// <param name="isAll">Whether the number counts as stored then.</param>
    private async Task<bool> Store(AgentReport report, bool isAll, CancellationToken stop)
    {
        var isOwn = false;
        await commits.Run(
            [.. report.Attempts.Select(owner.Touch), Touch.Of<ReportCursor>(report.Session)],
            async unit => isOwn = await Apply(unit, report, isAll, stop),
            patient: true);
        return isOwn;
    }

    private async Task<bool> Apply(Unit unit, AgentReport report, bool isAll, CancellationToken stop)
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
        if (isAll)
        {
            cursor.Number = report.Number;
            cursor.At = unit.Now;
            unit.Changed(cursor);
        }

        foreach (var item in report.Attempts)
        {
            foreach (var happened in owner.Events(report.Agent, item))
                await unit.Raise(happened);
        }

        return true;
    }
}
