namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// Gathers what arrives while a transaction commits, and commits it together in the next one. No timer: a lone
/// member goes at once. While one unit is saved, the next is applied, as far as it touches other rows; units are saved
/// one after another. If a commit fails, the culprit is tried alone and its neighbours go on without it.
/// </summary>
internal sealed class GroupCommit(
    CommitWriter writer, CommitNotices notices, PersistenceLog log, TimeProvider clock) : BackgroundService
{
    private const int MostMembers = 512;
    private const int MostConflicts = 20;
    private const int MostConflictsTogether = 2;

    /// <summary>Between two tries of a member that meets another process, in milliseconds.</summary>
    private const int LongestPause = 30;

    private static readonly TimeSpan OutagePause = TimeSpan.FromMilliseconds(250);

    private readonly CommitQueue _waiting = new();
    private CommitMember[] _applied = [];
    private Flight? _flight;

    /// <summary>Returns when the work is committed; throws what the work or the database threw.</summary>
    public async Task Run(IReadOnlyCollection<Touch> touches, Func<Unit, Task> work, bool patient = false)
    {
        var member = new CommitMember(touches, work, patient);
        if (!_waiting.TryAdd(member))
            throw new OperationCanceledException("This process is stopping.");
        await member.Done;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                await Step(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // what is left is refused below
        }
        finally
        {
            if (_flight is not null)
                await _flight.Saved.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Close([.. _flight?.Members ?? [], .. _applied]); // who has an answer keeps it
        }
    }

    private async Task Step(CancellationToken stop)
    {
        _applied = _waiting.Take(MostMembers, _flight?.Members ?? []);
        if (_applied.Length > 0)
            await Launch(_applied, stop);
        else if (_flight is null)
            await _waiting.Arrival(stop);
        else if (_waiting.HoldsBack || await Task.WhenAny(_flight.Saved, _waiting.Arrival(stop)) == _flight.Saved)
            await Land(stop);
    }

    /// <summary>Applies the members while the unit before is saved, and begins to save them when that is done.</summary>
    private async Task Launch(CommitMember[] members, CancellationToken stop)
    {
        var preparation = writer.Prepare(members, stop);
        await ((Task)preparation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var wentWell = await IsSaved();
        if (!wentWell && preparation.IsCompletedSuccessfully)
            await (await preparation).DisposeAsync(); // it may stand on what is not so, and hold locks that others need
        await Land(stop);
        if (!preparation.IsCompletedSuccessfully)
        {
            await Settle(members, preparation, stop);
            return;
        }

        if (!wentWell)
        {
            await SettleApart(members, stop);
            return;
        }

        var prepared = await preparation;
        _flight = new Flight(members, Task.Run(() => Save(prepared, members, stop), CancellationToken.None));
    }

    /// <summary>Waits for the unit in flight, if there is one. False when it failed.</summary>
    private async Task<bool> IsSaved()
    {
        if (_flight is not { } flight)
            return true;
        await flight.Saved.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return flight.Saved.IsCompletedSuccessfully;
    }

    /// <summary>Waits for the unit in flight; if it failed, its members are settled one way or another.</summary>
    private async Task Land(CancellationToken stop)
    {
        await IsSaved();
        if (_flight is not { } flight)
            return;
        _flight = null;
        await Settle(flight.Members, flight.Saved, stop);
    }

    private async Task Commit(CommitMember[] members, CancellationToken stop) =>
        await Save(await writer.Prepare(members, stop), members, stop);

    private async Task Save(PreparedUnit prepared, CommitMember[] members, CancellationToken stop)
    {
        await using (prepared)
            await writer.Save(prepared, stop);
        foreach (var member in members)
            member.Succeed();
        Tell(prepared.Unit);
    }

    /// <param name="attempt">The first try; others follow while it is worth it.</param>
    private async Task Settle(CommitMember[] members, Task attempt, CancellationToken stop)
    {
        try
        {
            for (var conflicts = 1; members.Length > 0; conflicts++)
                members = await Try(members, conflicts == 1 ? attempt : Commit(members, stop), conflicts, stop);
        }
        catch (Exception unsettled)
        {
            Refuse(members, unsettled); // who was let in during an outage is known nowhere else
            throw;
        }
    }

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

    private Task SettleApart(CommitMember[] members, CancellationToken stop) =>
        Settle(members, Commit(members, stop), stop);

    /// <summary>What is committed stays so: a listener that fails must not make the commit look failed.</summary>
    private void Tell(Unit unit)
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

    /// <summary>The culprit alone, then the others again.</summary>
    private async Task<CommitMember[]> Isolate(CommitMember[] members, MemberFailedException failed, CancellationToken stop)
    {
        if (members.Length > 1)
        {
            await SettleApart([failed.Member], stop);
            return [.. members.Where(member => member != failed.Member)];
        }

        return await MeetAgain(failed.Member, failed.InnerException!, stop);
    }

    private async Task<CommitMember[]> Recover(CommitMember[] members, Exception failure, CancellationToken stop)
    {
        if (DatabaseFailure.IsOutage(failure))
        {
            log.DatabaseAway(failure.Message);
            return await SitOut(members, failure, stop);
        }

        if (members.Length > 1)
        {
            await SettleApart(members[..(members.Length / 2)], stop);
            return members[(members.Length / 2)..];
        }

        return await MeetAgain(members[0], failure, stop);
    }

    /// <summary>Who came meanwhile waits with the patient, or is refused with the others.</summary>
    private async Task<CommitMember[]> SitOut(CommitMember[] members, Exception outage, CancellationToken stop)
    {
        Refuse(members.Where(member => !member.Patient), outage);
        var patient = members.Where(member => member.Patient).ToList();
        try
        {
            await Task.Delay(OutagePause, clock, stop);
        }
        catch (OperationCanceledException stopped)
        {
            Refuse(patient, stopped);
            throw;
        }

        while (patient.Count > 0 && _waiting.Take() is { } behind)
        {
            if (behind.Patient)
                patient.Add(behind);
            else
                behind.Fail(outage);
        }

        return [.. patient];
    }

    /// <summary>Alone on a row with another process: let it pass, and try again.</summary>
    private async Task<CommitMember[]> MeetAgain(CommitMember member, Exception failure, CancellationToken stop)
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

    private static void Refuse(IEnumerable<CommitMember> members, Exception reason)
    {
        foreach (var member in members)
            member.Fail(reason);
    }

    private void Close(IEnumerable<CommitMember> unsettled)
    {
        var stopping = new OperationCanceledException("This process is stopping.");
        _waiting.Close();
        Refuse(unsettled, stopping);
        while (_waiting.Take() is { } member)
            member.Fail(stopping);
    }

    /// <summary>A unit that is being saved.</summary>
    private sealed record Flight(CommitMember[] Members, Task Saved);
}
