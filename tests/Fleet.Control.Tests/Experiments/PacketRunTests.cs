using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Protocol.Packets;
using static Fleet.Control.Tests.Experiments.Support.PacketClient;

namespace Fleet.Control.Tests.Experiments;

/// <summary>What each opcode does, with an agent that runs what is queued.</summary>
public sealed class PacketRunTests(PacketFleet fleet) : IClassFixture<PacketFleet>
{
    private static readonly AttemptResult Done = new(AttemptOutcome.Succeeded, ExitCode: 0);

    [Fact]
    public async Task A_queued_run_is_what_was_asked_for()
    {
        await using var client = await fleet.Client();
        var commit = await fleet.Commit();
        var hex = Convert.ToHexStringLower(commit);
        var queued = await client.Success(Opcode.QueueJob, commit, (byte)10, "plain");
        queued.EnumerateObject().Select(field => field.Name).ShouldBe(["success", "job_id", "job_name", "commit_id", "priority"]);
        (queued.GetProperty("job_name").GetString(), queued.GetProperty("commit_id").GetString(), queued.GetProperty("priority").GetInt32())
            .ShouldBe(("plain", hex, 10));
        (await fleet.Get($"/v1/jobs/{Id(queued)}")).GetProperty("priority").GetInt32().ShouldBe(9);

        var tracked = await client.Success(Opcode.QueueJobWithTracking, commit, (byte)1, "tracked", Long("""{"mlflow":{"on":true}}"""));
        (await Run(tracked)).GetProperty("tracking").GetProperty("mlflow").GetProperty("on").GetBoolean().ShouldBeTrue();
        var snapshot = await client.Success(Opcode.QueueJobWithSnapshot, commit, (byte)5, "with data", "snap-7");
        (await Run(snapshot)).GetProperty("snapshot").GetString().ShouldBe("snap-7");
        var args = await client.Success(Opcode.QueueJobWithArgs, commit, (byte)5, "args", Long("--lr 0.1 --name 'a b'"));
        (await Run(args)).GetProperty("args").GetRawText().ShouldBe("""["--lr","0.1","--name","a b"]""");
        var noted = await client.Success(Opcode.QueueJobWithNote, commit, (byte)5, "noted", Long("x"), Long("because"));
        var note = (await Run(noted)).GetProperty("notes")[0];
        (note.GetProperty("note").GetString(), note.GetProperty("author").GetString()).ShouldBe(("because", "researcher"));
    }

    [Fact]
    public async Task What_cannot_be_queued_says_why()
    {
        await using var client = await fleet.Client();
        var commit = await fleet.Commit();
        var unknown = Convert.FromHexString(TestArchive.NewCommit());
        (await client.Error(Opcode.QueueJob, unknown, (byte)5, "x"))
            .ShouldBe((PacketError.NotFound, "experiment not found", Convert.ToHexStringLower(unknown)));
        var noEntry = await fleet.Commit(TestArchive.Of(("readme", "")));
        (await client.Error(Opcode.QueueJob, noEntry, (byte)5, "x")).Code.ShouldBe(PacketError.FailedToStart);
        (await client.Error(Opcode.QueueJob, commit, (byte)0, "x")).Message.ShouldBe("invalid priority");
        (await client.Error(Opcode.QueueJobWithArgs, commit, (byte)5, "x", Long("'open"))).Message.ShouldBe("invalid args");
        (await client.Error(Opcode.QueueJobWithTracking, commit, (byte)5, "x", Long("[1]"))).Message.ShouldBe("invalid tracking JSON");
        (await client.Error(Opcode.QueueJob, commit, (byte)5, "")).Message.ShouldBe("invalid job name length");
    }

    [Fact]
    public async Task A_story_that_was_told_is_found_compared_and_exported()
    {
        await using var client = await fleet.Client();
        var group = $"g{Guid.NewGuid():N}";
        var (one, two) = (await fleet.Commit(), await fleet.Commit(TestArchive.Of(("run.sh", "true"), ("new", ""))));
        var a = Id(await client.Success(Opcode.QueueJobWithArgs, one, (byte)5, "train", Long("--lr 1")));
        var b = Id(await client.Success(Opcode.QueueJobWithArgs, two, (byte)5, "train", Long("--lr 2")));
        foreach (var (run, loss) in (ReadOnlySpan<(byte[], double)>)[(one, 0.5), (two, 0.25)])
            _ = client.Send(Opcode.LogMetric, run, 7U, loss, "loss");
        (await client.Receive()).Success().GetProperty("metric").GetString().ShouldBe("loss");
        (await client.Receive()).Success().GetProperty("value").GetDouble().ShouldBe(0.25);
        foreach (var run in (string[])[a, b])
        {
            var patch = Long($$"""{"hypothesis":"Less is more","experiment_group":"{{group}}","tags":["t1","{{run}}"],"other":1}""");
            (await client.Success(Opcode.SetNarrative, run, patch)).GetProperty("run_id").GetString().ShouldBe(run);
        }

        await client.Success(Opcode.AnnotateRun, b, "Ada", Long("Looks fine in /home/ada/runs"));
        var outcome = await client.Success(Opcode.SetOutcome, b, Long("""{"outcome":"validates","summary":"It holds"}"""));
        outcome.GetRawText().ShouldBe($$"""{"success":true,"run_id":"{{b}}","outcome":"validates","message":"Outcome updated"}""");

        (await Found(client, $$"""{"group":"{{group}}"}""")).ShouldBe([b, a]);
        (await Found(client, $$"""{"tag":"{{a}}"}""")).ShouldBe([a]);
        (await Found(client, $$"""{"group":"{{group}}","outcome":"validates"}""")).ShouldBe([b]);
        (await Found(client, $$$"""{"group":"{{{group}}}","metrics":{"loss":{"max":0.3} } }""")).ShouldBe([b]);
        (await Found(client, $$$"""{"group":"{{{group}}}","metrics":{"loss":{"min":0.3},"acc":{} } }""")).ShouldBeEmpty();
        (await Found(client, $$"""{"group":"{{group}}","text":"looks FINE"}""")).ShouldBe([b]);
        (await Found(client, $$"""{"group":"{{group}}","user":"nobody"}""")).ShouldBeEmpty();
        (await Found(client, $$"""{"group":"{{group}}","job_name":"train","limit":1}""")).ShouldBe([b]);

        var compared = await client.Success(Opcode.CompareRuns, a, b);
        (compared.GetProperty("run_a").GetString(), compared.GetProperty("run_b").GetString()).ShouldBe((a, b));
        compared.GetProperty("job_name_match").GetBoolean().ShouldBeTrue();
        compared.GetProperty("overall_sha_match").GetBoolean().ShouldBeFalse();
        compared.GetProperty("files_count_b").GetInt32().ShouldBe(2);
        compared.GetProperty("args").GetRawText().ShouldBe("""[["--lr","1"],["--lr","2"]]""");
        compared.GetProperty("metrics").GetProperty("loss")[1].GetProperty("last").GetDouble().ShouldBe(0.25);
        compared.GetProperty("files")[0].GetProperty("added").GetRawText().ShouldBe("""["new"]""");
        compared.GetProperty("outcome").GetRawText().ShouldBe("""[null,"validates"]""");
        (await client.Success(Opcode.CompareRuns, a, "nothing")).EnumerateObject().Select(field => field.Name)
            .ShouldBe(["success", "run_a", "run_b"]);

        var export = await client.Success(Opcode.ExportRun, b);
        (export.GetProperty("run_id").GetString(), export.GetProperty("anonymize").GetBoolean()).ShouldBe((b, false));
        export.GetRawText().ShouldContain("Ada");
        var anonymous = (await client.Success(Opcode.ExportRun, b, Long("""{"anonymize":true}"""))).GetProperty("bundle").GetRawText();
        anonymous.ShouldContain("Less is more");
        foreach (var name in (string[])["Ada", "ada", "researcher", "/home", "author", "\"user\""])
            anonymous.ShouldNotContain(name, Case.Sensitive);
    }

    [Fact]
    public async Task Words_that_clients_know_are_said_of_what_is_wrong()
    {
        await using var client = await fleet.Client();
        (await client.Error(Opcode.SetOutcome, "nothing", Long("""{"outcome":"partial"}""")))
            .ShouldBe((PacketError.NotFound, "run not found", "nothing"));
        (await client.Error(Opcode.SetOutcome, "x", Long("""{"outcome":"good"}""")))
            .ShouldBe((PacketError.InvalidRequest, "invalid outcome status", "must be: validates, refutes, inconclusive, or partial"));
        (await client.Error(Opcode.SetOutcome, "x", Long("nonsense"))).Message.ShouldBe("invalid outcome JSON");
        (await client.Error(Opcode.FindRuns, Long("[]"))).Message.ShouldBe("invalid query JSON");
        (await client.Error(Opcode.ExportRun, "nothing")).ShouldBe((PacketError.NotFound, "run not found", "nothing"));
        (await client.Error(Opcode.QueryRun, "nothing")).ShouldBe((PacketError.NotFound, "run not found", "nothing"));
        (await client.Error(Opcode.GetExperiment, "nothing")).ShouldBe((PacketError.NotFound, "experiment not found", "nothing"));
        (await client.Error(Opcode.CancelJob, "nothing")).ShouldBe((PacketError.JobNotFound, "job not found", "nothing"));
        (await client.Error(Opcode.GetLogs, "nothing")).Code.ShouldBe(PacketError.JobNotFound);
    }

    [Fact]
    public async Task An_experiment_and_its_run_are_shown_and_validated()
    {
        await using var client = await fleet.Client();
        var commit = await fleet.Commit();
        var hex = Convert.ToHexStringLower(commit);
        var id = Id(await client.Success(Opcode.QueueJob, commit, (byte)5, "shown"));
        foreach (var called in (object[])[(byte[])[20, .. commit], hex])
        {
            var shown = await client.Success(Opcode.GetExperiment, called);
            shown.EnumerateObject().Select(field => field.Name).ShouldBe(
                ["success", "commit_id", "job_name", "user", "timestamp", "files_count", "overall_sha"]);
            (shown.GetProperty("commit_id").GetString(), shown.GetProperty("job_name").GetString(), shown.GetProperty("user").GetString())
                .ShouldBe((hex, "shown", "researcher"));
            (shown.GetProperty("files_count").GetInt32(), shown.GetProperty("timestamp").GetInt64() > 0).ShouldBe((2, true));
        }

        foreach (var called in (string[])[id, "shown", hex])
            (await client.Success(Opcode.QueryRun, called)).GetProperty("run_id").GetString().ShouldBe(called);
        var report = await client.Data("validate", Opcode.Validate, (byte)1, id);
        (report.GetProperty("ok").GetBoolean(), report.GetProperty("task_id").GetString()).ShouldBe((true, id));
        report.GetProperty("checks").GetProperty("overall_sha").GetProperty("ok").GetBoolean().ShouldBeTrue();
        report.GetProperty("warnings").GetArrayLength().ShouldBe(1);
        (await client.Data("validate", Opcode.Validate, (byte)0, hex)).GetProperty("commit_id").GetString().ShouldBe(hex);
    }

    [Fact]
    public async Task Logs_are_streamed_from_any_number_while_other_requests_are_answered()
    {
        await using var client = await fleet.Client();
        var (agent, run) = await Started(client, "streamed");
        await using var it = agent;
        await agent.Deliver(Wrote(run, "one\n"));
        await client.Send(Opcode.StreamLogs, WireIdOf(run), 0L);
        var first = await client.Receive();
        (first.Type, first.Text(1), first.Text(2)).ShouldBe((PacketType.Log, "stdout", "one\n"));
        await client.Data("status", Opcode.Status);
        await agent.Deliver(Wrote(run, "two\n"));
        var second = await client.Receive();
        second.Text(2).ShouldBe("two\n");
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Finished: Done));
        (await client.Receive()).Success().GetProperty("state").GetString().ShouldBe("succeeded");

        await client.Send(Opcode.StreamLogs, WireIdOf(run), first.Sections[0].ToArray());
        (await client.Receive()).Text(2).ShouldBe("two\n");
        (await client.Receive()).Success();
        await client.Send(Opcode.GetLogs, "streamed");
        ((await client.Receive()).Text(2), (await client.Receive()).Text(2)).ShouldBe(("one\n", "two\n"));
        (await client.Receive()).Success().GetProperty("exit_code").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_run_whose_files_were_wrong_says_so_at_the_end_of_its_log()
    {
        await using var client = await fleet.Client();
        var (agent, run) = await Started(client, "corrupt");
        await using var it = agent;
        var failed = new AttemptResult(
            AttemptOutcome.Failed, ErrorCode: ExperimentErrors.SnapshotCorrupt, ErrorMessage: "The file data.bin is not what its digest says.");
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Finished: failed));
        await client.Send(Opcode.GetLogs, "corrupt");
        var (code, _, details) = (await client.Receive()).Error();
        (code, details.Contains("data.bin", StringComparison.Ordinal)).ShouldBe((PacketError.FailedToStart, true));
        (await client.Data("validate", Opcode.Validate, (byte)1, "corrupt")).GetProperty("ok").GetBoolean().ShouldBeFalse();
    }

    private static AttemptReport Wrote(RunAttempt run, string text) => new(
        run.WorkId, run.Kind, run.Attempt, Started: true, Output: [new OutputChunk("stdout", System.Text.Encoding.UTF8.GetBytes(text))]);

    private static string WireIdOf(RunAttempt run) => Fleet.Protocol.Ids.WireId.Format(run.WorkId);

    private static string Id(JsonElement queued) => queued.GetProperty("job_id").GetString()!;

    private static async Task<IEnumerable<string>> Found(PacketClient client, string query)
    {
        var found = await client.Success(Opcode.FindRuns, Long(query));
        var ids = found.GetProperty("results").EnumerateArray().Select(run => run.GetProperty("id").GetString()!).ToList();
        found.GetProperty("count").GetInt32().ShouldBe(ids.Count);
        return ids;
    }

    /// <summary>A run in the hands of an agent that the test plays; nobody else runs any at that time.</summary>
    private async Task<(TestAgent Agent, RunAttempt Run)> Started(PacketClient client, string name)
    {
        var agent = await fleet.Agent(slots: new Dictionary<string, int> { [ExperimentSpec.Kind] = 1000 });
        await client.Success(Opcode.QueueJob, await fleet.Commit(), (byte)10, name);
        while (true)
        {
            var run = await agent.NextRun();
            if (run.Name != name)
                continue;
            SpecJson.Read<ExperimentSpec>(run.SpecJson).User.ShouldBe("researcher");
            return (agent, run);
        }
    }

    private Task<JsonElement> Run(JsonElement queued) => fleet.Get($"/v1/jobs/{Id(queued)}/experiment");
}
