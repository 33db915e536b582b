using Fleet.EndToEnd.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>Pages outlive the processes behind them.</summary>
[Collection(WithConsole.Name)]
public sealed class LiveTests(WithConsole fleet) : IAsyncLifetime
{
    private Browser _one = null!;
    private Browser _other = null!;

    public async Task InitializeAsync()
    {
        _one = await Browser.Start(fleet.Scripts.Ports.EdgeUrl);
        _other = await Browser.Start(fleet.Scripts.Ports.EdgeUrl);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await fleet.Heal();
    }

    [Fact]
    public async Task A_log_goes_on_where_it_was_when_a_Control_and_the_console_are_killed()
    {
        var (first, second) = (new Gate(fleet.Home), new Gate(fleet.Home));
        var job = await fleet.Client.Submit(JobDraft.Script(
            $"for i in 1 2 3; do echo early-$i; done; {first.Wait}; for i in 1 2 3; do echo middle-$i; done; {second.Wait}; echo late"));
        var page = await fleet.LogIn(_one, $"/ui/jobs/{job.JobId}");
        var overview = await fleet.LogIn(_other);
        await Expect(page.Locator(".log")).ToContainTextAsync("early-3");

        await fleet.Scripts.Kill("control-1");
        first.Open();
        await Expect(page.Locator(".log")).ToContainTextAsync("middle-3");
        await fleet.Scripts.Restart("control-1");

        await fleet.Scripts.Kill(WithConsole.Process);
        await Expect(page.Locator("#connection")).ToBeVisibleAsync();
        second.Open();
        await fleet.Client.End(job.JobId);
        await fleet.Scripts.Restart(WithConsole.Process);
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("succeeded"); // nobody had to log in again
        await Expect(page.Locator(".log")).ToContainTextAsync("late");
        var lines = await page.Locator(".log div:not(.note)").AllInnerTextsAsync();
        lines.ShouldBe(["early-1", "early-2", "early-3", "middle-1", "middle-2", "middle-3", "late"]);
        await Expect(overview.Locator("h1")).ToHaveTextAsync("Overview");
        await Expect(overview.Locator(".card").First).ToBeVisibleAsync();
        _one.Errors.ShouldBeEmpty();
        _other.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_stream_of_changes_goes_on_through_the_edge_when_a_Control_dies_without_gap_or_double()
    {
        var seen = new List<(string Id, long Seq, string To)>();
        using var over = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var watching = Follow(seen, ready, over.Token);
        await ready.Task.Within();
        var jobs = new List<string>();
        using var client = fleet.Library();
        for (var i = 0; i < 60; i++)
        {
            jobs.Add((await client.Jobs.Submit(new global::Fleet.Client.Work.JobDraft { Kind = "noop" })).JobId);
            if (i == 20)
                await fleet.Scripts.Kill("control-1");
            if (i == 40)
            {
                await fleet.Scripts.Restart("control-1");
                await fleet.Scripts.Kill("control-2");
            }
        }

        await fleet.Scripts.Restart("control-2");
        foreach (var job in jobs)
            (await fleet.Client.End(job)).State.ShouldBe("succeeded");
        await Eventually.True(() => Ended() == jobs.Count, "all ends were told");
        await over.CancelAsync();
        await watching;
        foreach (var job in jobs)
        {
            // what a dying Control had assigned and not yet sent is assigned anew
            var journal = (await fleet.Client.Journal(job)).Where(entry => entry.To is not null);
            seen.Where(change => change.Id == job).Select(change => (change.Seq, To: (string?)change.To)).OrderBy(change => change.Seq)
                .ShouldBe(journal.Select(entry => (entry.Id, entry.To)));
        }

        int Ended()
        {
            lock (seen)
                return seen.Count(change => change.To == "succeeded" && jobs.Contains(change.Id));
        }
    }

    private async Task Follow(List<(string, long, string)> seen, TaskCompletionSource ready, CancellationToken stop)
    {
        using var client = fleet.Library();
        try
        {
            await foreach (var happened in client.Events.Follow("job", stop: stop))
            {
                if (happened is not global::Fleet.Client.Events.FleetEvent.Changed { Change: { State: { } to } change })
                {
                    ready.TrySetResult();
                    continue;
                }

                lock (seen)
                    seen.Add((change.Id, change.Seq!.Value, to));
            }
        }
        catch (OperationCanceledException)
        {
            // seen enough
        }
    }
}
