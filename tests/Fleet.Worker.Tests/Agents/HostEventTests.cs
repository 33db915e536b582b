using System.Diagnostics;
using Fleet.Contracts.Agents;
using Fleet.Worker.Agents.Events;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Agents;

/// <summary>Each logon on the host is said until it is stored, and none again afterwards.</summary>
public sealed class HostEventTests : IAsyncDisposable
{
    private readonly AgentParts _agent = new(settings => settings.ReportPatienceSeconds = 5);
    private readonly WatchedClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LogonFile _logons;
    private OwedEvents _owed;
    private HostEventWatch? _watch;

    public HostEventTests()
    {
        Directory.CreateDirectory(_agent.Settings.Home);
        _logons = new LogonFile(Path.Combine(_agent.Settings.Home, "utmp"));
        _agent.Settings.Logons.Source = _logons.Path;
        _owed = new OwedEvents(_agent.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await Stop();
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task Logons_are_said_as_the_file_grows_until_they_are_stored()
    {
        await Start();
        Enter();
        await _clock.Pass(2); // there is no such file yet
        _logons.Add("reboot", At(0), type: 2);
        _logons.Add("ada", At(1).AddMicroseconds(250_000));
        await _clock.Pass(2);
        var first = await Said();
        first.ShouldHaveSingleItem().At.ShouldBe(At(1).AddMicroseconds(250_000));
        await _clock.Pass(5);
        (await Said()).ShouldBe(first, "nobody has answered");
        _owed.Confirm([first[0].Key]);
        _logons.Add("", At(5));
        _logons.Add("bo", At(5));
        await _clock.Pass(2);
        (await Said()).ShouldHaveSingleItem().At.ShouldBe(At(5));
    }

    [Fact]
    public async Task What_was_stored_is_not_said_again_by_another_run_of_the_agent_and_what_was_not_is_though_they_have_left()
    {
        var (ada, bo) = (_logons.Add("ada", At(1)), _logons.Add("bo", At(2), process: 200, line: "pts/1"));
        await Start();
        await Eventually.True(() => _owed.Owed(9).Count == 2, "they are seen");
        Enter();
        var both = await Said();
        both.Select(one => one.At).ShouldBe([At(1), At(2)]);
        _owed.Confirm([both[0].Key]);
        (await Said()).ShouldBe([both[1]]);
        _logons.Leave(bo);
        await _clock.Pass(2);
        await Stop();

        _owed = new OwedEvents(_agent.Settings);
        await Start();
        (await Said()).ShouldBe([both[1]]);
        _owed.Confirm([both[1].Key]);
        _logons.Leave(ada);
        _logons.Add("ada", At(60)); // the same person, terminal and process: another time
        await _clock.Pass(2);
        (await Said()).ShouldHaveSingleItem().At.ShouldBe(At(60));
    }

    [Fact]
    public async Task A_Control_that_does_not_understand_them_is_told_nothing_and_another_everything()
    {
        _logons.Add("ada", At(1));
        await Start();
        _agent.Enter();
        await _clock.Pass(2);
        await _clock.Pass(5);
        _agent.Exchange.Waiting.ShouldBe(0);
        await _agent.Session.RegistrationDue.Wait(default).Within(); // there may be another version by now
        Enter();
        await _clock.Pass(5);
        (await Said()).Count.ShouldBe(1);
    }

    [Fact]
    public void A_record_that_is_not_whole_is_none_and_a_strange_one_harms_nothing()
    {
        var whole = LogonFile.Record("ada", At(1));
        UtmpFile.Of(whole.AsSpan(0, whole.Length - 1)).ShouldBeEmpty();
        UtmpFile.Of([.. whole, .. whole[..100]]).ShouldHaveSingleItem();
        var strange = Enumerable.Repeat((byte)0xFF, LogonFile.RecordBytes).ToArray();
        (strange[0], strange[1]) = (7, 0);
        UtmpFile.Of(strange).ShouldHaveSingleItem().At.ShouldBeGreaterThanOrEqualTo(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task The_hosts_own_program_writes_what_is_read()
    {
        using var program = Process.Start(new ProcessStartInfo("python3", ["-c", PutUtline, _logons.Path])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var trouble = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        program.ExitCode.ShouldBe(0, trouble);
        var found = (await UtmpFile.Read(_logons.Path, default)).ShouldHaveSingleItem();
        found.At.ShouldBe(At(7).AddMicroseconds(8));
    }

    [Fact]
    public async Task Sessions_of_logind_count_where_they_are_a_persons()
    {
        var sessions = Directory.CreateDirectory(Path.Combine(_agent.Settings.Home, "sessions")).FullName;
        await File.WriteAllTextAsync(Path.Combine(sessions, "3"), "# private\nUID=0\nUSER=ada\nACTIVE=1\nCLASS=user\nREALTIME=1767225605000000\nMONOTONIC=1\n");
        await File.WriteAllTextAsync(Path.Combine(sessions, "c1"), "USER=gdm\nCLASS=greeter\nREALTIME=1767225605000000\n");
        await File.WriteAllTextAsync(Path.Combine(sessions, "4"), "USER=bo\nCLASS=user\nREALTIME=nobody knows\n");
        await File.WriteAllTextAsync(Path.Combine(sessions, "5.ref"), "USER=cy\nCLASS=user\nREALTIME=1767225605000000\n");
        Directory.CreateDirectory(Path.Combine(sessions, "6"));
        _agent.Settings.Logons.Source = sessions;
        var reader = new LogonReader(_agent.Settings);
        var found = (await reader.Read(default))!.ShouldHaveSingleItem();
        found.At.ShouldBe(At(5));
        (await reader.Read(default)).ShouldBe([found], "it has the same key each time");
        _agent.Settings.Logons.Source = Path.Combine(sessions, "none");
        (await reader.Read(default)).ShouldBeNull();
    }

    /// <summary>By glibc's own <c>pututline(3)</c>, whose record is as long as this host's.</summary>
    private const string PutUtline =
        """
        import ctypes, platform, sys
        libc = ctypes.CDLL("libc.so.6", use_errno=True)
        wide = platform.machine() == "aarch64"
        word = ctypes.c_int64 if wide else ctypes.c_int32
        class Utmp(ctypes.Structure):
            _fields_ = [("type", ctypes.c_short), ("pid", ctypes.c_int), ("line", ctypes.c_char * 32), ("id", ctypes.c_char * 4),
                ("user", ctypes.c_char * 32), ("host", ctypes.c_char * 256), ("exit", ctypes.c_short * 2), ("session", word),
                ("sec", word), ("usec", word), ("addr", ctypes.c_int32 * 4), ("unused", ctypes.c_char * 20)]
        libc.pututline.restype = ctypes.c_void_p
        open(sys.argv[1], "w").close()
        if libc.utmpname(sys.argv[1].encode()) != 0: sys.exit("utmpname")
        libc.setutent()
        record = Utmp(7, 4711, b"pts/3", b"ts/3", b"ada", b"elsewhere", (0, 0), 0, 1767225607, 8)
        if not libc.pututline(ctypes.byref(record)): sys.exit(f"pututline: {ctypes.get_errno()}")
        libc.endutent()
        """;

    private DateTimeOffset At(int seconds) => _clock.Start.AddSeconds(seconds);

    private void Enter() =>
        _agent.Session.Enter(new AgentWelcome("tester", 600, 1800, HearsEvents: true), _agent.Clock.GetTimestamp());

    private async Task Start()
    {
        _watch = new HostEventWatch(
            _owed, new LogonReader(_agent.Settings), _agent.Session, _agent.Exchange, _agent.Settings, _clock,
            NullLogger<HostEventWatch>.Instance);
        await _watch.StartAsync(default);
    }

    private async Task Stop()
    {
        await _watch!.StopAsync(default);
        _watch.Dispose();
        _watch = null;
    }

    private async Task<IReadOnlyList<HostEvent>> Said() => ((HostEventsSeen)(await _agent.Exchange.NextMessage()).Message).Events;
}
