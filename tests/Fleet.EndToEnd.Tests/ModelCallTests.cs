using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Calls of models through edge, Control, broker and agent to an upstream, and what becomes of them.</summary>
[Collection(WithModels.Name)]
public sealed class ModelCallTests : IDisposable
{
    private readonly WithModels _fleet;

    public ModelCallTests(WithModels fleet)
    {
        _fleet = fleet;
        Echo.Script.Clear();
    }

    private static EchoServer Echo => WithModels.Echo;

    public void Dispose() => Echo.Script.Clear();

    [Fact]
    public async Task A_chat_is_answered_recorded_and_measured()
    {
        var job = await _fleet.Client.Run(JobDraft.Chat("echo", "Hello, wide world!"));
        job.State.ShouldBe("succeeded");
        job.MaxAttempts.ShouldBe(3);
        var result = job.Result.ShouldNotBeNull();
        result.GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello, wide world!");
        result.GetProperty("prompt_tokens").GetInt32().ShouldBe(3);
        result.GetProperty("completion_tokens").GetInt32().ShouldBe(3);
        result.GetProperty("upstream").GetString().ShouldBe("here");
        result.GetProperty("first_token_ms").GetDouble().ShouldBeGreaterThan(0);
        (await Said(job.JobId)).ShouldBe("Hello, wide world!");
        (await _fleet.Client.Log(job.JobId)).ShouldBe("Hello, wide world!");
        (await _fleet.Client.List("?kind=inference&limit=1")).Items.Single().JobId.ShouldBe(job.JobId);
    }

    [Fact]
    public async Task Models_are_not_swapped_in_and_out_needlessly_and_none_waits_too_long()
    {
        await Offer("a", "b", "c");
        Echo.Script.Set(new EchoBehaviour(FirstDelayMs: 300));
        var before = Echo.Models.Loads.Count;
        await Eventually.True(() => Echo.Counts.Generating == 0, "nothing is left of other tests");
        Echo.Counts.Clear();
        string[] trace = ["a", "b", "a", "a", "c", "a", "b", "c"];
        var jobs = await _fleet.Client.Submit(trace.Select(model => JobDraft.Chat(model, $"I am {model}")));
        var ended = await Task.WhenAll(jobs.Select(job => _fleet.Client.End(job.JobId)));

        ended.ShouldAllBe(job => job.State == "succeeded" && job.Attempt == 1);
        Echo.Models.Loads.Skip(before).Count().ShouldBeLessThanOrEqualTo(4);
        Echo.Counts.MostGenerating.ShouldBe(1);
        var waited = ended.Where((_, at) => trace[at] == "c").Max(job => job.StartedAt!.Value - job.CreatedAt);
        waited.TotalSeconds.ShouldBeLessThan(4 * WithModels.PatienceSeconds);
    }

    [Fact]
    public async Task A_model_that_is_always_wanted_gives_way_to_another_in_time()
    {
        await Offer("a", "c");
        Echo.Script.Set(new EchoBehaviour(FirstDelayMs: 800));
        var often = await _fleet.Client.Submit(Enumerable.Range(0, 30).Select(i => JobDraft.Chat("a", $"{i}")));
        var other = await _fleet.Client.End((await _fleet.Client.Submit(JobDraft.Chat("c", "me too"))).JobId);
        (other.StartedAt!.Value - other.CreatedAt).TotalSeconds.ShouldBeLessThan(3 * WithModels.PatienceSeconds);
        await Task.WhenAll(often.Select(job => _fleet.Client.Cancel(job.JobId)));
        foreach (var job in often)
            await _fleet.Client.End(job.JobId);
    }

    [Fact]
    public async Task Embeddings_do_not_wait_for_answers()
    {
        Echo.Script.Set(new EchoBehaviour(WordDelayMs: 100, Words: 1000), "echo");
        var talking = await _fleet.Client.Submit(JobDraft.Chat("echo", "go on"));
        await _fleet.Client.Becomes(talking.JobId, "running");
        var vectors = await _fleet.Client.Run(JobDraft.Embed("echo-embed", "one", "two"));
        vectors.Result.ShouldNotBeNull().GetProperty("embeddings").GetArrayLength().ShouldBe(2);
        (await _fleet.Client.Show(talking.JobId)).State.ShouldBe("running");
        (await _fleet.Client.Cancel(talking.JobId)).Dispose();
        (await _fleet.Client.End(talking.JobId)).State.ShouldBe("cancelled");
    }

    [Fact]
    public async Task An_upstream_that_is_down_fails_no_job()
    {
        await _fleet.Client.Run(JobDraft.Chat("echo", "it is known")); // a young agent has not looked yet
        await Echo.Down();
        string[] ids;
        try
        {
            var first = await _fleet.Client.Submit(JobDraft.Chat("echo", "are you there?") with { MaxAttempts = 1 });
            await _fleet.Client.Becomes(first.JobId, job => job.Error?.Code == "upstream_unreachable", "it was put back");
            var next = await _fleet.Client.Submit(JobDraft.Chat("echo", "and now?") with { MaxAttempts = 1 });
            ids = [first.JobId, next.JobId];
            await Eventually.True(async () => await Codes(next.JobId) == "upstream_unreachable", "it is explained");
        }
        finally
        {
            await Echo.Up();
        }

        foreach (var id in ids)
            (await _fleet.Client.End(id)).State.ShouldBe("succeeded");
        (await _fleet.Client.Show(ids[0])).Attempt.ShouldBeGreaterThan(1);
        (await _fleet.Client.Show(ids[1])).Attempt.ShouldBe(1, "nobody sent it to an upstream that was away");
    }

    [Theory]
    [InlineData(EchoFault.Silent, 2, "upstream_silence")]
    [InlineData(EchoFault.Cut, 2, "upstream_cut")]
    [InlineData(EchoFault.OutOfMemory, 0, "upstream_error")]
    [InlineData(EchoFault.Rubbish, 0, "upstream_rubbish")]
    public async Task A_faulty_answer_costs_an_attempt_and_the_next_may_be_whole(string fault, int afterWords, string code)
    {
        Echo.Script.Set(new EchoBehaviour(Fault: fault, AfterWords: afterWords, Times: 3));
        var failed = await _fleet.Client.Run(JobDraft.Chat("echo", "one two three") with { MaxAttempts = 2 });
        (failed.State, failed.Attempt, failed.Error!.Code).ShouldBe(("failed", 2, code));
        failed.Error.Message.ShouldContain("here");

        var second = await _fleet.Client.Run(JobDraft.Chat("echo", "one two three"));
        (second.State, second.Attempt, second.Error).ShouldBe(("succeeded", 2, null));
        (await Said(second.JobId, attempt: 2)).ShouldBe("one two three");
        (await Said(second.JobId, attempt: 1)).ShouldBe(afterWords == 0 ? "" : "one two", "what came before stays");
    }

    [Fact]
    public async Task What_the_upstream_refuses_is_not_asked_again()
    {
        Echo.Script.Set(new EchoBehaviour(Fault: EchoFault.Status, Status: 400, Error: "does not support tools"));
        var job = await _fleet.Client.Run(JobDraft.Chat("echo", "hello"));
        (job.State, job.Attempt, job.Error!.Code).ShouldBe(("failed", 1, "upstream_refused"));
        job.Error.Message.ShouldContain("does not support tools");
    }

    [Fact]
    public async Task A_cancelled_call_hangs_up_and_what_was_said_stays()
    {
        var job = await Talking();
        var aborted = Echo.Counts.Aborted;
        (await _fleet.Client.Cancel(job)).Dispose();
        (await _fleet.Client.End(job)).State.ShouldBe("cancelled");
        await Eventually.True(() => Echo.Counts.Aborted > aborted && Echo.Counts.Generating == 0, "the upstream is hung up on");
        (await Said(job)).ShouldStartWith("w1 w2");
    }

    [Theory]
    [InlineData("worker-1")]
    [InlineData("control-1")]
    [InlineData("control-2")]
    [InlineData("edge-1")]
    public async Task A_call_ends_once_when_a_process_is_killed_in_the_middle(string process)
    {
        var job = await Talking(words: 150);
        try
        {
            await _fleet.Scripts.Kill(process);
            await _fleet.Scripts.Restart(process);
            var ended = await _fleet.Client.End(job);
            ended.State.ShouldBe("succeeded");
            var whole = string.Concat(EchoWords.Counted(150));
            ended.Result.ShouldNotBeNull().GetProperty("message").GetProperty("content").GetString().ShouldBe(whole);
            (await Said(job, ended.Attempt)).ShouldBe(whole);
            ended.Attempt.ShouldBe(process == "worker-1" ? 2 : 1);
            (await _fleet.Client.Journal(job)).Count(entry => entry.To is not null && JobView.IsTerminal(entry.To)).ShouldBe(1);
        }
        finally
        {
            await _fleet.Heal();
        }
    }

    [Fact]
    public async Task A_model_that_came_just_now_is_found_by_asking()
    {
        var waiting = await _fleet.Client.Submit(JobDraft.Chat("brand-new", "hello"));
        (await Codes(waiting.JobId)).ShouldBe("no_model");
        Echo.Models.Replace([.. Echo.Models.Names, "brand-new"]);
        (await _fleet.Client.Run(JobDraft.Chat("brand-new", "hello"))).State.ShouldBe("succeeded");
        (await _fleet.Client.End(waiting.JobId)).State.ShouldBe("succeeded");
    }

    /// <summary>A call whose answer has begun and goes on for a while.</summary>
    private async Task<string> Talking(int words = 10_000)
    {
        Echo.Script.Set(new EchoBehaviour(WordDelayMs: 40, Words: words));
        var job = await _fleet.Client.Submit(JobDraft.Chat("echo", "go on"));
        await Eventually.True(
            async () => (await _fleet.Client.Log(job.JobId)).StartsWith("w1 w2", StringComparison.Ordinal), "it speaks");
        return job.JobId;
    }

    /// <summary>The agent knows of these models, too.</summary>
    private async Task Offer(params string[] models)
    {
        Echo.Models.Replace(Echo.Models.Names.Concat(models).Distinct());
        await _fleet.Client.Run(JobDraft.Chat(models[^1], "first"));
        await _fleet.Client.Run(JobDraft.Chat("echo", "put the others out"));
    }

    private async Task<string> Said(string job, int attempt = 1) => string.Concat((await _fleet.Client.Journal(job))
        .Where(entry => entry.Type == "output" && entry.Text("stream") == "content"
            && entry.Data.GetProperty("attempt").GetInt32() == attempt)
        .Select(entry => entry.Text("text")));

    private async Task<string> Codes(string job) => string.Join(
        ' ', (await _fleet.Client.Get<ExplanationView>($"/v1/jobs/{job}/explain")).Reasons.Select(reason => reason.Code).Take(1));
}
