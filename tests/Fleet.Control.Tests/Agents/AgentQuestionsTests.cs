using System.Collections.Concurrent;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Agents;

/// <summary>Questions to agents, and how many of them may wait.</summary>
public sealed class AgentQuestionsTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task One_too_many_is_refused_with_a_time_to_come_again_until_another_is_answered()
    {
        await using var database = NpgsqlDataSource.Create(house.ConnectionString + ";Maximum Pool Size=4");
        var agent = new HeardAgent();
        var questions = new AgentQuestions(database, agent, TimeProvider.System);
        var waiting = Enumerable.Range(0, AgentQuestions.MostWaiting).Select(_ => Ask()).ToList();
        var refused = await Should.ThrowAsync<ProblemException>(Ask);
        (refused.Problem.Status, refused.Problem.Code).ShouldBe((503, "too_many_questions"));
        refused.Problem.RetryAfter.ShouldNotBeNull();

        await Eventually.True(() => agent.Heard.Count == waiting.Count, "all of them are asked");
        foreach (var question in agent.Heard)
            (await questions.Answer("one", question.Question, new byte[] { 7 }, CancellationToken.None)).ShouldBeTrue();
        (await Task.WhenAll(waiting).Within()).ShouldAllBe(answer => answer!.Single() == 7);
        var next = Ask();
        await Eventually.True(() => agent.Heard.Count > waiting.Count, "another is asked");
        (await questions.Answer("one", agent.Heard.Last().Question, new byte[] { 8 }, CancellationToken.None)).ShouldBeTrue();
        (await next.Within())!.Single().ShouldBe((byte)8);

        Task<byte[]?> Ask() => questions.Ask("one", AskAgent.Ping, 0, Long, CancellationToken.None);
    }

    /// <summary>Hears what it is asked, and says nothing.</summary>
    private sealed class HeardAgent : IAgentChannel
    {
        public ConcurrentQueue<AskAgent> Heard { get; } = new();

        public Task Send(string agent, object message, Guid messageId, CancellationToken stop) => Tell(agent, message, stop);

        public Task Tell(string agent, object message, CancellationToken stop)
        {
            Heard.Enqueue((AskAgent)message);
            return Task.CompletedTask;
        }
    }
}
