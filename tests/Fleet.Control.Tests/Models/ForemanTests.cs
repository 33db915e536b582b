using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Tests.Models.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Models;

public sealed class ForemanTests(ModelDoor door) : IClassFixture<ModelDoor>
{
    private const string Body = """{"model": "echo", "messages": [{"role": "user", "content": "hi"}]}""";

    [Fact]
    public async Task A_job_is_told_of_in_foremans_words_from_its_submission_to_its_end()
    {
        var id = await Submit(Body);
        var queued = await Show(id);
        queued.EnumerateObject().Select(field => field.Name).ShouldBe(
        [
            "job_id", "state", "model", "created_at", "started_at", "completed_at", "attempt", "result", "error", "artifacts",
            "queue_position",
        ]);
        (queued.GetProperty("state").GetString(), queued.GetProperty("attempt").GetInt32()).ShouldBe(("queued", 0));
        queued.GetProperty("queue_position").GetInt64().ShouldBeGreaterThan(0);
        var job = Read(id);
        await door.Control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        (await State(id)).ShouldBe("loading");
        await door.Control.Raise(job, new AttemptStarted(job, JobKinds.Noop, 1, "worker-1"));
        (await State(id)).ShouldBe("working");
        await door.Control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(
            AttemptOutcome.Succeeded,
            ResultJson: """
                {"model": "echo:latest", "created_at": "2030-01-01T00:00:00Z", "message": {"role": "assistant", "content": "yes"},
                 "done_reason": "stop", "completion_tokens": 1}
                """)));
        var done = await Show(id);
        (done.GetProperty("state").GetString(), done.GetProperty("model").GetString()).ShouldBe(("done", "echo"));
        done.GetProperty("result").GetProperty("message").GetProperty("content").GetString().ShouldBe("yes");
        done.GetProperty("result").GetProperty("done").GetBoolean().ShouldBeTrue();
        done.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        done.GetProperty("completed_at").GetDateTimeOffset().ShouldBeGreaterThan(default);
    }

    [Theory]
    [InlineData("", 400, "invalid JSON body")]
    [InlineData("{", 400, "invalid JSON body")]
    [InlineData("{}", 400, "model is required")]
    [InlineData("""{"model": ""}""", 400, "model is required")]
    [InlineData("""{"model": "gone"}""", 404, "model not found")]
    public async Task A_wrong_submission_is_refused_in_foremans_words(string body, int status, string words)
    {
        var error = await (await door.Post("/jobs", body)).Json(status);
        error.ToString().ShouldBe($$"""{"error":"{{words}}"}""");
    }

    [Theory]
    [InlineData("\"state_webhook_url\": \"ftp://x\"", "state_webhook_url")]
    [InlineData("\"state_webhook_url\": \"http://u:p@x\"", "state_webhook_url")]
    [InlineData("\"priority\": 10", "priority")]
    [InlineData("\"max_attempts\": 0", "max_attempts")]
    [InlineData("\"expires_at\": \"2001-01-01T00:00:00Z\"", "expires_at")]
    public async Task A_wrong_addition_is_refused_by_name(string field, string name)
    {
        var error = await (await door.Post("/jobs", $$"""{"model": "echo", {{field}}}""")).Json(400);
        error.GetProperty("error").GetString()!.ShouldStartWith(name);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var id in (string[])[WireId.Format(Guid.CreateVersion7()), "nonsense"])
        {
            var error = await (await door.Admin.GetAsync($"/jobs/{id}")).Json(404);
            error.ToString().ShouldBe("""{"error":"job not found"}""");
        }
    }

    [Fact]
    public async Task Work_that_is_no_model_call_is_not_found_either()
    {
        var noop = await door.Control.Submit();
        var id = WireId.Format(noop);
        await (await door.Admin.GetAsync($"/jobs/{id}")).Json(404);
        await (await door.Admin.DeleteAsync($"/jobs/{id}")).Json(404);
        (await door.House.Job(noop)).State.ShouldBe("Queued");
        var page = await (await door.Admin.GetAsync("/jobs?limit=200")).Json(200);
        page.GetProperty("items").EnumerateArray().Select(job => job.GetProperty("job_id").GetString()).ShouldNotContain(id);
    }

    [Fact]
    public async Task Fleets_additions_reach_the_job_and_the_same_key_is_the_same_job()
    {
        const string More = """{"model": "echo", "name": "n", "priority": 8, "max_attempts": 5, "timeout_s": 60}""";
        var id = await Submit(More, ("Idempotency-Key", "foreman-1"));
        (await Submit(More, ("Idempotency-Key", "foreman-1"))).ShouldBe(id);
        var job = await door.House.Job(Read(id));
        (job.Name, job.Priority, job.MaxAttempts, job.TimeoutSeconds).ShouldBe(("n", 8, 5, 60));
        (await door.House.Job(Read(await Submit(Body)))).MaxAttempts.ShouldBe(3);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_and_can_be_cancelled()
    {
        var older = await Submit(Body);
        var newer = await Submit(Body);
        var page = await (await door.Admin.GetAsync("/jobs?limit=2")).Json(200);
        page.GetProperty("items").EnumerateArray().Select(job => job.GetProperty("job_id").GetString()).ShouldBe([newer, older]);
        page.GetProperty("next").GetString().ShouldNotBeNull();
        var ended = await (await door.Post($"/jobs/{newer}/cancellation", "")).Json(202);
        ended.GetProperty("state").GetString().ShouldBe("cancelled");
        (await (await door.Admin.DeleteAsync($"/jobs/{newer}")).Json(200)).GetProperty("state").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task Small_artifacts_that_are_text_are_in_the_answer_and_the_others_behind_a_url()
    {
        var id = await Submit(Body);
        var small = "text ä"u8.ToArray();
        await Store(Read(id), "small.txt", small);
        await Store(Read(id), "bytes.bin", [0xFF, 0xFE, 1]);
        await Store(Read(id), "large.txt", new byte[(256 * 1024) + 1]);
        var artifacts = (await Show(id)).GetProperty("artifacts").EnumerateArray()
            .ToDictionary(artifact => artifact.GetProperty("name").GetString()!);
        artifacts["small.txt"].EnumerateObject().Select(field => field.Name).ShouldBe(["name", "content_type", "size", "data"]);
        artifacts["small.txt"].GetProperty("data").GetString().ShouldBe("text ä");
        artifacts["bytes.bin"].GetProperty("url").GetString().ShouldBe($"/jobs/{id}/artifacts/bytes.bin");
        artifacts["large.txt"].GetProperty("url").GetString().ShouldBe($"/jobs/{id}/artifacts/large.txt");
        artifacts["large.txt"].TryGetProperty("data", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Health_says_whether_there_is_a_model()
    {
        using var anyone = door.Client();
        (await anyone.GetStringAsync("/healthz")).ShouldBe("""{"status":"ok","degraded":false}""");
    }

    private static Guid Read(string id) => WireId.TryParse(id, out var job) ? job : throw new FormatException(id);

    private async Task<string> Submit(string body, params (string, string)[] headers)
    {
        using var answer = await door.Post("/jobs", body, null, headers);
        var made = await answer.Json(202);
        var id = made.EnumerateObject().ShouldHaveSingleItem().Value.GetString()!;
        id.Length.ShouldBe(26);
        return id;
    }

    private async Task<JsonElement> Show(string id) => await (await door.Admin.GetAsync($"/jobs/{id}")).Json(200);

    private async Task<string?> State(string id) => (await Show(id)).GetProperty("state").GetString();

    private async Task Store(Guid job, string name, byte[] bytes)
    {
        await using var db = door.House.Db();
        var artifact = Guid.CreateVersion7();
        db.Add(new Artifact
        {
            Id = artifact,
            OwnerId = job,
            Attempt = 1,
            Name = name,
            Size = bytes.Length,
            ContentType = "text/plain",
            Sha256 = "00",
            CreatedAt = TimeProvider.System.GetUtcNow(),
            TouchedAt = TimeProvider.System.GetUtcNow(),
            Complete = true,
            ChunkSize = 1024 * 1024,
        });
        db.Add(new ArtifactChunk { ArtifactId = artifact, Number = 0, Bytes = bytes });
        await db.SaveChangesAsync();
        await door.House.Do($"update work_state set has_artifacts = true where id = '{job}'");
    }
}
