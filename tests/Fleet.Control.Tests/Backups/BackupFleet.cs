using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Control.Backups;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Backups;

/// <summary>A whole Control with backups. The agents are the test.</summary>
public sealed class BackupFleet : TestFleet
{
    private WebApplication? _app;

    protected override (string Key, string Value)[] Settings =>
        [("Backups:AlertSeconds", "0.2"), ("Secrets:KeyFile", Key())];

    internal IEnumerable<RouteEndpoint> Routes =>
        ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    internal Task<TestAgent> BackupAgent(string? name = null) => Agent(name, slots: new Dictionary<string, int> { ["backup"] = 2 });

    public async Task<HttpClient> Tenant(string tenant, params string[] scopes)
    {
        using var answer = await Http.PostAsJsonAsync(
            "/v1/api-keys", new { name = tenant, tenant, scopes = scopes.Length == 0 ? ["admin"] : scopes });
        return With((await answer.Json(201)).GetProperty("key").GetString());
    }

    /// <summary>A repository and a source group of the same name; the ids of both.</summary>
    public static async Task<(string Repository, string Group)> Create(
        HttpClient by, string name, string agent, int? newestWithin = null)
    {
        using var repository = await by.PostAsJsonAsync(
            "/v1/repositories", new { name, url = $"/nowhere/{name}", password = $"secret of {name}", agent });
        var id = (await repository.Json(201)).GetProperty("repository_id").GetString()!;
        using var group = await by.PostAsJsonAsync("/v1/source-groups", new
        {
            name,
            agent,
            repository = name,
            includes = new[] { "/somewhere" },
            newest_within_s = newestWithin,
            keep = new { last = 3 },
        });
        return (id, (await group.Json(201)).GetProperty("source_group_id").GetString()!);
    }

    public static async Task<string> Submit(HttpClient by, object backup, string path = "/v1/backups")
    {
        using var answer = await by.PostAsJsonAsync(path, backup);
        return (await answer.Json(202)).GetProperty("backup_id").GetString()!;
    }

    /// <summary>What an agent finds in a repository.</summary>
    internal static async Task Tell(TestAgent agent, string repository, string snapshot, string group, DateTimeOffset at)
    {
        using var answer = await agent.Http.PutAsJsonAsync($"/v1/agents/{agent.Name}/repositories/{repository}/snapshots", new
        {
            snapshots = new[]
            {
                new { id = snapshot, short_id = snapshot[..8], time = at, hostname = "here", paths = new[] { "/somewhere" }, tags = new[] { group } },
            },
        });
        ((int)answer.StatusCode).ShouldBe(204);
    }

    public static async Task<List<JsonElement>> Items(HttpClient by, string path)
    {
        using var answer = await by.GetAsync(path);
        return [.. (await answer.Json(200)).GetProperty("items").EnumerateArray()];
    }

    protected override void AddMore(IHostApplicationBuilder builder) => builder.AddBackups();

    protected override void MapMore(WebApplication app)
    {
        app.MapBackups();
        _app ??= app;
    }

    private string Key()
    {
        var file = Path.Combine(House.Directory, "secrets.key");
        File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
