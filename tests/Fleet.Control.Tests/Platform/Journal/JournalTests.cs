using Fleet.Control.Jobs;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Platform.Journal;

/// <summary>Numbers without gaps, whoever writes.</summary>
public sealed class JournalTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task Two_processes_number_one_stream_without_gaps()
    {
        await using var one = await TestControl.Start(house);
        await using var other = await TestControl.Start(house);
        var job = await one.Submit();
        await Task.WhenAll(Write(one), Write(other)).Within();
        (await house.Ask<long[]>("select array_agg(seq order by seq) from journal where stream = $1", job))
            .ShouldBe(Enumerable.Range(1, 201).Select(seq => (long)seq));
        (await house.Job(job)).JournalSeq.ShouldBe(201);

        async Task Write(TestControl control)
        {
            for (var i = 0; i < 50; i++)
                await Task.WhenAll(control.Note(job, 1), control.Note(job, 1));
        }
    }

    [Fact]
    public async Task What_a_failed_unit_wrote_has_no_number()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        Task[] done;
        await using (await HeldCommit.On(control))
        {
            done =
            [
                control.Note(job, 2),
                control.Commit(
                    async unit =>
                    {
                        unit.Append((await unit.Find<Job>(job))!, "note", 0, new { });
                        throw new InvalidOperationException("changed its mind");
                    },
                    RowRef.Of<Job>(job)),
                control.Note(job, 2),
            ];
        }

        await Should.ThrowAsync<InvalidOperationException>(done[1].Within());
        await Task.WhenAll(done[0], done[2]).Within();
        (await house.Ask<long[]>("select array_agg(seq order by seq) from journal where stream = $1", job))
            .ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Entries_come_back_as_they_were_written()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        byte[] bytes = [0, 0xff, 0x80, (byte)'\n', 0];
        await control.Commit(
            async unit =>
            {
                var row = (await unit.Find<Job>(job))!;
                unit.AppendOutput(row, "stderr", 3, bytes);
                unit.Append(row, "progress", 3, new { SomeText = "a\0b\"é\u2028", Nothing = (string?)null });
                unit.AppendEnd(row, 3);
                unit.Change(row);
            },
            RowRef.Of<Job>(job));
        var page = new List<JournalEntry>();
        await foreach (var entry in JournalSql.ReadPage(control.Get<Npgsql.NpgsqlDataSource>(), job, after: 1))
            page.Add(entry);

        page.Select(entry => (entry.Seq, entry.Type, entry.Attempt, entry.IsOutput, entry.IsLast)).ShouldBe(
            [(2, "stderr", 3, true, false), (3, "progress", 3, false, false), (4, "end", 3, false, true)]);
        page[0].Output.ShouldBe(bytes);
        page[1].Data.ShouldBe("{\"some_text\":\"a\\u0000b\\u0022\\u00E9\\u2028\",\"nothing\":null}");
        page[2].Data.ShouldBeNull();
    }

    [Fact]
    public async Task A_page_can_hold_some_types_only()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        await control.Note(job, 3, "stdout");
        await control.Note(job, 3, "stderr");
        var page = new List<string>();
        await foreach (var entry in JournalSql.ReadPage(
            control.Get<Npgsql.NpgsqlDataSource>(), job, after: 2, ["stdout", "stderr"]))
            page.Add($"{entry.Type} {entry.Seq}");
        page.ShouldBe(["stdout 3", "stdout 4", "stderr 5", "stderr 6", "stderr 7"]);
    }
}
