using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Work.Retention;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Finished jobs go when their time is over, which rules say by kind and label.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
        await _control.Start<Leadership>();
        await Eventually.True(() => _control.Get<Leadership>().IsMine, "it leads");
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_rule_the_setting_says_how_long()
    {
        var old = await Finished(daysAgo: 31);
        var young = await Finished(daysAgo: 29);
        var unfinished = await _control.Submit();
        await Sweep();
        (await Kept()).ShouldBe([young, unfinished], ignoreOrder: true);
        old.ShouldNotBe(young);
        (await Progress()).Removed.ShouldBe(1);
    }

    [Fact]
    public async Task Zero_days_are_for_ever()
    {
        _control.Get<RetentionSettings>().Days = 0;
        var old = await Finished(daysAgo: 3000);
        await Sweep();
        (await Kept()).ShouldBe([old]);
    }

    [Fact]
    public async Task The_rule_that_says_most_about_a_job_governs_it()
    {
        await Rule("1h");
        await Rule("2d", kind: "noop");
        await Rule("forever", labels: ("keep", "yes"));
        await Rule("5d", "noop", ("keep", "yes"));
        await Rule("1s", tenant: "other");
        var kind = await Finished(daysAgo: 1);
        var kindOver = await Finished(daysAgo: 3);
        var both = await Finished(daysAgo: 4, "noop", ("keep", "yes"), ("and", "more"));
        var bothOver = await Finished(daysAgo: 6, "noop", ("keep", "yes"));
        var labels = await Finished(daysAgo: 900, "command", ("keep", "yes"));
        var none = await Finished(daysAgo: 0.1, "command", ("keep", "no"));
        await Sweep();
        (await Kept()).ShouldBe([kind, both, labels], ignoreOrder: true);
        new[] { kindOver, bothOver, none }.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_held_job_goes_in_the_round_after_its_release()
    {
        var job = await Finished(daysAgo: 31);
        await _house.Do($"update work set held = true where id = '{job}'");
        await Sweep();
        await Sweep();
        (await Kept()).ShouldBe([job]);
        await _house.Do($"update work set held = false where id = '{job}'");
        await Sweep();
        (await Kept()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_rule_is_obeyed_in_the_next_round()
    {
        var job = await Finished(daysAgo: 2);
        await Sweep();
        (await Kept()).ShouldBe([job]);
        await Rule("1d");
        await Sweep();
        (await Kept()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_is_kept_longer_is_met_once_and_goes_when_its_own_time_is_over()
    {
        await Rule("1h", labels: ("short", "yes"));
        var job = await Finished(daysAgo: 29.9);
        await Sweep();
        await Sweep();
        (await Kept()).ShouldBe([job]);
        await _house.Do("update work_state set finished_at = finished_at - interval '1 day'");
        await Sweep();
        (await Kept()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Thousands_go_in_one_round_and_their_number_is_told()
    {
        var job = await Finished(daysAgo: 40);
        await _house.Multiply(job, 2499);
        await Sweep();
        (await Kept()).ShouldBeEmpty();
        (await _house.Ask<long>("select count(*) from work_removals")).ShouldBe(0);
        var progress = await Progress();
        progress.Removed.ShouldBe(2500);
        progress.LookedAt.ShouldNotBeNull();
        progress.OldestFinishedAt.ShouldBeNull();
    }

    [Fact]
    public async Task What_another_process_began_to_erase_is_finished()
    {
        var job = await Finished(daysAgo: 0);
        await _control.Get<WorkRemoval>().TakeOut([job], CancellationToken.None);
        await _house.Do("update work_removals set at = now() - interval '1 minute'");
        await Sweep();
        (await _house.Ask<long>("select count(*) from journal")).ShouldBe(0);
        (await _house.Ask<long>("select count(*) from work_removals")).ShouldBe(0);
    }

    [Fact]
    public async Task The_dry_run_counts_what_the_rule_would_remove_beside_the_others()
    {
        await Rule("forever", "noop", ("keep", "yes"));
        await Finished(daysAgo: 2);
        await Finished(daysAgo: 2, "noop", ("keep", "yes"));
        await Finished(daysAgo: 0.5);
        (await _control.Get<RetentionStore>().Count(NewRule("1d", "noop"), CancellationToken.None)).ShouldBe(1);
        (await _control.Get<RetentionStore>().Count(NewRule("forever"), CancellationToken.None)).ShouldBe(0);
        await Sweep();
        (await Kept()).Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("90s", 90L, "90s")]
    [InlineData("48h", 172_800L, "2d")]
    [InlineData("30m", 1800L, "30m")]
    [InlineData("0d", 0L, "0d")]
    public void A_time_is_a_number_and_a_unit(string text, long seconds, string written)
    {
        KeepText.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(seconds);
        KeepText.Of(read).ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("1.5h")]
    [InlineData("1w")]
    [InlineData("99999999d")]
    [InlineData("36501d")]
    [InlineData("never")]
    public void Anything_else_is_no_time(string text) => KeepText.TryParse(text, out _).ShouldBeFalse();

    private Task Sweep() => _control.Get<RetentionSweeper>().Sweep(CancellationToken.None).Within();

    private Task<RetentionView> Progress() => _control.Get<RetentionStore>().Progress(CancellationToken.None);

    private Task<Guid[]> Kept() => _house.Ask<Guid[]>("select coalesce(array_agg(id), '{}') from work_rows");

    private async Task Rule(
        string keep, string? kind = null, (string Name, string Value)? labels = null, string? tenant = null)
    {
        await using var db = _house.Db();
        await RetentionStore.Add(db, NewRule(keep, kind, labels, tenant), CancellationToken.None);
    }

    private static RetentionRule NewRule(
        string keep, string? kind = null, (string Name, string Value)? labels = null, string? tenant = null)
    {
        KeepText.TryParse(keep, out var seconds).ShouldBeTrue();
        return new RetentionRule
        {
            Id = Guid.CreateVersion7(),
            Tenant = tenant,
            Kind = kind,
            Labels = Json(labels is { } one ? [one] : []),
            LabelCount = labels is null ? 0 : 1,
            KeepSeconds = seconds,
        };
    }

    private async Task<Guid> Finished(double daysAgo, string kind = "noop", params (string Name, string Value)[] labels)
    {
        var job = await _control.Run();
        await _control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        await _house.Do(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"""
            with facts as (update work set kind = '{kind}', labels = '{Json(labels)}' where id = '{job}')
            update work_state set finished_at = now() - interval '{daysAgo} days', kind = '{kind}' where id = '{job}'
            """));
        return job;
    }

    private static string Json((string Name, string Value)[] labels) =>
        JsonSerializer.Serialize(labels.ToDictionary(label => label.Name, label => label.Value));
}
