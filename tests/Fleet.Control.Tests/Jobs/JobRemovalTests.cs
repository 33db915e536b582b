using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Platform.Work.Retention;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>What is removed leaves nothing, and nothing goes that must stay.</summary>
public sealed class JobRemovalTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    private WorkRemoval Removal => _control.Get<WorkRemoval>();

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task A_finished_job_goes_with_its_journal_its_artifacts_and_what_was_told_of_it()
    {
        var job = await Finished();
        var other = await Finished();
        await AddArtifact(job);
        await AddArtifact(other);
        await AddDelivery(job, "delivered");
        (await Removal.Remove([job], CancellationToken.None)).ShouldBe(1);
        (await Kept(job)).ShouldBe(0);
        (await Kept(other)).ShouldBeGreaterThan(3);
        (await _house.Ask<long>("select count(*) from work_removals")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_not_finished_or_held_or_unknown_stays()
    {
        var queued = await _control.Submit();
        var running = await _control.Run();
        var held = await Finished();
        await _house.Do($"update work set held = true where id = '{held}'");
        (await Removal.Remove([queued, running, held, Guid.NewGuid()], CancellationToken.None)).ShouldBe(0);
        (await _house.Ask<long>("select count(*) from work_rows")).ShouldBe(3);
    }

    [Fact]
    public async Task A_job_of_which_somebody_is_still_to_be_told_stays_until_he_was()
    {
        var job = await Finished();
        await AddDelivery(job, "waiting");
        (await Removal.Remove([job], CancellationToken.None)).ShouldBe(0);
        await _house.Do($"update webhook_deliveries set state = 'dead' where about = '{job}'");
        (await Removal.Remove([job], CancellationToken.None)).ShouldBe(1);
        (await Kept(job)).ShouldBe(0);
    }

    [Fact]
    public async Task A_long_journal_goes_in_parts_from_its_end()
    {
        var job = await Finished(entries: 2500);
        var journal = _control.Get<IEnumerable<IOwnedData>>().Single(one => one.GetType().Name == "OwnedJournal");
        (await journal.EraseSome([job], CancellationToken.None)).ShouldBeTrue();
        (await _house.Ask<long>("select max(seq) - count(*) from journal where stream = $1", job)).ShouldBe(0);
        (await Removal.Remove([job], CancellationToken.None)).ShouldBe(1);
        (await Kept(job)).ShouldBe(0);
    }

    [Fact]
    public async Task Large_artifacts_go_in_parts()
    {
        var job = await Finished();
        await AddArtifact(job, chunks: 100);
        (await Removal.Remove([job], CancellationToken.None)).ShouldBe(1);
        (await Kept(job)).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_found_and_erased()
    {
        var job = await Finished();
        await AddArtifact(job);
        (await Removal.TakeOut([job], CancellationToken.None)).ShouldBe([job]);
        (await Kept(job)).ShouldBeGreaterThan(0);

        var left = await Removal.Unfinished(10, TimeSpan.Zero, CancellationToken.None);
        left.ShouldBe([job]);
        await Removal.Erase(left, CancellationToken.None);
        (await Kept(job)).ShouldBe(0);
        (await Removal.Unfinished(10, TimeSpan.Zero, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_word_about_a_job_that_is_gone_leaves_nothing()
    {
        var job = await Finished();
        await Removal.Remove([job], CancellationToken.None);
        await _control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        await _control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        (await Kept(job)).ShouldBe(0);
    }

    [Fact]
    public async Task A_change_that_loaded_the_job_before_it_went_changes_nothing()
    {
        var job = await Finished();
        var tries = 0;
        await _control.Commits.Run([RowRef.Of<Job>(job)], async unit =>
        {
            if (tries++ == 0)
                (await Removal.Remove([job], CancellationToken.None)).ShouldBe(1);
            if (await unit.Find<Job>(job) is not { } row)
                return;
            row.Held = true;
            unit.Change(row);
        });
        tries.ShouldBe(2);
        (await Kept(job)).ShouldBe(0);
    }

    [Fact]
    public async Task Many_go_at_once()
    {
        var job = await Finished();
        await _house.Multiply(job, 999);
        var all = await _house.Ask<Guid[]>("select array_agg(id) from work_rows");
        (await Removal.Remove(all, CancellationToken.None)).ShouldBe(1000);
        (await _house.Ask<long>("select count(*) from work_rows")).ShouldBe(0);
    }

    private async Task<Guid> Finished(int entries = 3)
    {
        var job = await _control.Run();
        await _control.Note(job, entries);
        await _control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        return job;
    }

    private Task AddArtifact(Guid job, int chunks = 2) => _house.Do(
        $"""
        with file as (
            insert into artifacts (id, owner_id, attempt, name, size, content_type, sha256, created_at, touched_at, complete, chunk_size)
            values (gen_random_uuid(), '{job}', 1, 'a.txt', 8, 'text/plain', '', now(), now(), true, 65536) returning id)
        insert into artifact_chunks (artifact_id, number, bytes) select id, n, 'abcd' from file, generate_series(0, {chunks - 1}) n
        """);

    private Task AddDelivery(Guid job, string state) => _house.Do(
        $"""
        insert into webhook_deliveries (id, event_id, tenant, endpoint_id, about, type, occurred_at, data, state, owed_at, attempts, inline_artifacts)
        values (gen_random_uuid(), gen_random_uuid(), 'default', gen_random_uuid(), '{job}', 'job.succeeded', now(), '', '{state}', now(), 0, false)
        """);

    private Task<long> Kept(Guid job) => _house.Ask<long>(
        """
        select (select count(*) from work_rows where id = $1) + (select count(*) from journal where stream = $1)
            + (select count(*) from artifacts where owner_id = $1)
            + (select count(*) from webhook_deliveries where about = $1) + (select count(*) from work_removals where id = $1)
        """, job);
}
