using Fleet.Client.Work;

namespace Fleet.Cli.Tests.Support;

/// <summary>What a fleet might answer on the fourth of May 2031, before noon.</summary>
internal static class Samples
{
    public const string JobId = "01JT0000000000000000000001";

    public static DateTimeOffset At(int hour, int minute) => new(2031, 5, 4, hour, minute, 0, TimeSpan.Zero);

    public static object Job(
        string state = "succeeded", int? exitCode = 0, string? name = "build", string id = JobId, object? error = null, string? agent = "worker-1") => new
        {
            job_id = id,
            kind = "command",
            name,
            state,
            attempt = state == "queued" ? 0 : 1,
            max_attempts = 1,
            priority = 5,
            labels = new Dictionary<string, string> { ["env"] = "test" },
            target = new JobTarget(),
            agent = state == "queued" ? null : agent,
            created_at = At(11, 0),
            started_at = state == "queued" ? (DateTimeOffset?)null : At(11, 1),
            finished_at = state is "queued" or "running" ? (DateTimeOffset?)null : At(11, 31),
            exit_code = exitCode,
            error,
            artifacts = Array.Empty<object>(),
            offline = "wait",
            held = false,
            links = new Dictionary<string, string> { ["self"] = $"/v1/jobs/{id}" },
        };

    public static object Page(params object[] items) => new { items, next = (string?)null };

    public static (string, object?) Output(string stream, string text) => ("output", new { stream, text, attempt = 1 });

    public static (string, object?) State(string? from, string to) =>
        ("state", new { from, to, attempt = 1, reason = (string?)null, agent = "worker-1" });

    public static (string, object?) End(string state = "succeeded", int? exitCode = 0, object? error = null) =>
        ("end", Job(state, exitCode, error: error));

    public static object Agent(string name = "worker-1", string state = "online") => new
    {
        name,
        state,
        draining = false,
        slots = new Dictionary<string, int> { ["command"] = 4, ["inference"] = 1 },
        labels = new Dictionary<string, string> { ["site"] = "here" },
        version = "0.1.0",
        hostname = "host-1",
        os = "linux",
        arch = "x64",
        in_hand = 2,
        enrolled_at = At(8, 0),
        registered_at = At(9, 0),
        seen_at = At(11, 59),
        revoked_at = (DateTimeOffset?)null,
        reason = state == "offline" ? "It has not been heard for 90 s." : null,
        upstreams = new[]
        {
            new
            {
                name = "here",
                protocol = "ollama",
                reachable = true,
                generations = 1,
                embeddings = 1,
                models = new[] { new { name = "echo", size = 5_000_000_000L } },
                loaded = new[] { "echo" },
            },
        },
    };

    public static object Schedule(string name = "nightly", int revision = 3) => new
    {
        schedule_id = "01JT00000000000000000000S1",
        name,
        when = new { cron = "30 2 * * mon-fri", time_zone = "Europe/Berlin" },
        start = new { job = new { kind = "noop" } },
        overlap = "skip",
        missed = "once",
        catch_up_s = 86400,
        jitter_s = 0,
        skip_dates = Array.Empty<string>(),
        skip_calendars = Array.Empty<string>(),
        paused = false,
        words = "at 02:30, Monday to Friday, Europe/Berlin",
        next = new[] { At(13, 0) },
        last = Occurrence(),
        failures = 0,
        revision,
        created_at = At(8, 0),
        updated_at = At(8, 30),
        created_by = "admin",
    };

    public static object Occurrence() => new
    {
        due_at = At(2, 30),
        outcome = "started",
        lateness_ms = 12,
        recorded_at = At(2, 30),
        started = new { kind = "job", id = JobId, state = "succeeded" },
        ended_at = At(2, 31),
    };

    public static object ApiKey(string? secret = null) => new
    {
        key_id = "01JT00000000000000000000K1",
        name = "reader",
        tenant = "default",
        scopes = new[] { "jobs:read" },
        created_at = At(8, 0),
        key = secret,
    };
}
