using System.Security.Cryptography;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Models;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Webhooks.Support;
using Fleet.Control.Webhooks;
using Fleet.Control.Webhooks.Deliveries;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Webhooks;

public sealed class WebhookDeliveryTests : WebhookFacts
{
    [Fact]
    public async Task A_job_tells_its_own_url_what_foreman_would()
    {
        var receiver = await Receiver();
        Settings.StateSecret = "shared words";
        var job = await Succeed(receiver.Url);
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.StatesOf(job).ShouldBe(Told);
        var last = receiver.Calls[^1];
        last.Json.EnumerateObject().Select(field => field.Name).ShouldBe(
        [
            "job_id", "kind", "name", "labels", "agent", "state", "previous_state", "timestamp", "model", "attempt", "error",
            "error_code", "result", "artifacts",
        ]);
        last.Json.GetProperty("job_id").GetString().ShouldBe(WireId.Format(job));
        last.Json.GetProperty("previous_state").GetString().ShouldBe("running");
        last.Json.GetProperty("attempt").GetInt32().ShouldBe(1);
        last.Json.GetProperty("result").GetProperty("lines")[0].GetInt32().ShouldBe(5);
        receiver.Calls[0].Json.GetProperty("previous_state").GetString().ShouldBe("");
        foreach (var call in receiver.Calls)
        {
            var hmac = HMACSHA256.HashData("shared words"u8, call.Body);
            call.Headers["x-foreman-signature"].ShouldBe($"sha256={Convert.ToHexStringLower(hmac)}");
        }

        receiver.Calls[0].Headers["content-type"].ShouldBe("application/json");
        receiver.Calls.Select(call => call.Headers["webhook-id"]).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_job_of_foremans_wire_tells_its_url_foremans_body_and_endpoints_the_usual()
    {
        var (own, endpoint) = (await Receiver(), await Receiver());
        await Endpoint(endpoint.Url);
        var job = await Model(own.Url);
        await Control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await Control.Raise(job, new AttemptStarted(job, JobKinds.Noop, 1, "worker-1"));
        await Control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(
            AttemptOutcome.Succeeded,
            ResultJson: """
                {"model": "m", "created_at": "2030-01-01T00:00:00Z", "message": {"role": "assistant", "content": "yes"}}
                """)));
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        own.StatesOf(job).ShouldBe(["queued", "loading", "working", "done"]);
        own.Calls.Select(call => call.Json.GetProperty("previous_state").GetString())
            .ShouldBe(["", "queued", "loading", "working"]);
        foreach (var call in own.Calls)
        {
            call.Json.EnumerateObject().Select(field => field.Name).ShouldBe(
                ["job_id", "state", "previous_state", "timestamp", "model", "attempt", "error", "result", "artifacts"]);
            call.Json.GetProperty("model").GetString().ShouldBe("m");
        }

        var result = own.Calls[^1].Json.GetProperty("result");
        result.GetProperty("message").GetProperty("content").GetString().ShouldBe("yes");
        result.GetProperty("done").GetBoolean().ShouldBeTrue();
        endpoint.StatesOf(job).ShouldBe(Told);
        endpoint.Calls[0].News.GetProperty("model").GetString().ShouldBe("m");
        endpoint.Calls[^1].News.GetProperty("result").TryGetProperty("done", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_of_foremans_wire_that_is_cancelled_says_nothing_of_the_way_there()
    {
        var receiver = await Receiver();
        var job = await Model(receiver.Url);
        await Control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await Control.Raise(job, new AttemptStarted(job, JobKinds.Noop, 1, "worker-1"));
        await Control.Raise(job, new CancelWork(job, JobKinds.Noop, "a test"));
        await Control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Cancelled)));
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.StatesOf(job).ShouldBe(["queued", "loading", "working", "cancelled"]);
        receiver.Calls[^1].Json.GetProperty("previous_state").GetString().ShouldBe("working");
        receiver.Calls[^1].Json.GetProperty("error").GetString().ShouldBe("Cancelled by a test.");
    }

    private async Task<Guid> Model(string url)
    {
        var id = Guid.CreateVersion7();
        await Control.Submit(TestJobs.Submission(id) with
        {
            Kind = InferenceSpec.Kind,
            SpecJson = SpecJson.Write(new InferenceSpec("chat", "m", Messages: [])),
            Capability = ReadyUpstream.Generation,
            Model = "m",
            StateWebhookUrl = url,
            Wire = "foreman",
        });
        return id;
    }

    [Fact]
    public async Task A_receiver_that_was_down_gets_everything_in_order_per_job()
    {
        var receiver = await Receiver(up: false);
        await Endpoint(receiver.Url);
        await Control.Start<DeliveryWorker>();
        var jobs = await Many(30, () => Succeed());
        await Eventually.True(
            async () => await House.Ask<long>("select count(*) from webhook_deliveries where attempts > 0") >= 5,
            "several were tried in vain");
        await receiver.Up();
        await NothingIsOwed();
        foreach (var job in jobs)
            receiver.StatesOf(job).ShouldBe(Told);
        (await House.Ask<long>("select count(*) from webhook_deliveries where state = 'delivered'")).ShouldBe(4 * 30);
    }

    [Fact]
    public async Task A_job_that_the_receiver_will_not_take_holds_up_no_other()
    {
        var receiver = await Receiver();
        await Endpoint(receiver.Url);
        var bad = await Succeed();
        var heal = false;
        receiver.Answer = (call, response) =>
        {
            response.StatusCode = call.About == bad && !Volatile.Read(ref heal) ? 500 : 200;
            return Task.CompletedTask;
        };
        await Control.Start<DeliveryWorker>();
        await Becomes(bad, first => first.Attempts >= 2, "it was tried again");
        var jobs = await Many(20, () => Succeed());
        await Eventually.True(() => jobs.All(job => receiver.StatesOf(job).Length == 4), "the others are told");
        foreach (var job in jobs)
            receiver.StatesOf(job).ShouldBe(Told);
        var waiting = await Deliveries(bad);
        waiting.ShouldAllBe(delivery => delivery.State == "waiting");
        waiting[0].LastStatus.ShouldBe(500);
        waiting[0].LastError.ShouldBe("The receiver answered 500.");
        waiting.Skip(1).ShouldAllBe(delivery => delivery.Attempts == 0, "the next one waits for the first");
        Volatile.Write(ref heal, true);
        await NothingIsOwed();
        receiver.StatesOf(bad).ShouldBe(Told);
    }

    [Fact]
    public async Task A_delivery_that_failed_too_often_is_dead_the_next_goes_on_and_a_replay_sends_it_again()
    {
        var receiver = await Receiver();
        receiver.Answer = (call, response) =>
        {
            response.StatusCode = call.News.GetProperty("state").GetString() == "queued" ? 500 : 200;
            return Task.CompletedTask;
        };
        Settings.RetrySeconds = 0.01;
        var job = await Succeed(receiver.Url);
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        var dead = (await Deliveries(job))[0];
        (dead.State, dead.Attempts).ShouldBe(("dead", 6));
        receiver.StatesOf(job).ShouldBe(Told.Skip(1));
        receiver.Answer = (_, _) => Task.CompletedTask;
        await Control.Get<DeliveryStore>().Replay(dead.Id, CancellationToken.None);
        await NothingIsOwed();
        receiver.StatesOf(job).ShouldBe([.. Told.Skip(1), "queued"]);
        receiver.Calls.Select(call => call.Headers["webhook-id"]).Distinct().Count().ShouldBe(4, "a replay is the same event");
    }

    [Fact]
    public async Task All_that_is_dead_since_a_time_is_sent_again()
    {
        var receiver = await Receiver();
        var endpoint = await Endpoint(receiver.Url);
        receiver.Answer = (_, response) => Task.FromResult(response.StatusCode = 500);
        Settings.EndpointAttempts = 1;
        Settings.CircuitFailures = 1000;
        var jobs = await Many(5, () => Succeed());
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.Calls.Count.ShouldBe(20);
        receiver.Answer = (_, _) => Task.CompletedTask;
        var store = Control.Get<DeliveryStore>();
        var begin = TimeProvider.System.GetUtcNow().AddHours(-1);
        (await store.Replay(endpoint.Id, new ReplayDeliveries(begin.AddHours(2)), CancellationToken.None)).ShouldBe(0);
        (await store.Replay(endpoint.Id, new ReplayDeliveries(begin), CancellationToken.None)).ShouldBe(20);
        await NothingIsOwed();
        foreach (var job in jobs)
            receiver.StatesOf(job).ShouldBe(Told);
        (await store.Replay(endpoint.Id, new ReplayDeliveries(begin), CancellationToken.None)).ShouldBe(0);
        (await store.Replay(endpoint.Id, new ReplayDeliveries(begin, DeliveredToo: true), CancellationToken.None)).ShouldBe(20);
    }

    [Fact]
    public async Task Gone_disables_the_endpoint_and_nothing_more_is_owed_to_it()
    {
        var receiver = await Receiver();
        await Endpoint(receiver.Url);
        receiver.Answer = (_, response) => Task.FromResult(response.StatusCode = 410);
        var job = await Succeed();
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.Calls.Count.ShouldBe(1);
        var log = await Deliveries(job);
        log.ShouldAllBe(delivery => delivery.State == "dead");
        log[0].LastError.ShouldBe("The receiver answered 410: it is gone for good.");
        log[1].LastError.ShouldBe("The endpoint is disabled.");
        (await House.Ask<string>("select disabled_reason from webhook_endpoints where not enabled")).ShouldBe(log[0].LastError);
        (await Deliveries(await Succeed())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        var receiver = await Receiver();
        receiver.Answer = (_, response) =>
        {
            response.Headers.RetryAfter = "120";
            return Task.FromResult(response.StatusCode = 503);
        };
        var job = await Submit(receiver.Url);
        await Control.Start<DeliveryWorker>();
        await Becomes(job, first => first.Attempts == 1, "it was tried");
        (await House.Ask<double>("select extract(epoch from due_at - now())::float8 from webhook_queues"))
            .ShouldBeInRange(100, 120);
    }

    [Fact]
    public async Task The_log_holds_what_was_asked_and_the_beginning_of_the_answer()
    {
        var receiver = await Receiver();
        var endpoint = await Endpoint(receiver.Url);
        receiver.Answer = async (_, response) =>
        {
            response.StatusCode = 202;
            await response.WriteAsync(new string('x', 100_000));
        };
        var job = await Submit();
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        var delivery = (await Deliveries(job)).Single();
        (delivery.State, delivery.LastStatus, delivery.LastUrl).ShouldBe(("delivered", 202, endpoint.Url));
        delivery.LastAnswer.ShouldBe(new string('x', 4096));
        delivery.LastHeaders!.ShouldContain(receiver.Calls[0].Headers["webhook-signature"]);
        receiver.Calls[0].Json.GetProperty("type").GetString().ShouldBe("job.queued");
    }

    [Fact]
    public async Task The_end_of_a_job_names_its_artifacts()
    {
        var receiver = await Receiver();
        var job = await Submit(receiver.Url);
        await Control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await House.Do(
            $"""
            insert into artifacts (id, owner_id, attempt, name, size, content_type, sha256, created_at, touched_at, complete, chunk_size)
            values (gen_random_uuid(), '{job}', 1, 'a b.txt', 5, 'text/plain', 'ab', now(), now(), true, 4096)
            """);
        await Control.Raise(job, new ArtifactStored(job, JobKinds.Noop, 1, Guid.NewGuid(), "a b.txt", 5, "text/plain", "ab"));
        await Control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.Calls[0].Json.GetProperty("artifacts").GetArrayLength().ShouldBe(0);
        var artifact = receiver.Calls[^1].Json.GetProperty("artifacts")[0];
        artifact.GetProperty("name").GetString().ShouldBe("a b.txt");
        artifact.GetProperty("content_type").GetString().ShouldBe("text/plain");
        artifact.GetProperty("size").GetInt64().ShouldBe(5);
        artifact.GetProperty("url").GetString().ShouldBe($"/v1/jobs/{WireId.Format(job)}/artifacts/a%20b.txt");
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_given_up_in_time()
    {
        var receiver = await Receiver();
        var hold = new TaskCompletionSource();
        receiver.Answer = (_, _) => hold.Task;
        Settings.TimeoutSeconds = 0.2;
        var job = await Submit(receiver.Url);
        await Control.Start<DeliveryWorker>();
        var delivery = await Becomes(job, first => first.Attempts >= 1, "it was given up");
        delivery.LastError.ShouldBe("There was no answer within 0.2 s.");
        hold.SetResult();
    }

    [Fact]
    public async Task Signatures_are_valid_before_during_and_after_a_rotation()
    {
        var receiver = await Receiver();
        var endpoint = await Endpoint(receiver.Url);
        await Control.Start<DeliveryWorker>();
        await Submit();
        await NothingIsOwed();
        receiver.Calls[^1].By(endpoint.Secret).ShouldBe(1);

        await using var db = House.Db();
        var rotated = await Control.Get<WebhookStore>().Rotate(db, endpoint.Id, CancellationToken.None);
        rotated.Secret.ShouldNotBe(endpoint.Secret);
        await Submit();
        await NothingIsOwed();
        receiver.Calls[^1].All().Length.ShouldBe(2);
        (receiver.Calls[^1].By(endpoint.Secret), receiver.Calls[^1].By(rotated.Secret)).ShouldBe((1, 1));

        await House.Do("update webhook_endpoints set former_secret_until = now() - interval '1 s'");
        await Submit();
        await NothingIsOwed();
        (receiver.Calls[^1].By(endpoint.Secret), receiver.Calls[^1].By(rotated.Secret)).ShouldBe((0, 1));
        receiver.Calls.Count.ShouldBe(3);
    }
}
