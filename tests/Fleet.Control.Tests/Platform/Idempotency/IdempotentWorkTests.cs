using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Platform.Idempotency;

/// <summary>Work that is asked for again is done once.</summary>
public sealed class IdempotentWorkTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private readonly Guid _owner = Guid.NewGuid();

    [Fact]
    public async Task A_hundred_at_once_in_two_processes_do_the_work_once()
    {
        await using var one = await TestControl.Start(house);
        await using var other = await TestControl.Start(house);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Ask(i % 2 == 0 ? one : other, "key", "body"))).Within();
        answers.Select(answer => (answer.Status, answer.Body, answer.Location)).Distinct().Count().ShouldBe(1);
        answers.Count(answer => !answer.IsReplay).ShouldBe(1);
        (await Done()).ShouldBe(1);
    }

    [Fact]
    public async Task A_repetition_gets_the_answer_to_the_letter()
    {
        await using var control = await TestControl.Start(house);
        var first = await Ask(control, "key", "body");
        first.IsReplay.ShouldBeFalse();
        first.Status.ShouldBe(202);
        first.Location.ShouldNotBeNull();
        (await Ask(control, "key", "body")).ShouldBe(first with { IsReplay = true });
        (await Done()).ShouldBe(1);
    }

    [Theory]
    [InlineData("POST", "/v1/jobs", "another body")]
    [InlineData("PUT", "/v1/jobs", "body")]
    [InlineData("POST", "/v1/jobs/1/retry", "body")]
    public async Task The_same_key_for_something_else_is_refused(string method, string path, string body)
    {
        await using var control = await TestControl.Start(house);
        await Ask(control, "key", "body");
        var refused = await Should.ThrowAsync<ProblemException>(() => Ask(control, "key", body, method, path));
        (refused.Problem.Status, refused.Problem.Code).ShouldBe((422, "idempotency_key_reused"));
        (await Done()).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_for_something_else_at_the_same_time_is_refused()
    {
        await using var control = await TestControl.Start(house);
        var first = Ask(control, "key", "body");
        var other = Ask(control, "key", "another body");
        var again = Ask(control, "key", "body");
        Task[] refused = [.. await Refused(first, other, again).Within()];
        refused.ShouldBe(refused.Length == 1 ? [other] : [first, again]); // whichever came first
        Task<Reply>[] done = [.. new[] { first, other, again }.Except(refused).Cast<Task<Reply>>()];
        done.Count(answer => !answer.Result.IsReplay).ShouldBe(1);
        (await Done()).ShouldBe(1);
    }

    [Fact]
    public async Task Other_callers_and_other_keys_are_other_work()
    {
        await using var control = await TestControl.Start(house);
        var other = Guid.NewGuid();
        await Ask(control, "key", "body");
        (await Ask(control, "Key", "body")).IsReplay.ShouldBeFalse();
        (await Ask(control, "key", "body", owner: other)).IsReplay.ShouldBeFalse();
        (await Done()).ShouldBe(2);
        (await Done(other)).ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_key_work_is_done_every_time()
    {
        await using var control = await TestControl.Start(house);
        await Ask(control, null, "body");
        (await Ask(control, null, "body")).IsReplay.ShouldBeFalse();
        (await Done()).ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task A_key_must_be_printable(string key)
    {
        await using var control = await TestControl.Start(house);
        var refused = await Should.ThrowAsync<ProblemException>(() => Ask(control, key, "body"));
        refused.Problem.Status.ShouldBe(400);
        refused.Problem.Errors.Keys.ShouldBe(["Idempotency-Key"]);
        (await Done()).ShouldBe(0);
    }

    [Fact]
    public async Task A_key_has_255_characters_at_most()
    {
        await using var control = await TestControl.Start(house);
        (await Ask(control, new string('ü', 255), "body")).Status.ShouldBe(202);
        (await Should.ThrowAsync<ProblemException>(() => Ask(control, new string('k', 256), "body"))).Problem.Status.ShouldBe(400);
    }

    [Fact]
    public async Task Work_that_failed_can_be_asked_for_again()
    {
        await using var control = await TestControl.Start(house);
        await Should.ThrowAsync<InvalidOperationException>(Ask(control, "key", "fail"));
        (await Done()).ShouldBe(0);
        (await Ask(control, "key", "body")).IsReplay.ShouldBeFalse();
        (await Done()).ShouldBe(1);
    }

    /// <summary>The work adds one row, and its answer names it.</summary>
    private async Task<Reply> Ask(
        TestControl control, string? key, string body, string method = "POST", string path = "/v1/jobs", Guid? owner = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Method = method;
        context.Request.Path = path;
        if (key is not null)
            context.Request.Headers["Idempotency-Key"] = key;
        var asker = owner ?? _owner;
        var result = await control.Get<IdempotentWork>().Run(
            Request.Of(context.Request, new Caller(asker, "somebody", "default", Scope.JobsCreate), bytes),
            [],
            async unit =>
            {
                var id = Guid.NewGuid();
                await Cursors.Increment(id, agent: asker.ToString())(unit);
                if (body == "fail")
                    throw new InvalidOperationException("the work failed");
                return new Answer(202, $"{{\"id\":\"{id}\"}}", $"/v1/things/{id}");
            });
        var sent = new MemoryStream();
        context.Response.Body = sent;
        await result.ExecuteAsync(context);
        return new Reply(
            context.Response.StatusCode,
            Encoding.UTF8.GetString(sent.ToArray()),
            context.Response.Headers.Location.FirstOrDefault(),
            context.Response.Headers["Idempotency-Replayed"] == "true");
    }

    private static async Task<List<Task>> Refused(params Task[] asked)
    {
        var refused = new List<Task>();
        foreach (var one in asked)
        {
            try
            {
                await one;
            }
            catch (ProblemException wrong) when (wrong.Problem.Status == 422)
            {
                refused.Add(one);
            }
        }

        return refused;
    }

    private Task<long> Done(Guid? owner = null) =>
        house.Ask<long>("select count(*) from report_cursors where agent = $1", (owner ?? _owner).ToString());

    private sealed record Reply(int Status, string Body, string? Location, bool IsReplay);
}
