using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Platform.Isolation;

/// <summary>What is said to the kernel, in a directory with the files that a delegated control group has.</summary>
public sealed class AttemptCgroupTests : IDisposable
{
    private readonly string _own = Directory.CreateTempSubdirectory("fleet-cgroup-").FullName;
    private readonly AttemptKey _key = new(Guid.CreateVersion7(), JobKinds.Command, 1);

    public AttemptCgroupTests()
    {
        Write("cgroup.controllers", "cpu memory pids\n");
        foreach (var file in (string[])["pids.max", "memory.max", "cpu.max"])
            Write(Path.Combine($"attempt-{_key}", file), "max");
    }

    public void Dispose() => Directory.Delete(_own, recursive: true);

    [Fact]
    public void The_agent_makes_room_and_each_attempt_is_bounded()
    {
        var cgroups = Of(new WorkerSettings { MaxMemoryBytes = 1 << 30, MaxCpus = 1.5, MaxProcesses = 100 });
        cgroups.Use(_own);
        Read("agent", "cgroup.procs").ShouldBe($"{Environment.ProcessId}");
        using var group = cgroups.Make(_key);
        Read($"attempt-{_key}", "memory.max").ShouldBe("1073741824");
        Read($"attempt-{_key}", "cpu.max").ShouldBe("150000 100000");
        Read($"attempt-{_key}", "pids.max").ShouldBe("100");
        group!.Add(4711);
        Read($"attempt-{_key}", "cgroup.procs").ShouldBe("4711");
        group.Kill();
        Read($"attempt-{_key}", "cgroup.kill").ShouldBe("1");
    }

    [Fact]
    public void Without_a_group_of_its_own_an_attempt_has_none()
    {
        var cgroups = Of(new WorkerSettings());
        cgroups.Use(null);
        cgroups.Make(_key).ShouldBeNull();
        cgroups.Use("/proc/no/such");
        cgroups.Make(_key).ShouldBeNull();
    }

    private static AttemptCgroups Of(WorkerSettings settings) => new(settings, NullLogger<AttemptCgroups>.Instance);

    private string Read(params string[] path) => File.ReadAllText(Path.Combine([_own, .. path]));

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_own, name))!);
        File.WriteAllText(Path.Combine(_own, name), text);
    }
}
