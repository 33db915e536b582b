namespace Fleet.Control.Platform.Persistence.Commits;

/// <summary>
/// Sees to it that every member of a commit succeeds or fails, whatever the database does: the culprit of a failure is
/// tried alone, who met another process tries again, and who waits for the database waits.
/// </summary>
internal sealed class CommitSettlement(
    CommitWriter writer, CommitQueue queue, CommitNotices notices, PersistenceLog log, TimeProvider clock)
{
    private const int MostConflicts = 20;
    private const int MostConflictsTogether = 2;

    /// <summary>Between two tries of a member that meets another process, in milliseconds.</summary>
    private const int LongestPause = 30;

    private static readonly TimeSpan OutagePause = TimeSpan.FromMilliseconds(250);

    public async Task Save(PreparedUnit prepared, CommitMember[] members, CancellationToken stop)
    {
        await using (prepared)
            await writer.Save(prepared, stop);
        foreach (var member in members)
            member.Succeed();
        Tell(prepared.Unit);
    }

    /// <param name="attempt">The first try; others follow while it is worth it.</param>
    public async Task Settle(CommitMember[] members, Task attempt, CancellationToken stop)
    {
        try
        {
            for (var conflicts = 1; members.Length > 0; conflicts++)
                members = await Try(members, conflicts == 1 ? attempt : Commit(members, stop), conflicts, stop);
        }
        catch (Exception unsettled)
        {
            Refuse(members, unsettled);
            throw;
        }
    }

    /// <summary>Commits them by themselves.</summary>
    public Task SettleApart(CommitMember[] members, CancellationToken stop) =>
        Settle(members, Commit(members, stop), stop);

    public static void Refuse(IEnumerable<CommitMember> members, Exception reason)
    {
        foreach (var member in members)
            member.Fail(reason);
    }

    private async Task Commit(CommitMember[] members, CancellationToken stop) =>
        await Save(await writer.Prepare(members, stop), members, stop);

    /// <returns>Those that have to be tried again.</returns>
    private async Task<CommitMember[]> Try(CommitMember[] members, Task attempt, int conflicts, CancellationToken stop)
    {
        try
        {
            await attempt;
            return [];
        }
        catch (MemberFailedException failed) when (!DatabaseFailure.IsOutage(failed))
        {
            return await Isolate(members, failed, stop);
        }
        catch (Exception failure) when (conflicts <= MostConflictsTogether && DatabaseFailure.IsConflict(failure))
        {
            return members; // another process was faster: all of it again, from what it left
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            return await Recover(members, failure, stop);
        }
    }

    /// <summary>The culprit alone, then the others again.</summary>
    private async Task<CommitMember[]> Isolate(CommitMember[] members, MemberFailedException failed, CancellationToken stop)
    {
        if (members.Length > 1)
        {
            await SettleApart([failed.Member], stop);
            return [.. members.Where(member => member != failed.Member)];
        }

        return await RetryAlone(failed.Member, failed.InnerException!, stop);
    }

    private async Task<CommitMember[]> Recover(CommitMember[] members, Exception failure, CancellationToken stop)
    {
        if (DatabaseFailure.IsOutage(failure))
        {
            log.DatabaseAway(failure.Message);
            return await WaitOut(members, failure, stop);
        }

        if (members.Length > 1)
        {
            await SettleApart(members[..(members.Length / 2)], stop);
            return members[(members.Length / 2)..];
        }

        return await RetryAlone(members[0], failure, stop);
    }

    /// <summary>
    /// Who came meanwhile waits in the queue, behind what is begun already, or is refused with the others.
    /// </summary>
    private async Task<CommitMember[]> WaitOut(CommitMember[] members, Exception outage, CancellationToken stop)
    {
        Refuse(members.Where(member => !member.WaitsForDatabase), outage);
        var waiting = members.Where(member => member.WaitsForDatabase).ToArray();
        try
        {
            await Task.Delay(OutagePause, clock, stop);
        }
        catch (OperationCanceledException stopped)
        {
            Refuse(waiting, stopped);
            throw;
        }

        if (waiting.Length > 0)
            queue.Refuse(outage);
        return waiting;
    }

    /// <summary>Alone on a row with another process: let it pass, and try again.</summary>
    private async Task<CommitMember[]> RetryAlone(CommitMember member, Exception failure, CancellationToken stop)
    {
        if (DatabaseFailure.IsConflict(failure) && member.Conflicts++ < MostConflicts)
        {
            var longest = Math.Min(1 << Math.Min(member.Conflicts, 5), LongestPause);
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(longest)), clock, stop);
            return [member];
        }

        member.Fail(failure);
        return [];
    }

    /// <summary>What is committed stays so: a listener that fails must not make the commit look failed.</summary>
    private void Tell(UnitOfWork unit)
    {
        try
        {
            notices.Committed(unit);
        }
        catch (Exception failure)
        {
            log.ListenerFailed(failure);
        }
    }
}
