using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>Whatever breaks while a model speaks, its job ends once, and nobody is told something wrong.</summary>
[Collection(ModelFleet.Name)]
public sealed class BrokenStreamTests(ModelFleet fleet)
{
    private const int Words = 60;

    private static readonly string Whole = string.Concat(EchoWords.Counted(Words));

    private readonly EchoBehaviour _slowly = new(WordDelayMs: 100, Words: Words);

    [Theory]
    [InlineData("control-1")]
    [InlineData("edge-1")]
    public async Task A_process_that_is_killed_breaks_the_stream_and_not_the_job(string process)
    {
        fleet.Echo.Script.Set(_slowly, "other");
        try
        {
            await using var live = await LiveAnswer.Open(fleet.Scripts.Ports.EdgeUrl, "other", $"killed-{process}");
            Whole.ShouldStartWith(await live.Words(5));
            await fleet.Scripts.Kill(process);
            await Should.ThrowAsync<Exception>(async () => await live.Rest().Within());
            await fleet.Scripts.Restart(process);
            var job = await fleet.Client.End(live.JobId);
            (job.State, job.Attempt).ShouldBe(("succeeded", 1));
            await EndsOnce(live.JobId);

            // who repeats the call gets all of it
            await using var again = await LiveAnswer.Open(fleet.Scripts.Ports.EdgeUrl, "other", $"killed-{process}");
            again.JobId.ShouldBe(live.JobId);
            (await again.Rest().Within()).Words.ShouldBe(Whole);
        }
        finally
        {
            fleet.Echo.Script.Clear();
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task An_agent_that_is_killed_speaks_on_where_it_was_once_it_is_back()
    {
        fleet.Echo.Script.Set(_slowly, "other");
        try
        {
            await using var live = await LiveAnswer.Open(fleet.Scripts.Ports.EdgeUrl, "other");
            var begin = await live.Words(5);
            await fleet.Scripts.Kill("worker-1");
            await fleet.Scripts.Restart("worker-1");
            var (rest, last) = await live.Rest().Within();
            (begin + rest).ShouldBe(Whole);
            last.GetProperty("done").GetBoolean().ShouldBeTrue();
            (await fleet.Client.End(live.JobId)).Attempt.ShouldBeGreaterThan(1);
            await EndsOnce(live.JobId);
        }
        finally
        {
            fleet.Echo.Script.Clear();
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task A_caller_who_goes_away_leaves_a_job_that_goes_on()
    {
        fleet.Echo.Script.Set(_slowly, "other");
        string job;
        await using (var live = await LiveAnswer.Open(fleet.Scripts.Ports.EdgeUrl, "other"))
        {
            await live.Words(2);
            job = live.JobId;
        }

        var ended = await fleet.Client.End(job);
        fleet.Echo.Script.Clear();
        ended.State.ShouldBe("succeeded");
        (await fleet.Client.Journal(job)).ShouldContain(entry => entry.Type == "end");
    }

    [Fact]
    public async Task An_upstream_that_breaks_off_is_asked_again_and_no_word_comes_twice()
    {
        fleet.Echo.Script.Set(new EchoBehaviour(Words: Words, Fault: EchoFault.Cut, AfterWords: 7, Times: 1), "other");
        await using var live = await LiveAnswer.Open(fleet.Scripts.Ports.EdgeUrl, "other");
        var (words, last) = await live.Rest().Within();
        fleet.Echo.Script.Clear();
        words.ShouldBe(Whole);
        last.GetProperty("done").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_upstream_that_always_breaks_off_ends_the_stream_with_a_sentence()
    {
        fleet.Echo.Script.Set(new EchoBehaviour(Words: Words, Fault: EchoFault.Cut, AfterWords: 7), "other");
        await using var live = await LiveAnswer.Open(fleet.Scripts.Ports.EdgeUrl, "other");
        var (words, last) = await live.Rest().Within();
        fleet.Echo.Script.Clear();
        words.ShouldBe(string.Concat(EchoWords.Counted(7)));
        last.GetProperty("error").GetString()!.ShouldContain("broke off");
        (await fleet.Client.End(live.JobId)).State.ShouldBe("failed");
    }

    private async Task EndsOnce(string job) =>
        (await fleet.Client.Journal(job)).Count(entry => entry.Type == "end").ShouldBe(1);
}
