using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>A message that nobody can handle harms nobody else and is not dropped unseen.</summary>
[Collection(OneControl.Name)]
public sealed class PoisonTests(OneControl fleet)
{
    private const string Type = "urn:message:Fleet.Contracts.Work:SubmitWork";
    private const string Exchange = "fleet-jobs";
    private const int Good = 20;

    private readonly string _run = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("this is no JSON {0}")]
    [InlineData("{{\"about\":\"{0}\"}}")]
    [InlineData("{{\"messageId\":\"not an id {0}\",\"messageType\":[\"" + Type + "\"],\"message\":7}}")]
    [InlineData("{{\"messageType\":[\"urn:message:Nobody:Knows\"],\"message\":{{\"text\":\"{0}\"}}}}")]
    public async Task A_malformed_message_becomes_a_dead_letter_with_its_reason(string text)
    {
        await fleet.Rabbit.Publish(Exchange, string.Format(null, System.Text.CompositeFormat.Parse(text), _run));
        await MustBeDeadLetter(_run);
        (await fleet.Client.Run(JobDraft.Noop)).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_submission_that_cannot_be_handled_leaves_those_beside_it_alone()
    {
        var poison = $"poison {_run}";
        var messages = Enumerable.Range(0, Good).Select(_ => Submission("{}", "good")).ToList();
        messages.Insert(Good / 2, Submission(null, poison));
        await Task.WhenAll(messages.Select(message => fleet.Rabbit.Publish(Exchange, message)));

        await Eventually.True(
            async () => (await fleet.Client.Walk($"label=run={_run}")).Count >= Good, "the good ones are there");
        await fleet.Client.AllEnd(_run, Good);
        var jobs = await fleet.Client.Walk($"label=run={_run}");
        jobs.ShouldAllBe(job => job.State == "succeeded" && job.Name == "good");
        await MustBeDeadLetter(poison);
    }

    private async Task MustBeDeadLetter(string marker)
    {
        List<string> reasons = [];
        await Eventually.True(
            async () => (reasons = await fleet.Database.DeadLetters(Exchange, marker)).Count > 0,
            "the dead letter is kept");
        reasons.ShouldHaveSingleItem().ShouldNotBeNullOrWhiteSpace();
    }

    private string Submission(string? specJson, string name) => JsonSerializer.Serialize(new
    {
        messageId = Guid.NewGuid(),
        messageType = new[] { Type },
        message = new
        {
            workId = Guid.CreateVersion7(),
            kind = "noop",
            specJson,
            tenant = "default",
            name,
            labels = new { run = _run },
            priority = 5,
            maxAttempts = 1,
            target = new { labels = new { } },
        },
    });
}
