using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Platform.Reports;

public class ReporterTests
{
    private static readonly AttemptKey _one = new(Guid.CreateVersion7(), "command", 1);
    private static readonly AttemptKey _other = new(Guid.CreateVersion7(), "command", 2);

    [Fact]
    public async Task Nothing_is_said_before_Control_has_answered()
    {
        await using var agent = new AgentParts();
        await agent.Reporter.StartAsync(default);
        agent.Reporter.Started(_one);
        agent.Exchange.Waiting.ShouldBe(0);
        agent.Session.Enter(new AgentWelcome("tester", 10, 30), agent.Clock.GetTimestamp());
        (await agent.Exchange.Next()).Number.ShouldBe(1);
    }

    [Fact]
    public async Task The_first_news_goes_alone_and_what_gathers_meanwhile_goes_together()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        agent.Reporter.Started(_one);
        var first = await agent.Exchange.Next();
        first.ShouldSatisfyAllConditions(
            () => first.Agent.ShouldBe("tester"),
            () => first.Session.ShouldBe(agent.Session.Id),
            () => first.Number.ShouldBe(1),
            () => first.Attempts.ShouldBe([new AttemptReport(_one.WorkId, "command", 1, Started: true)]));

        agent.Reporter.Started(_other);
        await agent.Reporter.Wrote(_one, Chunk("stdout", "a"));
        await agent.Reporter.Wrote(_one, Chunk("stdout", "b"));
        await agent.Reporter.Wrote(_one, Chunk("stderr", "c"));
        agent.Reporter.Progressed(_one, new ProgressReport(0.1, ""));
        agent.Reporter.Progressed(_one, new ProgressReport(0.2, "later"));
        var result = new AttemptResult(AttemptOutcome.Succeeded);
        agent.Reporter.Finished(_one, result);
        agent.Exchange.Waiting.ShouldBe(0, "the last report is not confirmed");

        agent.Reporter.Confirm(1);
        var second = await agent.Exchange.Next();
        second.Number.ShouldBe(2);
        second.Attempts.Count.ShouldBe(2);
        second.Attempts[0].WorkId.ShouldBe(_other.WorkId);
        var news = second.Attempts[1];
        news.Started.ShouldBeFalse();
        news.Output!.Select(chunk => (chunk.Stream, Text(chunk))).ShouldBe([("stdout", "ab"), ("stderr", "c")]);
        news.Progress.ShouldBe(new ProgressReport(0.2, "later"));
        news.Finished.ShouldBe(result);
    }

    [Fact]
    public async Task A_report_is_sent_again_as_it_was_until_it_is_confirmed()
    {
        await using var agent = new AgentParts(settings => settings.ReportPatienceSeconds = 0.02);
        await agent.Begin();
        agent.Reporter.Started(_one);
        var (report, id) = await agent.Exchange.NextMessage();
        agent.Reporter.Started(_other);
        for (var i = 0; i < 3; i++)
            (await agent.Exchange.NextMessage()).ShouldBe((report, id));
        agent.Reporter.Confirm(1);
        AgentReport next;
        do
            next = await agent.Exchange.Next();
        while (next.Number == 1);
        next.Number.ShouldBe(2);
        next.Attempts.Single().WorkId.ShouldBe(_other.WorkId);
    }

    [Fact]
    public async Task A_report_that_the_broker_refuses_is_sent_again()
    {
        await using var agent = new AgentParts(settings => settings.ReportPatienceSeconds = 0.02);
        agent.Exchange.Failure = new TimeoutException("away");
        await agent.Begin();
        agent.Reporter.Started(_one);
        (await agent.Exchange.Next()).Number.ShouldBe(1);
        agent.Exchange.Failure = null;
        (await agent.Exchange.Next()).Number.ShouldBe(1);
    }

    [Fact]
    public async Task An_old_or_repeated_confirmation_changes_nothing()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        agent.Reporter.Started(_one);
        (await agent.Exchange.Next()).Number.ShouldBe(1);
        agent.Reporter.Confirm(1);
        agent.Reporter.Started(_other);
        (await agent.Exchange.Next()).Number.ShouldBe(2);
        agent.Reporter.Confirm(1);
        agent.Reporter.Confirm(0);
        agent.Reporter.Started(_one);
        agent.Exchange.Waiting.ShouldBe(0);
        agent.Reporter.Confirm(2);
        (await agent.Exchange.Next()).Number.ShouldBe(3);
    }

    [Fact]
    public async Task Who_writes_too_much_waits_until_something_is_confirmed()
    {
        await using var agent = new AgentParts(settings =>
            settings.OutputBufferBytes = settings.MaxReportBytes = 64 * 1024);
        await agent.Begin();
        var half = new OutputChunk("stdout", new byte[32 * 1024]);
        await agent.Reporter.Wrote(_one, half);
        (await agent.Exchange.Next()).Number.ShouldBe(1);
        await agent.Reporter.Wrote(_one, half);
        var third = agent.Reporter.Wrote(_one, half);
        third.IsCompleted.ShouldBeFalse();
        agent.Reporter.BytesHeld.ShouldBe(64 * 1024);
        agent.Reporter.Confirm(1);
        await third.Within();
        agent.Reporter.BytesHeld.ShouldBe(64 * 1024);
    }

    [Fact]
    public async Task A_report_carries_only_so_much_and_the_end_does_not_overtake_the_output()
    {
        await using var agent = new AgentParts(settings => settings.MaxReportBytes = 64 * 1024);
        await agent.Begin();
        agent.Reporter.Started(_other);
        await agent.Exchange.Next();
        for (var i = 0; i < 5; i++)
            await agent.Reporter.Wrote(_one, new OutputChunk("stdout", Enumerable.Repeat((byte)i, 30_000).ToArray()));
        agent.Reporter.Finished(_one, new AttemptResult(AttemptOutcome.Succeeded, ResultJson: new string('1', 40_000)));
        agent.Reporter.Finished(_other, new AttemptResult(AttemptOutcome.Succeeded));

        var bytes = new List<byte>();
        var reports = new List<AgentReport>();
        AttemptResult? end = null;
        for (long number = 1; end is null; number++)
        {
            agent.Reporter.Confirm(number);
            var report = await agent.Exchange.Next();
            reports.Add(report);
            foreach (var news in report.Attempts.Where(news => news.WorkId == _one.WorkId))
            {
                bytes.AddRange((news.Output ?? []).SelectMany(chunk => chunk.Bytes));
                end = news.Finished;
            }
        }

        bytes.ShouldBe(Enumerable.Range(0, 5).SelectMany(i => Enumerable.Repeat((byte)i, 30_000)));
        reports.ShouldAllBe(report => Weight(report) <= 64 * 1024);
        reports.Take(2).SelectMany(report => report.Attempts).ShouldContain(news => news.WorkId == _other.WorkId,
            "a flood does not keep the others waiting");
    }

    [Fact]
    public async Task An_attempt_is_in_hand_until_its_end_is_confirmed()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var attempt = agent.Work.Accept(_one).ShouldNotBeNull();
        agent.Reporter.Finished(_one, new AttemptResult(AttemptOutcome.Succeeded));
        await agent.Exchange.Next();
        agent.Work.Names().ShouldBe([new AttemptInHand(_one.WorkId, 1)]);
        agent.Reporter.Confirm(1);
        await attempt.Confirmed.Within();
        agent.Work.Names().ShouldBeEmpty();
        await agent.Work.Empty().Within();
    }

    [Fact]
    public async Task Chunks_grow_to_64_KiB_and_not_beyond()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        agent.Reporter.Started(_other);
        await agent.Exchange.Next();
        for (var i = 0; i < 100; i++)
            await agent.Reporter.Wrote(_one, new OutputChunk("stdout", new byte[3000]));
        agent.Reporter.Confirm(1);
        var output = (await agent.Exchange.Next()).Attempts.Single().Output!;
        output.Sum(chunk => chunk.Bytes.Length).ShouldBe(300_000);
        output.ShouldAllBe(chunk => chunk.Bytes.Length <= 64 * 1024);
        output.Count.ShouldBe(5);
    }

    private static int Weight(AgentReport report) => report.Attempts.Sum(news =>
        (news.Output ?? []).Sum(chunk => chunk.Bytes.Length) + (news.Finished?.ResultJson?.Length ?? 0));

    private static OutputChunk Chunk(string stream, string text) => new(stream, Encoding.UTF8.GetBytes(text));

    private static string Text(OutputChunk chunk) => Encoding.UTF8.GetString(chunk.Bytes);
}
