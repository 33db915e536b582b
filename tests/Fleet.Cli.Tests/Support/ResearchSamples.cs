namespace Fleet.Cli.Tests.Support;

/// <summary>What a fleet might answer about two runs of one idea.</summary>
internal static class ResearchSamples
{
    public const string First = "01JT0000000000000000000011";
    public const string Second = "01JT0000000000000000000012";

    public static void Fill(FakeFleet fleet)
    {
        fleet.Clear();
        fleet.On("POST /v1/experiments/find", new { results = new[] { Found(First), Found(Second) }, count = 2, next = (string?)null });
        fleet.On($"GET /v1/jobs/{First}/experiment", Run());
        fleet.On($"PUT /v1/jobs/{First}/outcome", Run("validates"));
        fleet.On($"PATCH /v1/jobs/{Samples.JobId}/narrative", Run());
        fleet.On("POST /v1/jobs", Samples.Job("queued", null), 202);
        fleet.On($"GET /v1/jobs/{First}/metrics", Samples.Page(Series("loss", 0.25), Series("odd", "NaN")));
        fleet.On($"GET /v1/jobs/{First}/metrics/loss", Points("loss", 1, 0.5, 0.3, 0.25));
        fleet.On($"GET /v1/jobs/{First}/metrics/odd", Points("odd", "Infinity", 2, "NaN", 2));
        fleet.On("GET /v1/experiments/compare", new
        {
            runs = new[] { First, Second },
            fields = new { exit_code = new object?[] { 0, 3 }, job_name = new[] { "flat", "steep \e[31m" } },
            args = new[] { (string[])["--lr", "0.5"], ["--lr", "2"] },
            environment = new { SEED = new[] { "7", null } },
            metrics = new { loss = new object?[] { new { last = 0.25, min = 0.25, max = 1.0, points = 4 }, null } },
            files = new[] { new { added = new[] { "new.txt" }, removed = new[] { "old.txt" }, changed = new { train = new[] { "a", "b" } } } },
            outcome = new[] { "validates", null },
            durations = new double?[] { 12.5, null },
        });
    }

    private static object Found(string id) => new
    {
        id,
        job_name = id == First ? "flat" : "steep \e[31m",
        outcome = id == First ? "validates" : null,
        state = id == First ? "succeeded" : "failed",
        commit_id = new string('a', 40),
        user = "admin",
        group = "slopes",
        tags = new[] { "small" },
        created_at = Samples.At(11, 0),
        metrics = new { loss = 0.25, odd = (double?)null },
    };

    public static object Run(string? outcome = null) => new
    {
        run_id = First,
        job_name = "flat",
        state = "succeeded",
        commit_id = new string('a', 40),
        files_count = 2,
        overall_sha = new string('b', 64),
        user = "admin",
        agent = "worker-1",
        args = new[] { "--lr", "0.5" },
        env = new { SEED = "7" },
        datasets = new[] { "numbers" },
        attempt = 1,
        exit_code = 0,
        created_at = Samples.At(11, 0),
        started_at = Samples.At(11, 1),
        finished_at = Samples.At(11, 31),
        duration_s = 1800.0,
        narrative = new { hypothesis = "It is flat.", experiment_group = "slopes", tags = new[] { "small" } },
        outcome,
        outcome_summary = outcome is null ? null : "yes",
        metrics = new[] { Series("loss", 0.25), Series("odd", "NaN") },
        notes = Array.Empty<object>(),
    };

    internal static object Series(string name, object last) =>
        new { name, points = 4, last_step = 3, last, last_at = Samples.At(11, 30), min = 0.25, max = 1.0 };

    private static object Points(string name, params object[] values) => new
    {
        name,
        total = values.Length,
        downsampled = false,
        points = values.Select((value, step) => new { step, at = Samples.At(11, step), value }),
    };
}
