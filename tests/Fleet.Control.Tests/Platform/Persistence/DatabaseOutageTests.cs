using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Platform.Persistence;

/// <summary>What commits do while the database restarts, or cannot be reached.</summary>
public sealed class DatabaseOutageTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Deliveries_wait_for_the_database_and_requests_are_refused()
    {
        await using var control = await TestControl.Start(_house);
        var (patient, impatient) = (Guid.NewGuid(), Guid.NewGuid());
        await _house.TakeDatabaseAway();
        var delivery = Patient(control, patient);
        var request = control.Commit(Cursors.Increment(impatient), RowRef.Of<ReportCursor>(impatient));

        DatabaseFailure.IsOutage(await Should.ThrowAsync<Exception>(request.Within())).ShouldBeTrue();
        await Eventually.True(() => control.Log.Lines.Count(line => line.Contains("does not answer")) >= 2, "it tried again");
        var late = control.Commit(Cursors.Increment(impatient), RowRef.Of<ReportCursor>(impatient)); // behind the delivery
        DatabaseFailure.IsOutage(await Should.ThrowAsync<Exception>(late.Within())).ShouldBeTrue();
        delivery.IsCompleted.ShouldBeFalse();

        await _house.GiveDatabaseBack();
        await delivery.Within();
        (await _house.Number(patient)).ShouldBe(1);
        (await _house.Number(impatient)).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_begun_before_an_outage_is_not_overtaken_on_its_row()
    {
        await using var control = await TestControl.Start(_house);
        var (saved, shared) = (Guid.NewGuid(), Guid.NewGuid());
        var applied = new List<string>();
        var begun = new TaskCompletionSource();
        Task first, second, third;
        await using (var held = await TableLock.On(_house, "report_cursors"))
        {
            first = Patient(control, saved);
            await held.StandsInTheWay();
            second = Apply("second");
            await begun.Task.Within();
            third = Apply("third");
            await _house.TakeDatabaseAway();
        }

        await Eventually.True(() => control.Log.Lines.Count(line => line.Contains("does not answer")) >= 2, "it tried again");
        await _house.GiveDatabaseBack();
        await Task.WhenAll(first, second, third).Within();
        applied.TakeLast(2).ShouldBe(["second", "third"]);
        (await _house.Number(shared)).ShouldBe(2);

        Task Apply(string name) => control.Commits.Run(
            [RowRef.Of<ReportCursor>(shared)],
            unit =>
            {
                applied.Add(name);
                begun.TrySetResult();
                return Cursors.Increment(shared)(unit);
            },
            waitsForDatabase: true);
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_commit_loses_and_doubles_nothing()
    {
        await using var control = await TestControl.Start(_house);
        var ids = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        Task[] deliveries;
        var held = await HeldCommit.On(control);
        deliveries = [.. ids.Select(id => Patient(control, id))];
        await _house.EndConnections();
        held.LetGo();

        DatabaseFailure.IsOutage(await Should.ThrowAsync<Exception>(held.Done.Within())).ShouldBeTrue();
        await Task.WhenAll(deliveries).Within();
        foreach (var id in ids)
            (await _house.Number(id)).ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_meets_the_restart_itself_is_done_again()
    {
        await using var control = await TestControl.Start(_house);
        var id = Guid.NewGuid();
        var tries = 0;
        await control.Commits.Run(
            [],
            async unit =>
            {
                if (tries++ == 0)
                    await _house.EndConnections();
                await Cursors.Increment(id)(unit);
            },
            waitsForDatabase: true).Within();
        tries.ShouldBe(2);
        (await _house.Number(id)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_waits_for_the_database_is_let_go_at_the_stop()
    {
        await using var control = await TestControl.Start(_house);
        await control.Commit(_ => Task.CompletedTask).Within();
        await _house.TakeDatabaseAway();
        var waiting = Patient(control, Guid.NewGuid());
        await Eventually.True(() => control.Log.Lines.Any(line => line.Contains("does not answer")), "it met the outage");
        var behind = Patient(control, Guid.NewGuid());
        await control.Stop<GroupCommit>();
        await Should.ThrowAsync<OperationCanceledException>(waiting.Within());
        await Should.ThrowAsync<OperationCanceledException>(behind.Within());
    }

    private static Task Patient(TestControl control, Guid id) =>
        control.Commits.Run([RowRef.Of<ReportCursor>(id)], Cursors.Increment(id), waitsForDatabase: true);
}
