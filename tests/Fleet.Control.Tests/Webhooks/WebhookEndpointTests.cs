using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Control.Tests.Webhooks.Support;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Webhooks;

public sealed class WebhookEndpointTests(WebhookDoor door) : IClassFixture<WebhookDoor>
{
    private const string All = "/v1/webhook-endpoints";
    private const string Url = "https://receiver.example/hook";

    [Fact]
    public async Task The_secret_is_shown_once()
    {
        using var answer = await door.Admin.PostAsJsonAsync(
            All, new { url = Url, event_types = new[] { "job.failed", "job.*", "job.failed" }, description = "mine" });
        var made = await answer.Json(201);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var secret = made.GetProperty("secret").GetString()!;
        secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(secret["whsec_".Length..]).Length.ShouldBe(32);

        var shown = await door.Ask(HttpMethod.Get, answer.Headers.Location!.ToString(), 200);
        shown.EnumerateObject().Select(field => field.Name).ShouldBe(
        [
            "endpoint_id", "tenant", "url", "event_types", "description", "enabled", "disabled_reason", "former_secret_until",
            "created_at", "updated_at",
        ]);
        Texts(shown.GetProperty("event_types")).ShouldBe(["job.failed", "job.*"]);
        shown.GetProperty("description").GetString().ShouldBe("mine");
        (await door.Ask(HttpMethod.Get, All, 200)).GetRawText().ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("ftp://receiver.example/", "job.*", "url", "an absolute http or https URL without a user")]
    [InlineData("https://user:word@receiver.example/", "job.*", "url", "without a user")]
    [InlineData("receiver.example", "job.*", "url", "an absolute http or https URL")]
    [InlineData(Url, "trial.*", "event_types[0]", "Nothing of this type is announced. There are: job.*, job.")]
    [InlineData(Url, "*", "event_types[0]", "Nothing of this type is announced")]
    [InlineData(Url, "job.done", "event_types[0]", "Nothing of this type is announced")]
    public async Task What_is_wrong_is_named(string url, string type, string field, string sentence)
    {
        using var answer = await door.Admin.PostAsJsonAsync(All, new { url, event_types = new[] { type } });
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldContain(sentence);
    }

    [Fact]
    public async Task A_repeated_request_makes_one_endpoint_and_tells_its_secret_once()
    {
        var body = new { url = Url, event_types = new[] { "job.*" } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Once(All, "made-once", body)));
        answers.Select(one => one.GetProperty("endpoint_id").GetString()).Distinct().ShouldHaveSingleItem();
        answers.Count(one => one.GetProperty("secret").ValueKind == JsonValueKind.String).ShouldBe(1);
        var path = $"{All}/{answers[0].GetProperty("endpoint_id").GetString()}";
        var rotated = await Once($"{path}/secret", "turned-once", null, 200);
        rotated.GetProperty("secret").GetString().ShouldNotBeNull();
        var again = await Once($"{path}/secret", "turned-once", null, 200);
        again.GetProperty("secret").GetString().ShouldBeNull();
        again.GetProperty("former_secret_until").GetRawText().ShouldBe(rotated.GetProperty("former_secret_until").GetRawText());
        await Once(All, "made-once", new { url = Url + "2", event_types = new[] { "job.*" } }, 422);
        var keys = await Task.WhenAll(
            Once("/v1/api-keys", "key-once", new { name = "k", role = "viewer" }),
            Once("/v1/api-keys", "key-once", new { name = "k", role = "viewer" }));
        keys.Count(key => key.GetProperty("key").ValueKind == JsonValueKind.String).ShouldBe(1);
        await using var db = door.House.Db();
        var stored = await db.Set<Fleet.Control.Platform.Idempotency.IdempotentAnswer>().ToListAsync();
        stored.ShouldAllBe(answer => !answer.Body.Contains("whsec_") && !answer.Body.Contains("\"key\":\""));

        async Task<JsonElement> Once(string path, string key, object? body, int status = 201)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add("Idempotency-Key", key);
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await door.Admin.SendAsync(request);
            return await answer.Json(status);
        }
    }

    [Fact]
    public async Task What_is_absent_from_a_change_stays()
    {
        var (path, _) = await door.Endpoint(Url);
        var changed = await door.Ask(HttpMethod.Patch, path, 200, new { enabled = false });
        changed.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        changed.GetProperty("url").GetString().ShouldBe(Url);
        changed = await door.Ask(HttpMethod.Patch, path, 200, new { url = Url + "2", event_types = new[] { "job.failed" } });
        changed.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        (changed.GetProperty("url").GetString(), Texts(changed.GetProperty("event_types")).Single()).ShouldBe((Url + "2", "job.failed"));
        using var wrong = await door.Admin.PatchAsJsonAsync(path, new { url = "nowhere" });
        await wrong.Problem(400, "invalid_field");
        using var test = await door.Admin.PostAsync($"{path}/test", null);
        await test.Problem(409, "endpoint_disabled");
    }

    [Fact]
    public async Task An_endpoint_exists_for_its_own_tenant_only()
    {
        using var hers = await door.With(new { name = "hers", role = "operator", tenant = "hers" });
        using var his = await door.With(new { name = "his", role = "operator", tenant = "his" });
        var (path, _) = await door.Endpoint(Url, hers);
        await door.Ask(HttpMethod.Get, path, 200, by: hers);
        await door.Ask(HttpMethod.Get, path, 200);
        foreach (var (method, end) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Patch, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/secret"),
            (HttpMethod.Post, "/test"), (HttpMethod.Post, "/replay"), (HttpMethod.Get, "/deliveries"),
        })
        {
            await door.Ask(method, path + end, 404, new { since = "2026-01-01T00:00:00Z" }, his);
        }

        (await door.Ask(HttpMethod.Get, All, 200, by: his)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await door.Ask(HttpMethod.Get, All, 200, by: hers)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Reading_and_managing_are_different_scopes()
    {
        using var reader = await door.With(new { name = "reader", scopes = new[] { "webhooks:read" } });
        using var viewer = await door.With(new { name = "viewer", role = "viewer" });
        using var manager = await door.With(new { name = "manager", scopes = new[] { "webhooks:manage" } });
        var (path, _) = await door.Endpoint(Url, manager);
        await door.Ask(HttpMethod.Get, All, 200, by: viewer);
        await door.Ask(HttpMethod.Get, path, 200, by: reader);
        await door.Ask(HttpMethod.Post, $"{path}/secret", 403, by: reader);
        await door.Ask(HttpMethod.Get, path, 403, by: manager);
        await door.Ask(HttpMethod.Post, $"{path}/secret", 200, by: manager);
    }

    [Fact]
    public async Task A_test_event_arrives_signed_and_is_in_the_log()
    {
        var receiver = await door.Receiver();
        receiver.Answer = (_, response) => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(response, "thanks");
        var (path, secret) = await door.Endpoint(receiver.Url);
        var test = await door.Ask(HttpMethod.Post, $"{path}/test", 202);
        await Eventually.True(() => receiver.Calls.Count == 1, "it arrives");
        var call = receiver.Calls[0];
        call.By(secret).ShouldBe(1);
        call.Json.GetProperty("type").GetString().ShouldBe("webhook.test");
        call.Headers["webhook-id"].ShouldBe(test.GetProperty("event_id").GetString());

        var one = $"/v1/webhook-deliveries/{test.GetProperty("delivery_id").GetString()}";
        await Eventually.True(
            async () => (await door.Ask(HttpMethod.Get, one, 200)).GetProperty("state").GetString() == "delivered", "it is noted");
        var shown = await door.Ask(HttpMethod.Get, one, 200);
        shown.GetProperty("request").GetProperty("url").GetString().ShouldBe(receiver.Url);
        shown.GetProperty("request").GetProperty("body").GetString().ShouldBe(call.Json.GetRawText());
        shown.GetProperty("request").GetProperty("headers").GetProperty("webhook-signature").GetString()
            .ShouldBe(call.Headers["webhook-signature"]);
        shown.GetProperty("response").GetProperty("status").GetInt32().ShouldBe(200);
        shown.GetProperty("response").GetProperty("body").GetString().ShouldBe("thanks");
        shown.GetProperty("attempts").GetInt32().ShouldBe(1);

        var log = await door.Ask(HttpMethod.Get, $"{path}/deliveries?state=delivered", 200);
        log.GetProperty("items").GetArrayLength().ShouldBe(1);
        await door.Ask(HttpMethod.Get, $"{path}/deliveries?state=done", 400);
        var id = test.GetProperty("delivery_id").GetString();
        await door.Ask(HttpMethod.Post, $"{path}/deliveries/{id}/replay", 202);
        await Eventually.True(() => receiver.Calls.Count == 2, "it arrives again");
        receiver.Calls[1].Headers["webhook-id"].ShouldBe(call.Headers["webhook-id"]);
        var (other, _) = await door.Endpoint(Url);
        await door.Ask(HttpMethod.Post, $"{other}/deliveries/{id}/replay", 404);
    }

    [Fact]
    public async Task The_log_is_paged()
    {
        var receiver = await door.Receiver();
        var (path, _) = await door.Endpoint(receiver.Url);
        var sent = new List<string?>();
        for (var i = 0; i < 5; i++)
            sent.Add((await door.Ask(HttpMethod.Post, $"{path}/test", 202)).GetProperty("delivery_id").GetString());
        var seen = new List<string?>();
        for (string? next = ""; next is not null;)
        {
            var page = await door.Ask(
                HttpMethod.Get, $"{path}/deliveries?limit=2{(next == "" ? "" : $"&cursor={next}")}", 200);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("delivery_id").GetString()));
            next = page.GetProperty("next").GetString();
        }

        seen.ShouldBe(Enumerable.Reverse(sent));
    }

    [Fact]
    public async Task A_deleted_endpoint_leaves_nothing_behind()
    {
        var receiver = await door.Receiver();
        receiver.Answer = (_, response) => Task.FromResult(response.StatusCode = 500);
        var (path, _) = await door.Endpoint(receiver.Url);
        var test = await door.Ask(HttpMethod.Post, $"{path}/test", 202);
        using (var gone = await door.Admin.DeleteAsync(path))
            ((int)gone.StatusCode).ShouldBe(204);
        await door.Ask(HttpMethod.Get, path, 404);
        await door.Ask(HttpMethod.Get, $"/v1/webhook-deliveries/{test.GetProperty("delivery_id").GetString()}", 404);
        (await door.House.Ask<long>(
            "select count(*) from webhook_queues where endpoint_id not in (select id from webhook_endpoints)")).ShouldBe(0);
    }

    private static string?[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString())];
}
