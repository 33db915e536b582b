using System.Threading.Channels;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// Gathers what arrives while a transaction commits, and commits it together in the next one. No timer: a lone
/// member goes at once. If a commit fails, the culprit is tried alone and its neighbours go on without it.
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

    private readonly Channel<CommitMember> _waiting =
        Channel.CreateUnbounded<CommitMember>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Returns when the work is committed; throws what the work or the database threw.</summary>
    public async Task Run(IReadOnlyCollection<Touch> touches, Func<Unit, Task> work, bool patient = false)
    {
        var member = new CommitMember(touches, work, patient);
        if (!_waiting.Writer.TryWrite(member))
            throw new OperationCanceledException("This process is stopping.");
        await member.Done;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var members = new List<CommitMember>(MostMembers);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                members.Clear();
                while (members.Count < MostMembers && _waiting.Reader.TryRead(out var member))
                    members.Add(member);
                await Settle([.. members], stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // what is left is refused below
        }
        finally
        {
            Refuse(members, new OperationCanceledException("This process is stopping.")); // who has an answer keeps it
            Close();
        }
    }

    private async Task Settle(CommitMember[] members, CancellationToken stop)
    {
        for (var conflicts = 1; members.Length > 0; conflicts++)
        {
            try
            {
                var unit = await writer.Write(members, stop);
                foreach (var member in members)
                    member.Succeed();
                Tell(unit);
                return;
            }
            catch (OperationCanceledException stopped) when (stop.IsCancellationRequested)
            {
                Refuse(members, stopped);
                throw;
            }
            catch (MemberFailedException failed) when (!DatabaseFailure.IsOutage(failed))
            {
                members = await Isolate(members, failed, stop);
            }
            catch (Exception failure) when (conflicts <= MostConflictsTogether && DatabaseFailure.IsConflict(failure))
            {
                // another process was faster: all of it again, from what it left
            }
            catch (Exception failure)
            {
                members = await Recover(members, failure, stop);
            }
        }
    }

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
            await Settle([failed.Member], stop);
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
            await Settle(members[..(members.Length / 2)], stop);
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

        while (patient.Count > 0 && _waiting.Reader.TryRead(out var behind))
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

    private void Close()
    {
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var member))
            member.Fail(new OperationCanceledException("This process is stopping."));
    }
}
