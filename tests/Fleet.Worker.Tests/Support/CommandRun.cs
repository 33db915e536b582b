using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Support;

/// <summary>One attempt run by the real executor in a directory of its own, and everything it yielded.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly string _home = System.IO.Directory.CreateTempSubdirectory("fleet-worker-").FullName;
    private readonly ControlClient _control;
    private readonly Dictionary<string, MemoryStream> _output = new()
    {
        ["stdout"] = new MemoryStream(),
        ["stderr"] = new MemoryStream(),
    };

    public CommandRun(Action<WorkerSettings>? adjust = null)
    {
        Settings = new WorkerSettings
        {
            Name = "tester",
            Token = "token-of-the-test",
            Control = "http://127.0.0.1:1",
            WorkDirectory = _home,
            KillGraceSeconds = 0.3,
            RunAs = JobUsers.Self,
        };
        adjust?.Invoke(Settings);
        _control = new ControlClient(Settings);
        Users = new JobUsers(Settings);
        Cgroups = new AttemptCgroups(Settings, NullLogger<AttemptCgroups>.Instance);
        Home = new WorkDirectory(Settings, Users, Cgroups, NullLogger<WorkDirectory>.Instance);
        Directory = AttemptDirectory.At(Home.Attempts, Key);
        Directory.Create();
    }

    /// <summary>An attempt of this tenant, as its own user, on the same agent as another one if that is given.</summary>
    private CommandRun(string tenant, CommandRun? beside)
    {
        Settings = beside?.Settings ?? new WorkerSettings
        {
            Name = "tester",
            Token = "token-of-the-test",
            Control = "http://127.0.0.1:1",
            WorkDirectory = _home,
            KillGraceSeconds = 0.3,
        };
        _control = new ControlClient(Settings);
        Users = beside?.Users ?? new JobUsers(Settings);
        Cgroups = new AttemptCgroups(Settings, NullLogger<AttemptCgroups>.Instance);
        Home = beside?.Home ?? new WorkDirectory(Settings, Users, Cgroups, NullLogger<WorkDirectory>.Instance);
        if (beside is null)
            Home.StartAsync(default).GetAwaiter().GetResult();
        Directory = AttemptDirectory.At(Home.Attempts, Key, Users.Take(tenant));
        Directory.Create();
    }

    public static CommandRun Of(string tenant, CommandRun? beside = null) => new(tenant, beside);

    public WorkerSettings Settings { get; }

    public JobUsers Users { get; }

    public AttemptCgroups Cgroups { get; }

    public WorkDirectory Home { get; }

    public AttemptKey Key { get; } = new(Guid.CreateVersion7(), JobKinds.Command, 3);

    public AttemptDirectory Directory { get; }

    public StopSignal Stop { get; } = new();

    public List<OutputChunk> Chunks { get; } = [];

    public List<ProgressReport> Progress { get; } = [];

    public byte[] OutputBytes => _output["stdout"].ToArray();

    public string Output => Encoding.UTF8.GetString(OutputBytes);

    public string Error => Encoding.UTF8.GetString(_output["stderr"].ToArray());

    /// <summary>Called with all of stdout so far, whenever there is more of it.</summary>
    public Action<string>? WhenOutput { get; set; }

    public Task<AttemptResult> Script(string script, int? timeoutSeconds = null, string shell = "sh") =>
        Run(new CommandSpec(Script: script, Shell: shell), timeoutSeconds);

    public Task<AttemptResult> Program(string program, params string[] args) =>
        Run(new CommandSpec(program, args));

    public async Task<AttemptResult> Run(CommandSpec command, int? timeoutSeconds = null)
    {
        AttemptResult? result = null;
        await foreach (var happened in Events(command, timeoutSeconds))
        {
            result.ShouldBeNull("the end comes last");
            if (happened is Wrote(var chunk))
                Note(chunk);
            else if (happened is Progressed(var progress))
                Progress.Add(progress);
            else if (happened is Ended(var how))
                result = how;
        }

        return result.ShouldNotBeNull();
    }

    public IAsyncEnumerable<AttemptEvent> Events(CommandSpec command, int? timeoutSeconds = null)
    {
        var uploader = new ArtifactUploader(_control, Settings, NullLogger<ArtifactUploader>.Instance);
        var executor = new CommandExecutor(new CommandEnvironment(Settings, Home), Cgroups, uploader, Settings);
        return executor.Run(new AttemptContext(Key, SpecJson.Write(command), timeoutSeconds, null, Directory, Stop));
    }

    public void Dispose()
    {
        _control.Dispose();
        Home.Dispose();
        DirectoryTree.Delete(_home).GetAwaiter().GetResult();
    }

    private void Note(OutputChunk chunk)
    {
        Chunks.Add(chunk);
        _output[chunk.Stream].Write(chunk.Bytes);
        if (chunk.Stream == "stdout")
            WhenOutput?.Invoke(Output);
    }
}
