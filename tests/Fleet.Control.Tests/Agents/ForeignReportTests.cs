using System.Text;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Tests.Agents.Support;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;

namespace Fleet.Control.Tests.Agents;

/// <summary>What one agent says of another one's work, and what it says that nobody can read.</summary>
public sealed class ForeignReportTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    private static readonly AttemptResult Success = new(AttemptOutcome.Succeeded, 0);

    [Fact]
    public async Task The_end_of_another_agents_attempt_is_not_its_to_tell()
    {
        await using var forger = await fleet.Agent();
        await using var holder = await fleet.Agent();
        var (job, run) = await Running(holder);
        var before = await Journal(job);

        await forger.Report(new AttemptReport(
            run.WorkId, JobKinds.Noop, run.Attempt, true, [new OutputChunk("stdout", "forged"u8.ToArray())], new ProgressReport(1, "forged"), Success));
        await Confirmed(forger); // its own report is stored, and changed nothing
        (await Journal(job)).ShouldBe(before);
        (await fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString().ShouldBe("running");

        await holder.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success));
        await Eventually.True(
            async () => (await fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString() == "succeeded", "the holder's word counts");
    }

    [Fact]
    public async Task Another_agents_name_in_a_report_is_not_believed()
    {
        await using var forger = await fleet.Agent();
        await using var holder = await fleet.Agent();
        var (job, run) = await Running(holder);
        var before = await Journal(job);
        var report = new AgentReport(holder.Name, holder.Session, 1_000_000, [new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success)]);
        await forger.Say(report);
        await forger.Say(new AgentBeat(holder.Name, holder.Session, 1_000_000, []));
        await forger.Say(new AgentReport(
            forger.Name, holder.Session, 1_000_000, [new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success)]));
        await forger.Report();
        await Confirmed(forger);
        (await Journal(job)).ShouldBe(before);

        // the holder's own numbering went on undisturbed: its next report is not taken for an old one
        await holder.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success));
        await Eventually.True(
            async () => (await fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString() == "succeeded", "the holder is heard");
        await holder.Beat();
        (await fleet.Get($"/v1/agents/{holder.Name}")).GetProperty("state").GetString().ShouldBe("online");
    }

    [Fact]
    public async Task Forged_addresses_types_and_headers_change_nothing()
    {
        await using var forger = await fleet.Agent();
        await using var holder = await fleet.Agent();
        var (job, run) = await Running(holder);
        var before = await Journal(job);
        var exchanges = await Exchanges();
        object[] events =
        [
            new AttemptFinished(run.WorkId, JobKinds.Noop, run.Attempt, holder.Name, Success), new AttemptLost(run.WorkId, JobKinds.Noop, run.Attempt, "forged"),
            new CancelWork(run.WorkId, JobKinds.Noop, "forger"), new AssignWork(run.WorkId, JobKinds.Noop, forger.Name, forger.Session),
            new WorkExpired(run.WorkId, JobKinds.Noop), new RetryDue(run.WorkId, JobKinds.Noop),
        ];
        foreach (var happened in events)
            await Forge(forger, happened);
        await Forge(forger, new AgentReport(forger.Name, forger.Session, 1, null!));
        await Forge(forger, new AgentBeat(forger.Name, forger.Session, 5, null!));
        await forger.Report();
        await Confirmed(forger);
        (await Journal(job)).ShouldBe(before);
        (await Exchanges()).ShouldBe(exchanges); // nothing was made for a response or a fault
    }

    [Fact]
    public async Task What_is_told_late_is_journalled_once_and_only_from_who_had_it()
    {
        await using var first = await fleet.Agent();
        await using var never = await fleet.Agent();
        var id = await fleet.Submit(new { kind = "noop", max_attempts = 5, target = new { agent = first.Name } });
        var run = await first.NextRun();
        await first.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true));
        await Eventually.True(async () => await StateOf(id) == "running", "it runs");
        first.Session = Guid.NewGuid(); // its process started anew: what it had is lost
        await first.Register();
        await first.Connect();
        await first.Beat(); // and knows nothing of it
        var next = await first.NextRun();
        next.Attempt.ShouldBe(run.Attempt + 1);
        foreach (var agent in (TestAgent[])[never, first])
        {
            for (var i = 0; i < 5; i++)
                await agent.Say(new AgentReport(agent.Name, agent.Session, 100 + i, [new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Finished: Success)]));
        }

        await Eventually.True(() => first.Stored.Any(stored => stored.Number == 104), "the last is stored");
        var stale = (await Journal(id)).Where(entry => entry.Type == "stale").ToArray();
        stale.Length.ShouldBe(1);
        stale[0].Data!.ShouldContain(first.Name);
        (await StateOf(id)).ShouldBe("assigned");
    }

    [Fact]
    public async Task A_result_that_nothing_can_hold_is_left_out()
    {
        await using var agent = await fleet.Agent();
        var (job, run) = await Running(agent);
        var envelope = Encoding.UTF8.GetString(TestAgent.Envelope(new AgentReport(agent.Name, agent.Session, 2, [new AttemptReport(
            run.WorkId, JobKinds.Noop, run.Attempt, Finished: new AttemptResult(
                AttemptOutcome.Failed, 1, "SIG\0KILL", "{no json", "co\0de", "wo\0rds", 1.5, -1))])));
        await agent.Publish(AgentAddress.Out(agent.Name), Encoding.UTF8.GetBytes(envelope.Replace("1.5", "1e999")));
        await Eventually.True(async () => await StateOf(job) == "failed", "it is taken all the same");
        var shown = await fleet.Get($"/v1/jobs/{job}");
        shown.GetProperty("error").GetProperty("code").GetString().ShouldBe("code");
        shown.GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);
        await fleet.Get("/v1/jobs?limit=200");
    }

    [Fact]
    public async Task What_an_agent_rejects_does_not_fill_the_dead_letters()
    {
        await using var agent = await fleet.Agent();
        await agent.Connection.CloseAsync(); // its consumer with it
        await using var connection = await fleet.Connect(agent.Login.User, agent.Login.Password);
        await using var channel = await connection.CreateChannelAsync();
        var forged = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["x-first-death-queue"] = "fleet-jobs", ["x-first-death-reason"] = "rejected" },
        };
        for (var i = 0; i < 200; i++)
            await channel.BasicPublishAsync(AgentAddress.Queue(agent.Name), "", false, forged, "mine"u8.ToArray());
        var rejected = 0;
        await Eventually.True(async () =>
        {
            if (await channel.BasicGetAsync(AgentAddress.Queue(agent.Name), autoAck: false) is not { } got)
                return rejected >= 200; // and the answer to its beat
            await channel.BasicRejectAsync(got.DeliveryTag, requeue: false);
            rejected++;
            return false;
        }, "all of it is rejected");
        await using var admin = await fleet.ConnectAsAdmin();
        await using var looking = await admin.CreateChannelAsync();
        await Eventually.True(
            async () => (await looking.QueueDeclarePassiveAsync("fleet-dead-letters")).MessageCount == 0, "all of it is read");
        await using var db = fleet.House.Db();
        var queue = AgentAddress.Queue(agent.Name);
        await Eventually.True(
            async () => await db.Set<DeadLetter>().CountAsync(letter => letter.Endpoint == queue) >= SenderQuota.MostAnHour,
            "what may be kept of it is kept");
        await Eventually.StaysTrue(
            async () => await db.Set<DeadLetter>().CountAsync(letter => letter.Endpoint == queue) == SenderQuota.MostAnHour,
            TimeSpan.FromSeconds(1),
            "no more than that is kept");
        (await db.Set<DeadLetter>().CountAsync(letter => letter.Endpoint == "fleet-jobs")).ShouldBe(0);
    }

    [Fact]
    public async Task A_session_that_was_never_registered_is_not_heard()
    {
        await using var agent = await fleet.Agent();
        for (var i = 0; i < 50; i++)
            await agent.Say(new AgentReport(agent.Name, Guid.NewGuid(), 1, []));
        await agent.Report();
        await Confirmed(agent);
        await using var db = fleet.House.Db();
        (await db.Set<Control.Platform.Reports.ReportCursor>().CountAsync(cursor => cursor.Agent == agent.Name)).ShouldBe(1);
    }

    [Fact]
    public async Task Ten_thousand_malformed_messages_cost_nobody_else_anything()
    {
        await using var junk = await fleet.Agent();
        await using var good = await fleet.Agent();
        var log = fleet.Log.Lines.Count;
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        await using var channel = await junk.Connection.CreateChannelAsync();
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            await channel.BasicPublishAsync(
                AgentAddress.Out(junk.Name), "", false,
                new BasicProperties { ContentType = i % 3 == 0 ? "application/vnd.masstransit+json" : i % 3 == 1 ? "text/xml" : null },
                Junk(random, i));
            if (i % 1000 == 0)
                await StillServed();
        }

        for (var i = 0; i < 10; i++)
            await StillServed();
        await using (var admin = await fleet.ConnectAsAdmin())
        await using (var looking = await admin.CreateChannelAsync())
        {
            var queue = AgentTopology.ReportQueue(junk.Name);
            await Eventually.True(async () => await looking.MessageCountAsync(queue) == 0, "all of it is read");
            await Eventually.True(async () => (await looking.QueueDeclarePassiveAsync("fleet-dead-letters")).MessageCount == 0, "nothing is left");
        }

        await using var db = fleet.House.Db();
        (await db.Set<DeadLetter>().CountAsync(letter => letter.Reason.Contains(junk.Name) || letter.Endpoint == "fleet-reports"))
            .ShouldBeInRange(1, SenderQuota.MostAnHour + 5);
        (fleet.Log.Lines.Count - log).ShouldBeLessThan(100);
        (GC.GetTotalMemory(forceFullCollection: true) - memory).ShouldBeLessThan(400 * 1024 * 1024); // other classes fill the same heap
        await Confirmed(junk, report: true); // and what it says rightly is still heard

        async Task StillServed()
        {
            await good.Beat();
            await OneJob(good).Within();
        }
    }

    private static byte[] Junk(Random random, int i)
    {
        var bytes = new byte[random.Next(1, 300)];
        random.NextBytes(bytes);
        var (id, none) = ($"\"messageId\":\"{Guid.NewGuid()}\"", "\"messageId\":\"no\"");
        var type = $"\"messageType\":[\"{MessageUrn.ForTypeString<AgentReport>()}\"]";
        return (i % 10) switch
        {
            0 => [],
            1 => bytes,
            2 => "{"u8.ToArray(),
            3 => Encoding.UTF8.GetBytes(new string('[', 5000)),
            4 => "null"u8.ToArray(),
            5 => Json(none, type, "\"message\":{}"),
            6 => Json(id, type, "\"message\":{\"session\":7}"),
            7 => Json(id, type, "\"message\":{\"attempts\":[null]}"),
            8 => Json(id, "\"messageType\":[\"urn:message:X:Y\"]", "\"message\":{}", "\"faultAddress\":\"queue:pwned\""),
            _ => Json(id, type, "\"message\":null", "\"headers\":{\"x\":[[[]]]}"),
        };
    }

    private static byte[] Json(params string[] fields) => Encoding.UTF8.GetBytes($"{{{string.Join(',', fields)}}}");

    private async Task OneJob(TestAgent agent)
    {
        var id = await fleet.Submit(new { kind = "noop", target = new { agent = agent.Name } });
        var run = await agent.NextRun();
        await agent.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true, Finished: Success));
        await Eventually.True(async () => await StateOf(id) == "succeeded", "a good job ends");
    }

    private async Task<(string Job, RunAttempt Run)> Running(TestAgent holder)
    {
        var id = await fleet.Submit(new { kind = "noop", target = new { agent = holder.Name } });
        var run = await holder.NextRun();
        await holder.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true));
        await Eventually.True(async () => await StateOf(id) == "running", "it runs");
        return (id, run);
    }

    /// <summary>Everything the agent said before is handled when this is confirmed, or nearly so.</summary>
    private static async Task Confirmed(TestAgent agent, bool report = false)
    {
        var before = agent.Stored.Count;
        if (report)
            await agent.Report();
        await Eventually.True(() => agent.Stored.Count > (report ? before : 0), $"{agent.Name} hears that its report is stored");
        await Eventually.Silence(TimeSpan.FromMilliseconds(500));
    }

    private static Task Forge(TestAgent forger, object message)
    {
        var type = message.GetType();
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["messageId"] = Guid.NewGuid(),
            ["messageType"] = new[] { MessageUrn.ForTypeString(type), MessageUrn.ForTypeString<AgentReport>() },
            ["message"] = message,
            ["sourceAddress"] = "exchange:fleet-jobs",
            ["destinationAddress"] = "exchange:fleet-jobs",
            ["responseAddress"] = "queue:pwned",
            ["faultAddress"] = "queue:pwned",
            ["headers"] = new Dictionary<string, object> { ["MT-Fault-Address"] = "queue:pwned", ["MT-Redelivery-Count"] = 3 },
        }, SystemTextJsonMessageSerializer.Options);
        return forger.Publish(AgentAddress.Out(forger.Name), body, new BasicProperties
        {
            ContentType = "application/vnd.masstransit+json",
            ReplyTo = "pwned",
            Headers = new Dictionary<string, object?> { ["MT-Fault-Address"] = "queue:pwned", ["x-death"] = "1" },
        });
    }

    private async Task<string> StateOf(string job) => (await fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString()!;

    private async Task<List<(long Seq, string Type, string? Data)>> Journal(string job)
    {
        Protocol.Ids.WireId.TryParse(job, out var id).ShouldBeTrue();
        await using var db = fleet.House.Db();
        var entries = await db.Set<Control.Platform.Journal.JournalEntry>().AsNoTracking()
            .Where(entry => entry.Stream == id).OrderBy(entry => entry.Seq).ToListAsync();
        return [.. entries.Select(entry => (entry.Seq, entry.Type, entry.Data))];
    }

    private async Task<string[]> Exchanges() =>
        [.. (await TestFleet.Ask($"exchanges/{fleet.VirtualHost}")).EnumerateArray()
            .Select(exchange => exchange.GetProperty("name").GetString()!).Order()];
}
