using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Attempts;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Takes what an agent says, whichever way it came: every item passes its lifecycle, all of the report in one
/// transaction, each report once and in the order of their numbers.
/// </summary>
internal sealed class ReportIntake(
    GroupCommit commits, WorkKinds kinds, IAgentDirectory agents, SenderQuota quota, DeadLetterBox deadLetters)
{
    /// <summary>As many as an agent puts into one report.</summary>
    private const int MostAttempts = 1000;

    /// <returns>False when it is none of this agent's session, and was not taken.</returns>
    public async Task<bool> Take(AgentReport report, CancellationToken stop)
    {
        if (report.Attempts.Count > MostAttempts)
            return false;
        try
        {
            return await Store(report, isAll: true, stop);
        }
        catch (Exception failure) when (IsPoison(failure))
        {
            return await StoreApart(report, stop);
        }
    }

    /// <summary>Neither another process nor the end of this one, which pass.</summary>
    private static bool IsPoison(Exception failure) =>
        failure is not OperationCanceledException && !DatabaseFailure.IsConflict(failure);

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
                await Keep(part, failure.GetBaseException(), stop);
            }
        }

        return await Store(report with { Attempts = [] }, isAll: true, stop);
    }

    private async Task Keep(AgentReport part, Exception cause, CancellationToken stop)
    {
        if (!quota.Keeps(AgentAddress.Out(part.Agent)))
            return;
        var letter = new LostMessage(
            AgentTopology.Reports,
            AgentAddress.Out(part.Agent),
            $"{cause.GetType().Name}: {cause.Message}",
            MessageId: null,
            "application/json",
            IsPart: true);
        await deadLetters.Keep(letter, JsonSerializer.SerializeToUtf8Bytes(part), stop);
    }

    /// <param name="isAll">Whether the number counts as stored then.</param>
    private async Task<bool> Store(AgentReport report, bool isAll, CancellationToken stop)
    {
        var rows = report.Attempts.Select(item => kinds.RowOf(item.Kind, item.WorkId)).ToList();
        var isHeard = false;
        await commits.Run(
            [.. rows, RowRef.Of<ReportCursor>(report.Session)],
            async unit => isHeard = await Apply(unit, report, rows, isAll, stop),
            waitsForDatabase: true,
            stop);
        return isHeard;
    }

    private async Task<bool> Apply(
        UnitOfWork unit, AgentReport report, List<RowRef> rows, bool isAll, CancellationToken stop)
    {
        if (await CursorOf(unit, report, stop) is not { } cursor)
            return false;
        if (report.Number <= cursor.Number)
            return true; // it is stored already
        foreach (var (item, row) in report.Attempts.Zip(rows))
        {
            if (await unit.Find(row) is not WorkRow work || work.Kind != item.Kind)
                continue; // it is gone, or the agent calls it what it is not
            foreach (var happened in ReportEvents.Of(report.Agent, item, kinds.Find(item.Kind)!))
                await unit.Raise(happened);
        }

        if (!isAll)
            return true;
        cursor.Number = report.Number;
        cursor.At = unit.Now;
        unit.Change(cursor);
        return true;
    }

    /// <summary>Null when the session is another agent's, or nobody has registered it.</summary>
    private async Task<ReportCursor?> CursorOf(UnitOfWork unit, AgentReport report, CancellationToken stop)
    {
        if (await unit.Find<ReportCursor>(report.Session) is { } known)
            return known.Agent == report.Agent ? known : null;
        if (!await agents.IsSession(report.Agent, report.Session, stop))
            return null;
        var cursor = new ReportCursor { CorrelationId = report.Session, Agent = report.Agent };
        unit.Add(cursor);
        return cursor;
    }
}
