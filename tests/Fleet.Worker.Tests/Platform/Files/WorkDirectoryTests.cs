using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.Worker.Tests.Platform.Files;

public sealed class WorkDirectoryTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-worker-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task What_a_killed_worker_left_running_is_ended_at_the_next_start()
    {
        using var mine = Directories("tester");
        using var others = Directories("other-agent");
        var left = Sleep(mine.Marks);
        var strange = Sleep(others.Marks);
        var old = Directory.CreateDirectory(Path.Combine(mine.Attempts, "old")).FullName;

        await mine.StartAsync(default);

        await left.Ended.Within();
        left.Reap().Signal.ShouldBe(Signals.Kill);
        strange.Ended.IsCompleted.ShouldBeFalse();
        Directory.Exists(old).ShouldBeFalse();
        strange.Signal(Signals.Kill);
        await strange.Ended.Within();
        strange.Reap();
    }

    [Fact]
    public async Task Two_workers_do_not_share_a_directory()
    {
        using var first = Directories("tester");
        await first.StartAsync(default);
        using var second = Directories("tester");
        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => second.StartAsync(default));
        refusal.Failures.Single().ShouldContain("Another worker uses");
        first.Dispose();
        await second.StartAsync(default);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_is_a_wrong_setting()
    {
        using var impossible = Directories("tester", "/proc/no/such");
        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => impossible.StartAsync(default));
        refusal.Failures.Single().ShouldContain("Worker:WorkDirectory cannot be used");
    }

    private static ChildProcess Sleep(IReadOnlyList<string> marks) =>
        ChildProcess.Start(new ChildCommand("/bin/sleep", ["sleep", "1000"], marks, "/"));

    private WorkDirectory Directories(string agent, string? place = null)
    {
        var settings = new WorkerSettings { Name = agent, WorkDirectory = place ?? _home, RunAs = JobUsers.Self };
        return new WorkDirectory(
            settings, new JobUsers(settings), new AttemptCgroups(settings, NullLogger<AttemptCgroups>.Instance), NullLogger<WorkDirectory>.Instance);
    }
}
