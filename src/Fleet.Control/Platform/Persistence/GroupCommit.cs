using Fleet.Control.Platform.Persistence.Commits;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// Gathers what arrives while a transaction commits, and commits it together in the next one. No timer: a lone
/// member goes at once. While one unit is saved, the next is applied, as far as it touches other rows; units are saved
/// one after another. If a commit fails, the culprit is tried alone and its neighbours go on without it.
/// </summary>
internal sealed class GroupCommit : BackgroundService
{
    private const int MostMembers = 512;

    private readonly CommitWriter _writer;
    private readonly CommitQueue _waiting = new();
    private readonly CommitSettlement _settlement;
    private CommitMember[] _applied = [];
    private InFlight? _inFlight;

    public GroupCommit(CommitWriter writer, CommitNotices notices, PersistenceLog log, TimeProvider clock)
    {
        _writer = writer;
        _settlement = new CommitSettlement(writer, _waiting, notices, log, clock);
    }

    /// <summary>Returns when the work is committed; throws what the work or the database threw.</summary>
    /// <param name="stop">Takes the work back while it waits for its commit. One that has begun is seen to its end.</param>
    public async Task Run(
        IReadOnlyCollection<RowRef> rows, Func<UnitOfWork, Task> work, bool waitsForDatabase = false,
        CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        var member = new CommitMember(rows, work, waitsForDatabase);
        if (!_waiting.TryAdd(member))
            throw new OperationCanceledException("This process is stopping.");
        await using var withdrawal = stop.UnsafeRegister(_ => member.Withdraw(stop), null);
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
            if (_inFlight is not null)
                await _inFlight.Saved.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Close([.. _inFlight?.Members ?? [], .. _applied]); // who has an answer keeps it
        }
    }

    private async Task Step(CancellationToken stop)
    {
        _applied = _waiting.Take(MostMembers, _inFlight?.Members ?? []);
        if (_applied.Length > 0)
            await Start(_applied, stop);
        else if (_inFlight is null)
            await _waiting.Arrival(stop);
        else if (await Task.WhenAny(_inFlight.Saved, _waiting.Arrival(stop)) == _inFlight.Saved)
            await Complete(stop);
    }

    /// <summary>Applies the members while the unit before is saved, and begins to save them when that is done.</summary>
    private async Task Start(CommitMember[] members, CancellationToken stop)
    {
        var preparation = _writer.Prepare(members, stop);
        await ((Task)preparation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var wentWell = await IsSaved();
        if (!wentWell && preparation.IsCompletedSuccessfully)
            await (await preparation).DisposeAsync(); // it may stand on what is not so, and hold locks that others need
        await Complete(stop);
        if (!preparation.IsCompletedSuccessfully)
        {
            await _settlement.Settle(members, preparation, stop);
            return;
        }

        if (!wentWell)
        {
            await _settlement.SettleApart(members, stop);
            return;
        }

        var prepared = await preparation;
        _inFlight = new InFlight(members, Task.Run(() => _settlement.Save(prepared, members, stop), CancellationToken.None));
    }

    /// <summary>Waits for the unit in flight, if there is one. False when it failed.</summary>
    private async Task<bool> IsSaved()
    {
        if (_inFlight is not { } inFlight)
            return true;
        await inFlight.Saved.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return inFlight.Saved.IsCompletedSuccessfully;
    }

    /// <summary>Waits for the unit in flight; if it failed, its members are settled one way or another.</summary>
    private async Task Complete(CancellationToken stop)
    {
        await IsSaved();
        if (_inFlight is not { } inFlight)
            return;
        _inFlight = null;
        await _settlement.Settle(inFlight.Members, inFlight.Saved, stop);
    }

    private void Close(IEnumerable<CommitMember> unsettled)
    {
        var stopping = new OperationCanceledException("This process is stopping.");
        _waiting.Close();
        CommitSettlement.Refuse(unsettled, stopping);
        while (_waiting.Take() is { } member)
            member.Fail(stopping);
    }

    /// <summary>A unit that is being saved.</summary>
    private sealed record InFlight(CommitMember[] Members, Task Saved);
}
