using System.Net;
using System.Security.Cryptography;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Artifacts;

/// <summary>Measures the memory of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(LargeArtifactTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(LargeArtifactTests))]
public sealed class LargeArtifactTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private const int Size = 50 * 1024 * 1024;

    [Fact]
    public async Task Fifty_megabytes_pass_through_without_being_held()
    {
        var door = await house.Door();
        using var agent = await door.Agent();
        using var reader = await door.WithScopes("jobs:read");
        var job = door.Owner.AddJob();
        await PassThrough(agent, reader, job, "warm-up", 2 * 1024 * 1024);

        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = 0L;
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var watch = Task.Run(async () =>
        {
            while (await often.WaitForNextTickAsync())
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        });
        await PassThrough(agent, reader, job, "large", Size);
        often.Dispose();
        await watch;
        peak.ShouldBeLessThan(12 * 1024 * 1024);
    }

    private static async Task PassThrough(HttpClient agent, HttpClient reader, Guid job, string name, int size)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Put, $"/v1/attempts/{WireId.Format(job)}/1/artifacts/{name}")
        {
            Content = new Pattern(size),
        };
        request.Headers.Add("Fleet-Agent", "worker-1");
        using var put = await agent.SendAsync(request);
        var view = await put.Json(201);
        view.GetProperty("size").GetInt64().ShouldBe(size);

        using var got = await reader.GetAsync(
            view.GetProperty("url").GetString(), HttpCompletionOption.ResponseHeadersRead);
        got.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var bytes = await got.Content.ReadAsStreamAsync();
        Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes)).ShouldBe(view.GetProperty("sha256").GetString());
    }

    private sealed class Pattern(int size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[64 * 1024];
            for (var written = 0; written < size; written += block.Length)
            {
                Random.Shared.NextBytes(block);
                await stream.WriteAsync(block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
