using Fleet.Control.Jobs;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Submissions that no part of the system further in could hold.</summary>
public sealed class JobRulesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData('x', 60, "target.labels")]
    [InlineData('ä', 4, "target.labels")]
    [InlineData('ä', 1, null)]
    [InlineData('x', 11, null)]
    public void Demands_must_fit_the_index_over_lanes(char letter, int count, string? wrong)
    {
        var labels = Enumerable.Range(0, count).ToDictionary(i => $"label-{i}", string? (_) => new string(letter, 200));
        Wrong(new JobRequest { Kind = "noop", Target = new TargetRequest { Labels = labels } })
            .ShouldBe(wrong is null ? [] : [wrong]);
    }

    [Fact]
    public void A_command_must_fit_a_message_of_the_broker()
    {
        var large = new string('ä', 1024 * 1024);
        Wrong(Command(new CommandRequest { Script = large, Stdin = large })).ShouldBeEmpty();
        Wrong(Command(new CommandRequest { Script = large, Stdin = large, Cwd = "/" })).ShouldBe(["command"]);
        Wrong(Command(new CommandRequest
        {
            Program = "ls",
            Args = [.. Enumerable.Repeat(new string('x', 100_000), 11)],
            Env = Enumerable.Range(0, 11).ToDictionary(i => $"V{i}", string? (_) => new string('x', 100_000)),
        })).ShouldBe(["command"]);
    }

    [Theory]
    [InlineData("https://receiver.example/hook?a=b", true)]
    [InlineData("http://10.0.0.1:8080/", true)]
    [InlineData("https://user:word@receiver.example/", false)]
    [InlineData("ftp://receiver.example/", false)]
    [InlineData("/hook", false)]
    public void A_url_to_tell_is_absolute_and_holds_no_user(string url, bool right) =>
        Wrong(new JobRequest { Kind = "noop", StateWebhookUrl = url }).ShouldBe(right ? [] : ["state_webhook_url"]);

    [Fact]
    public void A_label_that_no_list_could_be_asked_for_is_refused() =>
        Wrong(new JobRequest { Kind = "noop", Labels = new() { ["a=b"] = "c", ["d"] = "e=f" } }).ShouldBe(["labels"]);

    [Fact]
    public void Terms_that_say_nothing_or_contradict_each_other_are_refused()
    {
        Wrong(new JobRequest { Kind = "noop", Offline = "later" }).ShouldBe(["offline"]);
        Wrong(new JobRequest { Kind = "noop", Offline = "newest" }).ShouldBe(["queue_key"]);
        Wrong(new JobRequest { Kind = "noop", QueueKey = "q" }).ShouldBe(["queue_key"]);
        Wrong(new JobRequest { Kind = "noop", ConcurrencyKey = "k" }).ShouldBe(["concurrency_limit"]);
        Wrong(new JobRequest { Kind = "noop", ConcurrencyLimit = 1 }).ShouldBe(["concurrency_limit"]);
        Wrong(new JobRequest { Kind = "noop", ConcurrencyKey = "k", ConcurrencyLimit = 0 }).ShouldBe(["concurrency_limit"]);
        Wrong(new JobRequest { Kind = "noop", SequenceKey = "" }).ShouldBe(["sequence_key"]);
        Wrong(new JobRequest { Kind = "noop", FairnessKey = new string('x', 201) }).ShouldBe(["fairness_key"]);
        Wrong(new JobRequest { Kind = "noop", NotBefore = Now.AddHours(1), ExpiresAt = Now.AddHours(1) }).ShouldBe(["not_before"]);
        Wrong(new JobRequest { Kind = "noop", NotBefore = Now.AddHours(1), Offline = "skip" }).ShouldBe(["not_before"]);
        Wrong(new JobRequest
        {
            Kind = "noop",
            Offline = "newest",
            QueueKey = "q",
            NotBefore = Now.AddHours(1),
            ConcurrencyKey = "k",
            ConcurrencyLimit = 3,
            SequenceKey = "s",
            FairnessKey = "f",
        }).ShouldBeEmpty();
    }

    [Fact]
    public void A_webhook_address_has_a_length() =>
        Wrong(new JobRequest { Kind = "noop", StateWebhookUrl = "http://x/" + new string('a', 2000) })
            .ShouldBe(["state_webhook_url"]);

    private static JobRequest Command(CommandRequest command) => new() { Kind = "command", Command = command };

    private static string[] Wrong(JobRequest job)
    {
        var rules = new JobRules("", TestKinds.Names, Now);
        rules.Check(job);
        return [.. rules.Wrong.Keys];
    }
}
