using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Persistence;

/// <summary>Cursors stand for rows of any kind: they are the smallest that there are.</summary>
public sealed class GroupCommitTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task A_lone_member_goes_at_once()
    {
        await using var control = await TestControl.Start(house);
        var id = Guid.NewGuid();
        await control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id)).Within();
        (await house.Number(id)).ShouldBe(1);
    }

    [Fact]
    public async Task What_arrives_during_a_commit_goes_together_in_the_next_one()
    {
        await using var control = await TestControl.Start(house);
        var ids = Ids(20);
        await using (await HeldCommit.On(control))
        {
            foreach (var id in ids)
                _ = control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id));
        }

        await control.Commit(_ => Task.CompletedTask).Within();
        (await Transactions(ids)).ShouldBe(1);
    }

    [Fact]
    public async Task While_a_unit_is_saved_work_on_other_rows_begins_and_work_on_its_rows_waits()
    {
        await using var control = await TestControl.Start(house);
        var (saved, other) = (Guid.NewGuid(), Guid.NewGuid());
        await control.Commit(Cursors.Increment(saved), RowRef.Of<ReportCursor>(saved)).Within();
        await using var session = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await session.OpenAsync();
        await using var held = await session.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("select 1 from report_cursors where session = $1 for update", session, held);
        hold.Parameters.AddWithValue(saved);
        await hold.ExecuteNonQueryAsync();

        var first = control.Commit(Cursors.Increment(saved), RowRef.Of<ReportCursor>(saved));
        await Eventually.True(async () => await Blocked() > 0, "the unit is being saved");
        var begun = new TaskCompletionSource();
        var (wasBegun, met) = (false, 0L);
        var same = control.Commit(
            async unit =>
            {
                (wasBegun, met) = (begun.Task.IsCompleted, (await unit.Find<ReportCursor>(saved))!.Number);
                await Cursors.Increment(saved)(unit);
            },
            RowRef.Of<ReportCursor>(saved));
        var apart = control.Commit(
            unit =>
            {
                begun.TrySetResult();
                return Cursors.Increment(other)(unit);
            },
            RowRef.Of<ReportCursor>(other));
        await begun.Task.Within();
        first.IsCompleted.ShouldBeFalse();

        await held.CommitAsync();
        await Task.WhenAll(first, same, apart).Within();
        (wasBegun, met).ShouldBe((true, 2L), "it began after what the first left");
        (await house.Number(saved)).ShouldBe(3);
        (await house.Number(other)).ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_that_is_repeated_does_not_wait_for_a_lock_that_the_next_one_took_meanwhile()
    {
        await using var control = await TestControl.Start(house);
        var (met, other) = (Guid.NewGuid(), Guid.NewGuid());
        await control.Commit(Cursors.Increment(met), RowRef.Of<ReportCursor>(met)).Within();
        await using var session = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await session.OpenAsync();
        await using var held = await session.BeginTransactionAsync();
        await using var change = new NpgsqlCommand(
            "update report_cursors set version = version + 1 where session = $1", session, held);
        change.Parameters.AddWithValue(met);
        await change.ExecuteNonQueryAsync();

        var first = control.Commit(Locked(met), RowRef.Of<ReportCursor>(met));
        await Eventually.True(async () => await Blocked() > 0, "the first unit is being saved");
        var next = control.Commit(Locked(other), RowRef.Of<ReportCursor>(other));
        await Eventually.True(async () => await Blocked() > 1, "the next one waits for its lock");
        await held.CommitAsync(); // the first meets another version

        await Task.WhenAll(first, next).Within();
        (await house.Number(met)).ShouldBe(2);
        (await house.Number(other)).ShouldBe(1);

        static Func<UnitOfWork, Task> Locked(Guid id) => async unit =>
        {
            await unit.Db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(4711)");
            await Cursors.Increment(id)(unit);
        };
    }

    [Fact]
    public async Task Members_of_one_commit_see_what_earlier_ones_did()
    {
        await using var control = await TestControl.Start(house);
        var id = Guid.NewGuid();
        Task[] done;
        await using (await HeldCommit.On(control))
            done = [.. Ids(50).Select(_ => control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id)))];
        await Task.WhenAll(done).Within();
        (await house.Number(id)).ShouldBe(50);
    }

    [Fact]
    public async Task A_row_that_nobody_announced_is_loaded_when_it_is_asked_for()
    {
        await using var control = await TestControl.Start(house);
        var id = Guid.NewGuid();
        await control.Commit(Cursors.Increment(id)).Within();
        await control.Commit(Cursors.Increment(id)).Within();
        (await house.Number(id)).ShouldBe(2);
    }

    [Fact]
    public async Task A_member_that_throws_fails_alone()
    {
        await using var control = await TestControl.Start(house);
        var ids = Ids(9);
        var broken = ids[4];
        var done = new Dictionary<Guid, Task>();
        await using (await HeldCommit.On(control))
        {
            foreach (var id in ids)
            {
                done[id] = control.Commit(
                    async unit =>
                    {
                        await Cursors.Increment(id)(unit);
                        if (id == broken)
                            throw new InvalidOperationException("poison");
                    },
                    RowRef.Of<ReportCursor>(id));
            }
        }

        (await Should.ThrowAsync<InvalidOperationException>(done[broken].Within())).Message.ShouldBe("poison");
        await Task.WhenAll(done.Where(one => one.Key != broken).Select(one => one.Value)).Within();
        foreach (var id in ids)
            (await house.Number(id)).ShouldBe(id == broken ? 0 : 1);
    }

    [Fact]
    public async Task A_member_whose_caller_gave_up_fails_alone()
    {
        await using var control = await TestControl.Start(house);
        var id = Guid.NewGuid();
        Task gone, stays;
        await using (await HeldCommit.On(control))
        {
            gone = control.Commit(_ => throw new OperationCanceledException("the caller left"));
            stays = control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id));
        }

        await Should.ThrowAsync<OperationCanceledException>(gone.Within());
        await stays.Within();
        (await house.Number(id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_member_that_breaks_a_constraint_fails_alone()
    {
        await using var control = await TestControl.Start(house);
        var taken = Guid.NewGuid();
        await control.Commit(Answer(taken)).Within();

        var ids = Ids(6);
        Task[] good;
        Task bad;
        await using (await HeldCommit.On(control))
        {
            good = [.. ids.Select(id => control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id)))];
            bad = control.Commit(Answer(taken));
        }

        DatabaseFailure.IsConflict(await Should.ThrowAsync<Exception>(bad.Within())).ShouldBeTrue();
        await Task.WhenAll(good).Within();
        foreach (var id in ids)
            (await house.Number(id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_value_that_the_database_refuses_harms_nobody_else()
    {
        await using var control = await TestControl.Start(house);
        var (good, bad) = (Guid.NewGuid(), Guid.NewGuid());
        Task[] done;
        await using (await HeldCommit.On(control))
        {
            done =
            [
                control.Commit(Cursors.Increment(good), RowRef.Of<ReportCursor>(good)),
                control.Commit(Cursors.Increment(bad, agent: "a\0b"), RowRef.Of<ReportCursor>(bad)),
                control.Commit(Cursors.Increment(good), RowRef.Of<ReportCursor>(good)),
            ];
        }

        await Should.ThrowAsync<PostgresException>(done[1].Within());
        await Task.WhenAll(done[0], done[2]).Within();
        (await house.Number(good)).ShouldBe(2);
        (await house.Number(bad)).ShouldBe(0);
    }

    [Fact]
    public async Task Two_processes_that_meet_on_a_row_lose_nothing()
    {
        await using var one = await TestControl.Start(house);
        await using var other = await TestControl.Start(house);
        var id = Guid.NewGuid();
        await Task.WhenAll(Of(one), Of(other)).Within();
        (await house.Number(id)).ShouldBe(400);

        async Task Of(TestControl control)
        {
            for (var i = 0; i < 200; i += 4)
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id))));
        }
    }

    [Fact]
    public async Task Two_processes_that_make_the_same_row_both_succeed()
    {
        await using var one = await TestControl.Start(house);
        await using var other = await TestControl.Start(house);
        foreach (var id in Ids(10))
        {
            var both = new Barrier(2);
            await Task.WhenAll(Make(one, id, both), Make(other, id, both)).Within();
            (await house.Number(id)).ShouldBe(2);
        }

        static Task Make(TestControl control, Guid id, Barrier both)
        {
            var first = true;
            return control.Commit(
                async unit =>
                {
                    await Cursors.Increment(id)(unit);
                    if (first)
                        await Task.Run(both.SignalAndWait); // neither sees the other's row
                    first = false;
                },
                RowRef.Of<ReportCursor>(id));
        }
    }

    [Fact]
    public async Task A_listener_that_fails_takes_nothing_back_and_repeats_nothing()
    {
        await using var control = await TestControl.Start(house);
        var id = Guid.NewGuid();
        Task[] done;
        await using (await HeldCommit.On(control))
        {
            done =
            [
                control.Commit(
                    unit =>
                    {
                        unit.AfterCommit.Add(() => throw new InvalidOperationException("deaf"));
                        return Cursors.Increment(id)(unit);
                    },
                    RowRef.Of<ReportCursor>(id)),
                control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id)),
            ];
        }

        await Task.WhenAll(done).Within();
        await control.Commit(Cursors.Increment(id), RowRef.Of<ReportCursor>(id)).Within();
        (await house.Number(id)).ShouldBe(3);
    }

    [Fact]
    public async Task Whoever_comes_after_the_stop_is_refused()
    {
        await using var control = await TestControl.Start(house);
        await control.Commit(_ => Task.CompletedTask).Within();
        await control.Stop<GroupCommit>();
        await Should.ThrowAsync<OperationCanceledException>(control.Commit(_ => Task.CompletedTask).Within());
    }

    private static Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    private static Func<UnitOfWork, Task> Answer(Guid owner) => unit =>
    {
        unit.Db.Add(new IdempotentAnswer { Owner = owner, Key = "key", Status = 200, At = unit.Now });
        return Task.CompletedTask;
    };

    /// <summary>Statements of any process that wait for a row.</summary>
    private Task<long> Blocked() => house.Ask<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    /// <summary>Rows that one transaction wrote carry its number.</summary>
    private Task<long> Transactions(Guid[] ids) =>
        house.Ask<long>("select count(distinct xmin::text) from report_cursors where session = any($1)", ids);
}
