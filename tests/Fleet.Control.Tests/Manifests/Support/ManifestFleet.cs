using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Manifests;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Manifests.Support;

/// <summary>A whole Control with manifests. The agents are the test.</summary>
public class ManifestFleet : TestFleet
{
    protected override (string Key, string Value)[] Settings =>
    [
        ("Manifests:RolloutSeconds", "0.1"), ("Manifests:WatchSeconds", "0.05"), ("Manifests:ConfirmOverAgents", "3"), ("Manifests:ReconcileSeconds", "0.3"), ("Manifests:SilentSeconds", "120"),
        ("Manifests:EventSeconds", "0.2"), ("Manifests:LogSeconds", "5"), ("Manifests:TailSeconds", "10"),
        ("Secrets:KeyFile", Key()),
    ];

    public const string Hello =
        """
        # says hello
        id: hello
        version: 1.0.0
        execute:
          shell: sh
          timeout: 30s
          script: |
            echo "hello $FLEET_PARAM_WHO"   # to whom?
        parameters:
          - name: who
            default: world
            choices: [world, fleet]
        """;

    /// <summary>A manifest, as YAML.</summary>
    public async Task<JsonElement> Post(string yaml, int status = 201) => await Send(HttpMethod.Post, "/v1/manifests", yaml, status);

    public async Task<JsonElement> Send(
        HttpMethod method, string path, string body, int status, string type = "application/yaml", HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await (by ?? Http).SendAsync(request);
        return await answer.Json(status);
    }

    /// <summary>What a POST of JSON is answered.</summary>
    public async Task<JsonElement> Tell(string path, int status, object? body = null, HttpClient? by = null)
    {
        using var answer = await (by ?? Http).PostAsJsonAsync(path, body ?? new { });
        return await answer.Json(status);
    }

    /// <summary>The counts of an execution, as <c>pending running ok failed skipped</c>.</summary>
    public async Task<string> Counts(string execution)
    {
        var counts = (await Get($"/v1/executions/{execution}")).GetProperty("counts");
        return string.Join(' ', ((string[])["pending", "running", "ok", "failed", "skipped"]).Select(name => counts.GetProperty(name).GetInt32()));
    }

    public async Task<string> State(string execution) =>
        (await Get($"/v1/executions/{execution}")).GetProperty("state").GetString()!;

    public async Task Until(string execution, string counts) => await Eventually.True(
        async () => await Counts(execution) == counts, $"the counts of {execution} are {counts}");

    internal static async Task<RunAttempt> Begin(TestAgent agent)
    {
        var run = await agent.NextRun();
        await agent.Deliver(new AttemptReport(run.WorkId, JobKinds.Command, run.Attempt, Started: true));
        return run;
    }

    internal static Task End(TestAgent agent, RunAttempt run, int exitCode = 0, string stdout = "", string stderr = "") =>
        agent.Deliver(new AttemptReport(
            run.WorkId, JobKinds.Command, run.Attempt, Output: [.. Chunks(stdout, stderr)],
            Finished: exitCode == 0
                ? new AttemptResult(AttemptOutcome.Succeeded, 0)
                : new AttemptResult(AttemptOutcome.Failed, exitCode, ErrorCode: "exit_code", ErrorMessage: $"The process exited with code {exitCode}.")));

    protected override void AddMore(IHostApplicationBuilder builder)
    {
        builder.AddManifests();
        builder.AddSchedules();
    }

    protected override void MapMore(WebApplication app)
    {
        app.MapManifests();
        app.MapSchedules();
    }

    private static IEnumerable<OutputChunk> Chunks(string stdout, string stderr)
    {
        if (stdout.Length > 0)
            yield return new OutputChunk("stdout", Encoding.UTF8.GetBytes(stdout));
        if (stderr.Length > 0)
            yield return new OutputChunk("stderr", Encoding.UTF8.GetBytes(stderr));
    }

    private string Key()
    {
        var file = Path.Combine(House.Directory, "secrets.key");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }
}
