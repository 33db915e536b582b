using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Control.Artifacts;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Artifacts;

public sealed class ArtifactTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly byte[] Some = RandomNumberGenerator.GetBytes(200_000);

    [Fact]
    public async Task What_was_put_is_got()
    {
        var (door, agent, reader, job) = await Setting();
        using var put = await Put(agent, job, "dir/a b.txt", Some, "text/plain; charset=utf-8");
        var view = await put.Json(201);
        view.EnumerateObject().Select(field => field.Name).ShouldBe(["name", "size", "content_type", "sha256", "url"]);
        view.GetProperty("name").GetString().ShouldBe("dir/a b.txt");
        view.GetProperty("size").GetInt64().ShouldBe(Some.Length);
        view.GetProperty("content_type").GetString().ShouldBe("text/plain; charset=utf-8");
        view.GetProperty("sha256").GetString().ShouldBe(Hex(Some));
        view.GetProperty("url").GetString().ShouldBe($"/v1/jobs/{WireId.Format(job)}/artifacts/dir/a%20b.txt");
        put.Headers.Location!.ToString().ShouldBe(view.GetProperty("url").GetString());

        using var got = await reader.GetAsync(view.GetProperty("url").GetString());
        got.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await got.Content.ReadAsByteArrayAsync()).ShouldBe(Some);
        got.Headers.ETag!.ToString().ShouldBe($"\"{Hex(Some)}\"");
        got.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        got.Content.Headers.ContentLength.ShouldBe(Some.Length);
        got.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        got.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox"]);
        got.Headers.AcceptRanges.ShouldBe(["bytes"]);

        using var list = await reader.GetAsync($"/v1/jobs/{WireId.Format(job)}/artifacts");
        var page = await list.Json(200);
        page.GetProperty("items").GetRawText().ShouldBe($"[{view.GetRawText()}]");
        page.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        var stored = door.Owner.Accepted.Single(stored => stored.WorkId == job);
        stored.ShouldSatisfyAllConditions(
            () => stored.Attempt.ShouldBe(1), () => stored.Sha256.ShouldBe(Hex(Some)), () => stored.Size.ShouldBe(200_000));
    }

    [Fact]
    public async Task Names_that_differ_in_an_escape_alone_are_different_artifacts()
    {
        var (_, agent, reader, job) = await Setting();
        string[] names = ["a/b", "a%2Fb", "a%2fb", "a%252Fb", "A", "%41", "100%", "a+b", "a b", "ü?#", "x%", "%2E5"];
        foreach (var (place, name) in names.Index())
        {
            using var put = await Put(agent, job, name, Some[..(place + 1)]);
            (await put.Json(201)).GetProperty("name").GetString().ShouldBe(name);
        }

        var list = await (await reader.GetAsync($"/v1/jobs/{WireId.Format(job)}/artifacts")).Json(200);
        list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()).ShouldBe(names, ignoreOrder: true);
        foreach (var item in list.GetProperty("items").EnumerateArray())
        {
            var url = new Uri(reader.BaseAddress + item.GetProperty("url").GetString()![1..]);
            (await reader.GetByteArrayAsync(url)).Length.ShouldBe(Array.IndexOf(names, item.GetProperty("name").GetString()) + 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    public async Task Every_length_survives(int length)
    {
        var (_, agent, reader, job) = await Setting();
        using var put = await Put(agent, job, "x", Some[..length]);
        var url = (await put.Json(201)).GetProperty("url").GetString();
        (await reader.GetByteArrayAsync(url)).ShouldBe(Some[..length]);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=65530-65541", 65530, 12)]
    [InlineData("bytes=100000-", 100000, 100000)]
    [InlineData("bytes=-5", 199995, 5)]
    [InlineData("bytes=199999-999999", 199999, 1)]
    public async Task A_range_is_a_part(string range, int from, int length)
    {
        var (_, agent, reader, job) = await Setting();
        using var answer = await Ask(reader, await Stored(agent, job), ("Range", range));
        answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        answer.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes {from}-{from + length - 1}/{Some.Length}");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Some[from..(from + length)]);
    }

    [Fact]
    public async Task A_range_outside_is_416_and_several_are_the_whole()
    {
        var (_, agent, reader, job) = await Setting();
        var url = await Stored(agent, job);
        using var outside = await Ask(reader, url, ("Range", "bytes=200000-"));
        outside.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        outside.Content.Headers.ContentRange!.ToString().ShouldBe("bytes */200000");
        using var several = await Ask(reader, url, ("Range", "bytes=0-1,5-6"));
        (await several.Content.ReadAsByteArrayAsync()).Length.ShouldBe(Some.Length);
        several.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_has_it_already_gets_304()
    {
        var (_, agent, reader, job) = await Setting();
        var url = await Stored(agent, job);
        var tag = $"\"{Hex(Some)}\"";
        using var same = await Ask(reader, url, ("If-None-Match", tag));
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var other = await Ask(reader, url, ("If-None-Match", "\"other\""));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var resumed = await Ask(reader, url, ("Range", "bytes=5-"), ("If-Range", tag));
        resumed.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        using var changed = await Ask(reader, url, ("Range", "bytes=5-"), ("If-Range", "\"other\""));
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Head_tells_without_bytes()
    {
        var (_, agent, reader, job) = await Setting();
        using var request = new HttpRequestMessage(HttpMethod.Head, await Stored(agent, job));
        using var answer = await reader.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength.ShouldBe(Some.Length);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_rendered_as_a_page_and_names_are_kept()
    {
        var (_, agent, reader, job) = await Setting();
        using var put = await Put(agent, job, "x/ü \"ber.html", "<script>"u8.ToArray(), "text/html");
        using var got = await reader.GetAsync((await put.Json(201)).GetProperty("url").GetString());
        var disposition = got.Content.Headers.ContentDisposition!;
        disposition.DispositionType.ShouldBe("attachment");
        disposition.FileNameStar.ShouldBe("ü \"ber.html");
        disposition.ToString().ShouldContain("filename*=UTF-8''%C3%BC%20%22ber.html");
    }

    [Fact]
    public async Task A_later_one_of_the_same_name_takes_its_place()
    {
        var (door, agent, reader, job) = await Setting();
        var url = await Stored(agent, job);
        using var half = await reader.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        door.Owner.Assign(job, "default", 2, "worker-1");
        using var put = await Put(agent, job, "x.bin", "second"u8.ToArray(), attempt: 2);
        await put.Json(201);
        (await reader.GetStringAsync(url)).ShouldBe("second");
        (await half.Content.ReadAsByteArrayAsync()).ShouldBe(Some);
        (await Rows(job)).Count(row => row.Complete).ShouldBe(1);
    }

    [Fact]
    public async Task Puts_of_one_name_at_once_leave_one()
    {
        var (_, agent, reader, job) = await Setting();
        var puts = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Put(agent, job, "x", [(byte)i])));
        puts.ShouldAllBe(put => put.StatusCode == HttpStatusCode.Created || put.StatusCode == HttpStatusCode.Conflict);
        (await Rows(job)).Count(row => row.Complete).ShouldBe(1);
        (await reader.GetByteArrayAsync($"/v1/jobs/{WireId.Format(job)}/artifacts/x")).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(2, "worker-1")]
    [InlineData(1, "worker-2")]
    public async Task A_stale_attempt_leaves_nothing(int attempt, string worker)
    {
        var (door, _, _, job) = await Setting();
        using var agent = await door.Agent(worker);
        using var put = await Put(agent, job, "x", Some, attempt: attempt, worker: worker);
        await put.Problem(409, "stale_attempt");
        (await Rows(job)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_that_ends_while_it_uploads_leaves_nothing()
    {
        var (door, agent, reader, job) = await Setting();
        using var content = new SlowContent(Some, async () =>
        {
            await Eventually.True(async () => (await Rows(job)).Count == 1, "it has begun");
            door.Owner.Assign(job, "default", 2, "worker-9");
        });
        using var request = Request(job, "x", content);
        using var put = await agent.SendAsync(request);
        await put.Problem(409, "stale_attempt");
        (await Rows(job)).ShouldBeEmpty();
        using var got = await reader.GetAsync($"/v1/jobs/{WireId.Format(job)}/artifacts/x");
        await got.Problem(404, "not_found");
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var (door, agent, reader, job) = await Setting();
        var key = agent.DefaultRequestHeaders.Authorization!.Parameter;
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(door.Address.Host, door.Address.Port);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /v1/attempts/{WireId.Format(job)}/1/artifacts/x HTTP/1.1\r\nHost: x\r\n"
                + $"Authorization: Bearer {key}\r\nFleet-Agent: worker-1\r\nContent-Length: 1000000\r\n\r\n"));
            await stream.WriteAsync(Some);
            await Eventually.True(async () => (await Rows(job)).Count == 1, "it has begun");
            using var hidden = await reader.GetAsync($"/v1/jobs/{WireId.Format(job)}/artifacts/x");
            await hidden.Problem(404, "not_found");
        }

        await Eventually.True(async () => (await Rows(job)).Count == 0, "nothing is left");
        await using var db = house.Db();
        (await db.Set<ArtifactChunk>().CountAsync(chunk => !db.Set<Artifact>().Any(a => a.Id == chunk.ArtifactId)))
            .ShouldBe(0);
        door.Owner.Accepted.ShouldNotContain(stored => stored.WorkId == job);
    }

    [Theory]
    [InlineData("..%2fx")]
    [InlineData("%2e%2e%2fx")]
    [InlineData("%252e%252e%252fx")]
    [InlineData("a/..%2f..%2fx")]
    [InlineData("a%5c..%5cx")]
    [InlineData("a//x")]
    [InlineData("a/")]
    [InlineData("a%0ax")]
    [InlineData("")]
    public async Task A_path_trick_is_no_name(string name)
    {
        var (door, agent, reader, job) = await Setting();
        var put = await Raw(door, "PUT", $"/v1/attempts/{WireId.Format(job)}/1/artifacts/{name}", agent);
        put.ShouldStartWith("HTTP/1.1 400");
        put.ShouldContain("\"name\":[");
        (await Rows(job)).ShouldBeEmpty();
        if (name.Length == 0)
            return; // that is the list
        var got = await Raw(door, "GET", $"/v1/jobs/{WireId.Format(job)}/artifacts/{name}", reader);
        got.ShouldStartWith("HTTP/1.1 400");
        got.ShouldContain("\"name\":[");
    }

    [Theory]
    [InlineData("../../../api-keys")]
    [InlineData("%2e%2e/%2e%2e/%2e%2e/api-keys")]
    public async Task A_path_that_leaves_the_folder_meets_the_lock_of_where_it_leads(string name)
    {
        var (door, agent, reader, job) = await Setting();
        (await Raw(door, "GET", $"/v1/jobs/{WireId.Format(job)}/artifacts/{name}", reader)).ShouldStartWith("HTTP/1.1 40");
        (await Raw(door, "PUT", $"/v1/attempts/{WireId.Format(job)}/1/artifacts/{name}", agent)).ShouldStartWith("HTTP/1.1 40");
        (await Rows(job)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_see_the_job_sees_nothing()
    {
        var (door, agent, reader, job) = await Setting(tenant: "acme");
        var url = await Stored(agent, job);
        using var acme = door.Client((await door.MakeKey(new { name = "x", role = "viewer", tenant = "acme" })).Key);
        (await acme.GetByteArrayAsync(url)).ShouldBe(Some);
        string[] urls =
        [
            url, $"/v1/jobs/{WireId.Format(job)}/artifacts", $"/v1/jobs/{WireId.Format(WireId.New())}/artifacts",
            "/v1/jobs/nonsense/artifacts/x",
        ];
        foreach (var hidden in urls)
        {
            using var answer = await reader.GetAsync(hidden);
            (await answer.Problem(404, "not_found")).GetProperty("detail").GetString().ShouldBe("There is no such job.");
        }

        using var foreign = await door.Agent("worker-2");
        using var put = await Put(foreign, job, "y", Some);
        await put.Problem(403, "forbidden");
        using var unscoped = await Put(reader, job, "y", Some);
        await unscoped.Problem(403, "forbidden");
        using var unreadable = await agent.GetAsync(url);
        await unreadable.Problem(403, "forbidden");
    }

    [Fact]
    public async Task Headers_are_checked()
    {
        var (_, agent, _, job) = await Setting();
        using var nameless = await Put(agent, job, "x", Some, worker: "Not A Name");
        (await nameless.Problem(400, "invalid_field")).Sentence("Fleet-Agent").ShouldNotBeNull();
        using var typeless = await Put(agent, job, "x", Some, "no type");
        (await typeless.Problem(400, "invalid_field")).Sentence("Content-Type").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_large_is_413_and_leaves_nothing(bool chunked)
    {
        await using var door = await house.Open(("Artifacts:MaxBytes", "150000"), ("Artifacts:ChunkBytes", "65536"));
        using var agent = await door.Agent();
        var job = door.Owner.AddJob();
        using var request = Request(job, "x", new ByteArrayContent(Some));
        request.Headers.TransferEncodingChunked = chunked;
        using var put = await agent.SendAsync(request);
        await put.Problem(413, "body_too_large");
        (await Rows(job)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_refused_in_the_middle_of_sending_reads_why()
    {
        var (_, agent, _, job) = await Setting();
        var large = new byte[20_000_000];
        using var stale = await Put(agent, job, "x", large, attempt: 7);
        await stale.Problem(409, "stale_attempt");
        using var nobody = new HttpClient { BaseAddress = agent.BaseAddress };
        using var unknown = await Put(nobody, job, "x", large);
        await unknown.Problem(401, "unauthorized");
    }

    [Fact]
    public async Task A_job_leaves_so_many_and_no_more()
    {
        await using var door = await house.Open(("Artifacts:MaxPerOwner", "2"));
        using var agent = await door.Agent();
        var job = door.Owner.AddJob();
        foreach (var name in (string[])["a", "b", "b"])
        {
            using var put = await Put(agent, job, name, Some);
            await put.Json(201);
        }

        using var third = await Put(agent, job, "c", Some);
        await third.Problem(409, "too_many_artifacts");
    }

    [Fact]
    public async Task Several_owners_are_listed_at_once()
    {
        var (door, agent, _, job) = await Setting();
        var other = door.Owner.AddJob();
        foreach (var (owner, name) in ((Guid, string)[])[(job, "b"), (job, "a"), (other, "c")])
        {
            using var put = await Put(agent, owner, name, Some);
            await put.Json(201);
        }

        var lists = await door.Services.GetRequiredService<ArtifactQueries>().List([job, other, Guid.NewGuid()], default);
        lists[job].Select(entry => entry.Name).ShouldBe(["a", "b"]);
        lists[other].Select(entry => entry.Name).ShouldBe(["c"]);
    }

    [Fact]
    public async Task The_janitor_takes_what_nobody_finishes()
    {
        await using var door = await house.Open(
            ("Artifacts:SweepSeconds", "1"), ("Artifacts:ChunkBytes", "65536"));
        using var agent = await door.Agent();
        var job = door.Owner.AddJob();
        using var put = await Put(agent, job, "kept", Some);
        await put.Json(201);
        var store = door.Services.GetRequiredService<ArtifactStore>();
        Guid old = WireId.New(), young = WireId.New();
        foreach (var id in (Guid[])[old, young])
        {
            await store.Begin(new ArtifactUpload(id, job, "job", "command", 1, "worker-1", "x", "text/plain"), default);
            for (var i = 0; i < 100; i++)
                await store.Append(id, i, Some.AsMemory(0, 100), default);
        }

        await using var db = house.Db();
        await db.Set<Artifact>().Where(artifact => artifact.Id != young && artifact.OwnerId == job).ExecuteUpdateAsync(
            set => set.SetProperty(artifact => artifact.TouchedAt, artifact => artifact.TouchedAt.AddMinutes(-61)));
        await Eventually.True(
            async () => !await db.Set<Artifact>().AnyAsync(artifact => artifact.Id == old), "the old one is removed");
        (await db.Set<ArtifactChunk>().CountAsync(chunk => chunk.ArtifactId == old)).ShouldBe(0);
        (await db.Set<ArtifactChunk>().CountAsync(chunk => chunk.ArtifactId == young)).ShouldBe(100);
        (await Rows(job)).Select(row => row.Name).Order().ShouldBe(["kept", "x"]);
    }

    private async Task<(ControlApp Door, HttpClient Agent, HttpClient Reader, Guid Job)> Setting(string tenant = "default")
    {
        var door = await house.Door(("Artifacts:ChunkBytes", "65536"));
        return (door, await door.Agent(), await door.WithScopes("jobs:read"), door.Owner.AddJob(tenant));
    }

    private async Task<List<Artifact>> Rows(Guid job)
    {
        await using var db = house.Db();
        return await db.Set<Artifact>().Where(artifact => artifact.OwnerId == job).ToListAsync();
    }

    private static async Task<string> Stored(HttpClient agent, Guid job)
    {
        using var put = await Put(agent, job, "x.bin", Some);
        return (await put.Json(201)).GetProperty("url").GetString()!;
    }

    private static async Task<HttpResponseMessage> Put(
        HttpClient agent, Guid job, string name, byte[] bytes, string type = "application/octet-stream",
        int attempt = 1, string worker = "worker-1")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var request = Request(job, name, content, attempt, worker);
        return await agent.SendAsync(request);
    }

    private static HttpRequestMessage Request(
        Guid job, string name, HttpContent content, int attempt = 1, string worker = "worker-1")
    {
        var url = $"/v1/attempts/{WireId.Format(job)}/{attempt}/artifacts/{ArtifactName.ToPath(name)}";
        var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = content };
        request.Headers.TryAddWithoutValidation("Fleet-Agent", worker);
        return request;
    }

    private static async Task<HttpResponseMessage> Ask(
        HttpClient reader, string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await reader.SendAsync(request);
    }

    /// <summary>Sends the path as it is, which no client library does.</summary>
    private static async Task<string> Raw(ControlApp door, string method, string path, HttpClient who)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(door.Address.Host, door.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nFleet-Agent: worker-1\r\n"
            + $"Authorization: {who.DefaultRequestHeaders.Authorization}\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Something happens in the middle of the upload.</summary>
    private sealed class SlowContent(byte[] bytes, Func<Task> happens) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            await happens();
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
