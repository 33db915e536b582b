using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Persistence;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Takes what an agent says: every item passes its lifecycle, all of the report in one transaction, and the agent
/// hears that it is stored.
/// </summary>
internal sealed class TakeReportsConsumer(
    GroupCommit commits, IAttemptOwner owner, ReportReceipts receipts, ReportSender sender, DeadLetterBox deadLetters)
    : IConsumer<AgentReport>
{
    public async Task Consume(ConsumeContext<AgentReport> context)
    {
        var report = context.Message;
        if (!sender.Is(context, report.Agent) || report.Attempts is null || report.Attempts.Any(item => item is null))
            return;

        try
        {
            await Store(report, isAll: true);
        }
        catch (Exception failure) when (IsPoison(failure))
        {
            await StoreApart(report, context.CancellationToken);
        }

        await receipts.Tell(report.Agent, new ReportStored(report.Session, report.Number), context.CancellationToken);
    }

    /// <summary>Neither another process nor the end of this one, which pass.</summary>
    private static bool IsPoison(Exception failure) =>
        failure is not OperationCanceledException && !DatabaseFailure.IsConflict(failure);

    /// <summary>
    /// Something in the report cannot be stored. The agent says nothing new until all of it is confirmed, so what
    /// will never succeed becomes a dead letter, and the rest is stored.
    /// </summary>
    private async Task StoreApart(AgentReport report, CancellationToken stop)
    {
        foreach (var item in report.Attempts)
        {
            var part = report with { Attempts = [item] };
            try
            {
                await Store(part, isAll: false);
            }
            catch (Exception failure) when (IsPoison(failure))
            {
                var cause = failure.GetBaseException();
                await deadLetters.Keep(
                    new LostMessage(
                        AgentTopology.Reports,
                        AgentAddress.Out(report.Agent),
                        $"{cause.GetType().Name}: {cause.Message}",
                        MessageId: null,
                        "application/json",
                        IsPart: true),
                    JsonSerializer.SerializeToUtf8Bytes(part),
                    stop);
            }
        }

        await Store(report with { Attempts = [] }, isAll: true);
    }

    /// <param name="isAll">Whether the number counts as stored then.</param>
    private Task Store(AgentReport report, bool isAll) => commits.Run(
        [.. report.Attempts.Select(owner.Touch), Touch.Of<ReportCursor>(report.Session)],
        unit => Apply(unit, report, isAll),
        patient: true);

    private async Task Apply(Unit unit, AgentReport report, bool isAll)
    {
        if (!await IsNew(unit, report, isAll))
            return;
        foreach (var item in report.Attempts)
        {
            foreach (var happened in owner.Events(report.Agent, item))
                await unit.Raise(happened);
        }
    }

    /// <summary>False when the report is stored already, or the session is another agent's.</summary>
    private static async Task<bool> IsNew(Unit unit, AgentReport report, bool isAll)
    {
        var cursor = await unit.Find<ReportCursor>(report.Session);
        if (cursor is null)
        {
            cursor = new ReportCursor { CorrelationId = report.Session, Agent = report.Agent };
            unit.Add(cursor);
        }

        if (report.Number <= cursor.Number || report.Agent != cursor.Agent)
            return false;
        if (!isAll)
            return true;
        cursor.Number = report.Number;
        cursor.At = unit.Now;
        unit.Changed(cursor);
        return true;
    }
}
