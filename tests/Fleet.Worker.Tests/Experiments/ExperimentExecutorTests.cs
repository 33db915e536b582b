using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Experiments;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Experiments;

/// <summary>Runs of commits, with a Control that may tell anything.</summary>
public sealed class ExperimentExecutorTests : IAsyncLifetime
{
    private const string Commit = "00112233445566778899aabbccddeeff00112233";

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _home = Directory.CreateTempSubdirectory("fleet-worker-").FullName;
    private readonly AttemptKey _key = new(Guid.CreateVersion7(), ExperimentSpec.Kind, 1);
    private readonly Dictionary<string, string> _files = [];
    private readonly ConcurrentQueue<JsonElement> _batches = new();
    private FakeControl _control = null!;
    private int _away;

    public async Task InitializeAsync() => _control = await FakeControl.Start();

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_run_finds_its_files_and_is_started_with_its_arguments()
    {
        var (result, output) = await Run(
            ["sh", "run.sh"], new ExperimentSpec(Commit, ["a b"], new Dictionary<string, string> { ["X"] = "y" }),
            ("run.sh", "cat lib/word; echo \"$1 $X $FLEET_COMMIT\"; echo '::metric loss=0.5 step=2'"), ("lib/word", "hello\n"));
        (result.Outcome, result.ErrorMessage).ShouldBe((AttemptOutcome.Succeeded, null));
        output.ShouldBe($"hello\na b y {Commit}\n");
        var batch = _batches.ShouldHaveSingleItem();
        batch.GetProperty("number").GetInt64().ShouldBe(1);
        var point = batch.GetProperty("points")[0];
        (point.GetProperty("name").GetString(), point.GetProperty("value").GetDouble(), point.GetProperty("step").GetInt64())
            .ShouldBe(("loss", 0.5, 2));
        _control.Requests.Last(request => request.Target.EndsWith("run-manifest.json", StringComparison.Ordinal))
            .Body.ShouldContain(Sha("hello\n"));
    }

    [Fact]
    public async Task A_file_with_another_content_is_never_run()
    {
        var (result, output) = await Run(["sh", "run.sh"], new ExperimentSpec(Commit), ("run.sh", "echo ran"), ("data", "!wrong"));
        (result.ErrorCode, result.IsFinal, output).ShouldBe((ExperimentErrors.SnapshotCorrupt, true, ""));
        result.ErrorMessage!.ShouldContain("data");
    }

    [Fact]
    public async Task A_file_that_is_gone_is_never_run()
    {
        var (result, output) = await Run(["sh", "run.sh"], new ExperimentSpec(Commit), ("run.sh", "echo ran"), ("data", "?gone"));
        (result.ErrorCode, output).ShouldBe((ExperimentErrors.SnapshotMissing, ""));
        result.ErrorMessage!.ShouldContain("data");
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("a/../../out")]
    [InlineData("/tmp/fleet-out")]
    [InlineData("a//b")]
    public async Task A_name_that_leads_out_is_never_written(string name)
    {
        var (result, _) = await Run(["true"], new ExperimentSpec(Commit), (name, "x"));
        result.ErrorCode.ShouldBe(ExperimentErrors.SnapshotCorrupt);
        File.Exists(Path.Combine(_home, "out")).ShouldBeFalse();
        File.Exists("/tmp/fleet-out").ShouldBeFalse();
    }

    [Fact]
    public async Task A_dataset_that_nobody_knows_any_more_is_named()
    {
        var (result, _) = await Run(["true"], new ExperimentSpec(Commit, Datasets: ["mnist"]), ("x", ""));
        (result.ErrorCode, result.ErrorMessage!.Contains("mnist", StringComparison.Ordinal)).ShouldBe((ExperimentErrors.DatasetMissing, true));
    }

    [Fact]
    public async Task What_was_measured_while_Control_was_away_comes_once_and_in_order()
    {
        _away = 2;
        var (result, _) = await Run(
            ["sh", "run.sh"], new ExperimentSpec(Commit), ("run.sh", "for i in 1 2 3 4 5; do echo \"::metric x=$i\"; done"));
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        _batches.SelectMany(batch => batch.GetProperty("points").EnumerateArray()).Select(point => point.GetProperty("value").GetDouble())
            .ShouldBe([1, 2, 3, 4, 5]);
        _batches.Select(batch => batch.GetProperty("number").GetInt64()).ShouldBe(Enumerable.Range(1, _batches.Count).Select(n => (long)n));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_ends_although_what_it_measures_cannot_be_stored()
    {
        const string measure =
            "i=0; while :; do i=$((i+1)); echo \"::metric x=$i\"; [ $((i % 1000)) -ne 0 ] || echo >> many; done";
        _away = int.MaxValue;
        var stop = new StopSignal();
        var run = Run(["sh", "run.sh"], new ExperimentSpec(Commit), stop, ("run.sh", measure));
        var many = new FileInfo(Path.Combine(_home, "attempts", $"{_key}", "work", "many"));
        await Eventually.True(() => new FileInfo(many.FullName) is { Exists: true, Length: > 21 }, "no more has room");
        stop.Ask(StopReason.Cancelled, TimeSpan.Zero);
        (await run.Within()).Result.Outcome.ShouldBe(AttemptOutcome.Cancelled);
    }

    [Fact]
    public async Task A_run_that_exits_otherwise_has_failed()
    {
        var (result, _) = await Run(["sh", "-c", "exit 3"], new ExperimentSpec(Commit), ("x", ""));
        (result.Outcome, result.ExitCode, result.ErrorCode).ShouldBe((AttemptOutcome.Failed, 3, "exit_code"));
    }

    /// <summary>A content that begins with an exclamation mark is told as another one; with a question mark it is not there.</summary>
    private Task<(AttemptResult Result, string Output)> Run(
        string[] entry, ExperimentSpec run, params (string Path, string Text)[] files) => Run(entry, run, new StopSignal(), files);

    private async Task<(AttemptResult Result, string Output)> Run(
        string[] entry, ExperimentSpec run, StopSignal stop, params (string Path, string Text)[] files)
    {
        var listed = files.Select(file => new SnapshotFile(file.Path, file.Text.Length, Sha(file.Text), false)).ToList();
        foreach (var (_, text) in files.Where(file => !file.Text.StartsWith('?')))
            _files[Sha(text)] = text.Replace('!', '.');
        var snapshot = new ExperimentSnapshot(
            Commit, Sha(ExperimentSnapshot.Listing(listed)), listed, entry, new Dictionary<string, string>(), null, []);
        _control.Answer = request => Answer(request, snapshot);
        var settings = new WorkerSettings
        {
            Name = "tester",
            Token = "token-of-the-test",
            Control = _control.Url,
            WorkDirectory = _home,
            RunAs = JobUsers.Self,
        };
        var users = new JobUsers(settings);
        var cgroups = new AttemptCgroups(settings, NullLogger<AttemptCgroups>.Instance);
        var home = new WorkDirectory(settings, users, cgroups, NullLogger<WorkDirectory>.Instance);
        using var control = new ControlClient(settings);
        using var download = new DatasetDownload(settings);
        var datasets = new DatasetFetcher(new DatasetCache(download, settings, TimeProvider.System));
        var client = new SnapshotClient(control);
        var uploader = new ArtifactUploader(control, settings, NullLogger<ArtifactUploader>.Instance);
        var process = new CommandProcess(new CommandEnvironment(settings, home), cgroups, uploader, settings);
        var executor = new ExperimentExecutor(new SnapshotStager(client), datasets, client, process, settings, TimeProvider.System);
        var directory = AttemptDirectory.At(home.Attempts, _key);
        directory.Create();
        var events = new List<AttemptEvent>();
        await foreach (var happened in executor.Run(
            new AttemptContext(_key, SpecJson.Write(run), null, null, directory, stop)))
            events.Add(happened);
        events.OfType<Measured>().ShouldBeEmpty();
        var output = string.Concat(events.OfType<Wrote>().Select(wrote => Encoding.UTF8.GetString(wrote.Chunk.Bytes)));
        return (events.OfType<Ended>().Single().Result, output);
    }

    private (int, string) Answer(FakeControl.Received request, ExperimentSnapshot snapshot)
    {
        if (request.Target.EndsWith("/snapshot", StringComparison.Ordinal))
            return (200, JsonSerializer.Serialize(snapshot, Snake));
        if (request.Target.Contains("/snapshot/", StringComparison.Ordinal))
            return _files.TryGetValue(request.Target[(request.Target.LastIndexOf('/') + 1)..], out var text) ? (200, text) : (404, "");
        if (!request.Target.EndsWith("/metrics", StringComparison.Ordinal))
            return (201, "{}");
        if (_away-- > 0)
            return (503, "");
        _batches.Enqueue(JsonDocument.Parse(request.Body).RootElement);
        return (204, "");
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
