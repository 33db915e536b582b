using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Experiments;
using Fleet.Worker.Experiments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Tests.Experiments;

/// <summary>What an agent keeps of datasets, and where it fetches them.</summary>
public sealed class DatasetCacheTests : IAsyncLifetime
{
    private const string Content = "1,2,3\n";

    private readonly string _home = Directory.CreateTempSubdirectory("fleet-data-").FullName;
    private WebApplication _server = null!;
    private int _fetches;
    private int _files;

    private string Url => _server.Urls.First();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapGet("/{name}.csv", (string name) =>
        {
            Interlocked.Increment(ref _fetches);
            return name == "other" ? "4,5,6\n" : Content;
        });
        _server.MapGet("/moved", () => Results.Redirect("/data.csv"));
        _server.MapGet("/circle", () => Results.Redirect("/circle"));
        _server.MapGet("/out", (string to) => Results.Redirect(to));
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task What_is_known_by_its_digest_is_fetched_once()
    {
        using var cache = new Cache(Settings());
        for (var run = 0; run < 3; run++)
            (await Text(cache, Known("/data.csv"))).ShouldBe(Content);
        _fetches.ShouldBe(1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Text(cache, Known("/new.csv"))));
        _fetches.ShouldBe(2, "of runs that want the same at once, one fetches it");
        (await Text(cache, Known("/data.csv") with { Sha256 = null })).ShouldBe(Content);
        _fetches.ShouldBe(3);
    }

    [Fact]
    public async Task What_was_changed_where_it_is_kept_is_fetched_anew()
    {
        using var cache = new Cache(Settings());
        await Text(cache, Known("/data.csv"));
        var kept = Directory.GetFiles(Path.Combine(_home, "datasets")).ShouldHaveSingleItem();
        await File.WriteAllTextAsync(kept, "9,9,9\n");
        (await Text(cache, Known("/data.csv"))).ShouldBe(Content);
        _fetches.ShouldBe(2);
    }

    [Fact]
    public async Task What_has_another_digest_than_it_should_is_neither_used_nor_kept()
    {
        using var cache = new Cache(Settings());
        (await Should.ThrowAsync<StagingException>(() => Text(cache, Known("/other.csv")))).Code.ShouldBe(ExperimentErrors.DatasetCorrupt);
        Directory.Exists(Path.Combine(_home, "datasets")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_not_used_for_longest_goes_when_there_is_no_room()
    {
        using var cache = new Cache(Settings(room: 2 * Content.Length));
        await Text(cache, Known("/a.csv"));
        await Text(cache, Known("/b.csv"));
        foreach (var kept in Directory.GetFiles(Path.Combine(_home, "datasets")))
            File.SetLastWriteTimeUtc(kept, DateTime.UnixEpoch);
        await Text(cache, Known("/a.csv"));
        await Text(cache, Known("/c.csv"));
        _fetches.ShouldBe(3);
        await Text(cache, Known("/a.csv"));
        _fetches.ShouldBe(3, "it was used since");
        await Text(cache, Known("/b.csv"));
        _fetches.ShouldBe(4);
        Directory.GetFiles(Path.Combine(_home, "datasets")).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("/circle")]
    [InlineData("/out?to=ftp://files.example/x")]
    [InlineData("/out?to=file:///etc/passwd")]
    [InlineData("/out?to=http://me:secret@files.example/x")]
    public async Task A_server_sends_on_only_to_what_could_have_been_registered(string path)
    {
        using var cache = new Cache(Settings());
        (await Text(cache, Known("/moved"))).ShouldBe(Content);
        var refused = await Should.ThrowAsync<StagingException>(() => Text(cache, Known(path)));
        (refused.Code, refused.Message.Contains("sends on", StringComparison.Ordinal)).ShouldBe((ExperimentErrors.DatasetMissing, true));
    }

    private WorkerSettings Settings(long room = 1 << 20) => new() { WorkDirectory = _home, DatasetCacheBytes = room };

    private SnapshotDataset Known(string path) =>
        new("data", Url + path, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content))), null);

    private async Task<string> Text(Cache cache, SnapshotDataset dataset)
    {
        var path = Path.Combine(_home, $"run-{Interlocked.Increment(ref _files)}");
        (await cache.Datasets.Fetch(dataset, path, CancellationToken.None)).Size.ShouldBe(Content.Length);
        return await File.ReadAllTextAsync(path);
    }

    private sealed class Cache(WorkerSettings settings) : IDisposable
    {
        private readonly DatasetDownload _download = new(settings);

        public DatasetCache Datasets => field ??= new DatasetCache(_download, settings, TimeProvider.System);

        public void Dispose() => _download.Dispose();
    }
}
