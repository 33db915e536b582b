using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.When;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Schedules.Support;

/// <summary>Schedules of jobs that cost nothing, and their way through a test.</summary>
internal static class TestSchedules
{
    public static Caller Admin { get; } = new(Guid.Empty, "tester", Tenants.Default, Scope.Admin);

    /// <summary>Every hour, a job that costs nothing.</summary>
    public static ScheduleRequest Hourly { get; } = new()
    {
        Name = "hourly",
        When = new WhenRequest { Cron = "0 * * * *" },
        Start = Job("""{"kind": "noop", "name": "{{schedule_name}} {{scheduled_at}}"}"""),
    };

    public static Dictionary<string, JsonElement> Job(string body) =>
        new() { ["job"] = JsonDocument.Parse(body).RootElement.Clone() };

    public static async Task<Guid> Schedule(this TestControl control, ScheduleRequest wanted)
    {
        var now = control.Get<DatabaseClock>().Now;
        var draft = await control.Get<ScheduleDrafts>().Read(wanted, Admin, Admin.Tenant, now, now, CancellationToken.None);
        var answer = await control.Get<ScheduleOperations>().Create(new Request(Admin), draft, now, CancellationToken.None);
        WireId.TryParse(answer.Location.AsSpan(answer.Location!.LastIndexOf('/') + 1), out var id).ShouldBeTrue();
        return id;
    }

    /// <summary>Somebody says "due".</summary>
    public static Task<int> SayDue(this TestControl control) => control.Get<DueRound>().Run(null, CancellationToken.None);

    public static async Task<Schedule> Schedule(this DatabaseFixture house, Guid id)
    {
        await using var db = house.Db();
        return await db.Set<Schedule>().AsNoTracking().SingleAsync(schedule => schedule.CorrelationId == id);
    }

    /// <summary>In the order of their due times.</summary>
    public static async Task<List<Occurrence>> Occurrences(this DatabaseFixture house, Guid schedule)
    {
        await using var db = house.Db();
        return await db.Set<Occurrence>().AsNoTracking()
            .Where(one => one.ScheduleId == schedule).OrderBy(one => one.DueAt).ToListAsync();
    }

    /// <summary>As words: <c>started</c>, or <c>missed:not_caught_up</c>.</summary>
    public static async Task<List<string>> Outcomes(this DatabaseFixture house, Guid schedule) =>
        (await house.Occurrences(schedule)).ConvertAll(one => one.Reason is null ? one.Outcome : $"{one.Outcome}:{one.Reason}");

    /// <summary>An agent does the job, and says how it went.</summary>
    public static async Task Finish(this TestControl control, Guid job, bool succeeds = true)
    {
        await control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await control.Raise(job, new AttemptStarted(job, JobKinds.Noop, 1, "worker-1"));
        var result = succeeds
            ? new AttemptResult(AttemptOutcome.Succeeded)
            : new AttemptResult(AttemptOutcome.Failed, ErrorCode: "exit", ErrorMessage: "It failed.");
        await control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", result));
    }
}
