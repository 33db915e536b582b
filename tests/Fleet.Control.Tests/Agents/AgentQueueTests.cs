using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Tests.Agents.Support;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;

namespace Fleet.Control.Tests.Agents;

/// <summary>
/// An agent that says more than anybody can read, and is let: what it says fills a queue of its own, which is bounded, and the
/// others have their turn all the same.
/// </summary>
public sealed class AgentQueueTests : IAsyncLifetime
{
    private const int MostWaiting = 200;
    private const int Speakers = 4;
    private const int AtOnce = 50;

    private static readonly AttemptResult Success = new(AttemptOutcome.Succeeded, 0);

    private readonly Fleet _fleet = new();

    public Task InitializeAsync() => _fleet.InitializeAsync();

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task One_that_floods_fills_only_its_own_queue_and_the_others_keep_their_leases_and_end_their_work()
    {
        await using var flooding = await _fleet.Agent();
        await using var quiet = await _fleet.Agent();
        var held = await Running(quiet);
        using var over = new CancellationTokenSource();
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var flood = Task.WhenAll(Enumerable.Range(0, Speakers).Select(_ => Task.Run(() => Flood(flooding, refused, over.Token))));
        await refused.Task.Within(); // its queue was full: from here on it says more than is read
        for (var round = 0; round < 20; round++)
        {
            await quiet.Beat(held.Run);
            await Eventually.True(async () => await Beats(quiet) == round + 2, "its lease is renewed"); // one came when it started
            var (job, run) = await Running(quiet);
            await quiet.Deliver(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success));
            (await StateOf(job)).ShouldBe("succeeded");
            flood.IsCompleted.ShouldBeFalse();
        }

        await using (var admin = await _fleet.ConnectAsAdmin())
        await using (var looking = await admin.CreateChannelAsync())
        {
            // those that are under way when it is full are taken still
            (await looking.MessageCountAsync(AgentTopology.ReportQueue(flooding.Name)))
                .ShouldBeLessThanOrEqualTo((uint)(MostWaiting + Speakers * AtOnce));
            (await looking.MessageCountAsync(AgentTopology.Reports)).ShouldBe(0u);
        }

        await over.CancelAsync();
        await flood;
        var shown = await _fleet.Get($"/v1/jobs/{held.Job}");
        (shown.GetProperty("state").GetString(), shown.GetProperty("attempt").GetInt32()).ShouldBe(("running", held.Run.Attempt));
        await quiet.Deliver(new AttemptReport(held.Run.WorkId, JobKinds.Noop, held.Run.Attempt, Finished: Success));
        (await StateOf(held.Job)).ShouldBe("succeeded");
        await Eventually.True(() => IsHeard(flooding), "what it says rightly is heard, as soon as the broker takes it");
    }

    [Fact]
    public async Task What_a_revoked_agent_said_last_is_dropped_with_its_queue()
    {
        await using var agent = await _fleet.Agent();
        var queue = AgentTopology.ReportQueue(agent.Name);
        await using var admin = await _fleet.ConnectAsAdmin();
        await using (var looking = await admin.CreateChannelAsync())
            (await looking.QueueDeclarePassiveAsync(queue)).ConsumerCount.ShouldBe(1u);
        using (var revoked = await _fleet.Http.PostAsync($"/v1/agents/{agent.Name}/revocation", null))
            revoked.IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.True(async () =>
        {
            await using var looking = await admin.CreateChannelAsync();
            try
            {
                await looking.QueueDeclarePassiveAsync(queue);
                return false;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException gone) when (gone.ShutdownReason?.ReplyCode == 404)
            {
                return true;
            }
        }, "its queue is gone");
    }

    [Fact]
    public async Task A_control_that_comes_reads_the_agents_that_are_there()
    {
        await using var agent = await _fleet.Agent();
        using var other = await _fleet.Control();
        await using var admin = await _fleet.ConnectAsAdmin();
        await using var looking = await admin.CreateChannelAsync();
        await Eventually.True(
            async () => (await looking.QueueDeclarePassiveAsync(AgentTopology.ReportQueue(agent.Name))).ConsumerCount == 2,
            "both read it");
        await _fleet.StopLast();
        var (job, run) = await Running(agent);
        await agent.Deliver(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success));
        (await StateOf(job)).ShouldBe("succeeded");
    }

    /// <summary>Without a pause, on a channel that tells what the broker refuses.</summary>
    private static async Task Flood(TestAgent agent, TaskCompletionSource refused, CancellationToken over)
    {
        await using var channel = await agent.Connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), CancellationToken.None);
        var junk = Encoding.UTF8.GetBytes(new string('[', 2000));
        while (!over.IsCancellationRequested)
        {
            var sent = Enumerable.Range(0, AtOnce)
                .Select(_ => channel.BasicPublishAsync(AgentAddress.Out(agent.Name), "", false, new BasicProperties(), junk).AsTask());
            try
            {
                await Task.WhenAll([.. sent]);
            }
            catch (RabbitMQ.Client.Exceptions.PublishException)
            {
                refused.TrySetResult();
            }
        }
    }

    private static async Task<bool> IsHeard(TestAgent agent)
    {
        try
        {
            await agent.Report();
        }
        catch (RabbitMQ.Client.Exceptions.PublishException)
        {
            return false; // its queue is full
        }

        return !agent.Stored.IsEmpty;
    }

    private async Task<long> Beats(TestAgent agent)
    {
        await using var db = _fleet.House.Db();
        return await db.Set<Control.Agents.Agent>().Where(one => one.Name == agent.Name).Select(one => one.BeatNumber).SingleAsync();
    }

    private async Task<(string Job, RunAttempt Run)> Running(TestAgent holder)
    {
        var id = await _fleet.Submit(new { kind = "noop", target = new { agent = holder.Name } });
        var run = await holder.NextRun();
        await holder.Deliver(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true));
        return (id, run);
    }

    private async Task<string> StateOf(string job) => (await _fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString()!;

    private sealed class Fleet : TestFleet
    {
        protected override (string Key, string Value)[] Settings =>
        [
            ("Broker:MessagesPerSecond", "1000000"), ("Broker:MessagesAtOnce", "10000000"),
            ("Broker:MaxReportsWaiting", MostWaiting.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Broker:ReportLookSeconds", "0.5"),
        ];
    }
}
