using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Leases;
using Fleet.Worker.Platform.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Worker.Tests.Platform.Leases;

public sealed class LeaseGuardTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-guard-").FullName;
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkDirectory _home;
    private readonly LeaseGuard _guard;
    private readonly List<ChildProcess> _children = [];

    public LeaseGuardTests()
    {
        var settings = new WorkerSettings { Name = "tester", WorkDirectory = _directory, RunAs = JobUsers.Self };
        var users = new JobUsers(settings);
        _home = new WorkDirectory(
            settings, users, new AttemptCgroups(settings, NullLogger<AttemptCgroups>.Instance), NullLogger<WorkDirectory>.Instance);
        _guard = new LeaseGuard(_home, users, _clock, NullLogger<LeaseGuard>.Instance);
    }

    [Fact]
    public async Task When_the_worker_is_gone_its_groups_are_killed_and_those_who_left_them_and_nobody_else()
    {
        var grouped = Start("sleep 1000 & exec env -i sleep 1000"); // without a mark
        var marked = Start("setsid sleep 1000 & exec setsid sleep 1000", _home.RunMark); // in no group that is known
        var stranger = Start("exec sleep 1000", "FLEET_RUN_MARK=another");
        _guard.Keep([ChildMark.Of(grouped.Id)!], TimeSpan.FromSeconds(1000));
        await Eventually.StaysTrue(() => IsAlive(grouped), TimeSpan.FromMilliseconds(300), "it lives beside the worker");
        _guard.Dispose();
        await Eventually.True(() => !IsAlive(grouped) && !IsAlive(marked), "the guard kills");
        IsAlive(stranger).ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_worker_says_nothing_in_time_its_groups_are_killed()
    {
        var child = Start("exec sleep 1000", _home.RunMark);
        _guard.Keep([ChildMark.Of(child.Id)!], TimeSpan.FromSeconds(2));
        Rest();
        _guard.Keep([ChildMark.Of(child.Id)!], TimeSpan.FromSeconds(5)); // renewed
        await Eventually.StaysTrue(() => IsAlive(child), TimeSpan.FromSeconds(2.5), "the time was prolonged");
        await Eventually.True(() => !IsAlive(child), "the time is over");
    }

    [Fact]
    public async Task A_group_that_ended_is_forgotten()
    {
        var ended = Start("exec sleep 1000");
        var running = Start("exec sleep 1000", _home.RunMark);
        _guard.Keep([ChildMark.Of(ended.Id)!], TimeSpan.FromSeconds(1000));
        Rest();
        _guard.Keep([ChildMark.Of(running.Id)!], TimeSpan.FromSeconds(1000));
        _guard.Dispose();
        await Eventually.True(() => !IsAlive(running), "the guard kills");
        IsAlive(ended).ShouldBeTrue("its id may belong to somebody else by now");
    }

    [Fact]
    public async Task What_starts_after_the_last_word_is_killed_too()
    {
        _guard.Keep([], TimeSpan.FromSeconds(3));
        _guard.IsArmed.ShouldBeTrue();
        var child = Start("exec sleep 1000", _home.RunMark);
        await Eventually.True(() => !IsAlive(child), "the time is over");
        _clock.Advance(TimeSpan.FromSeconds(3.1));
        _guard.IsArmed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_guard_at_rest_kills_nobody()
    {
        _guard.Keep([], TimeSpan.FromSeconds(2));
        Rest();
        _guard.Rest();
        _guard.IsArmed.ShouldBeFalse();
        var child = Start("exec sleep 1000", _home.RunMark);
        await Eventually.StaysTrue(() => IsAlive(child), TimeSpan.FromSeconds(3), "nobody strikes it");
    }

    public void Dispose()
    {
        _guard.Dispose();
        foreach (var child in _children)
        {
            child.Dispose();
            child.Reap();
        }

        _home.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The guard speaks to its shell at most once a second.</summary>
    private void Rest() => _clock.Advance(TimeSpan.FromSeconds(1.1));

    private static bool IsAlive(ChildProcess child) => ProcessTable.Find(child.Id) is { IsAlive: true };

    private ChildProcess Start(string script, params string[] environment)
    {
        var child = ChildProcess.Start(new ChildCommand(
            "/bin/sh", ["sh", "-c", script], ["PATH=/usr/bin:/bin", .. environment], "/"));
        _children.Add(child);
        return child;
    }
}
