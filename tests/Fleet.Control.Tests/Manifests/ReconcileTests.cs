using Fleet.Control.Manifests.Recurring;

namespace Fleet.Control.Tests.Manifests;

public sealed class ReconcileTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ReconcileWhen Once = new(false, null, false);
    private static readonly ReconcileWhen PerVersion = new(false, null, true);
    private static readonly ReconcileWhen Hourly = new(false, TimeSpan.FromHours(1), false);
    private static readonly ReconcileWhen TargetOnce = new(true, null, false);
    private static readonly ReconcileWhen TargetHourly = new(true, TimeSpan.FromHours(1), false);

    public static TheoryData<string, string, string> Table => new()
    {
        // when; agents as name:minutes since their newest success:its version, with ! for one that is under way; who is due
        { "once", "a b", "a b" },
        { "once", "a:5:1 b", "b" },
        { "once", "a:99999:1", "" },
        { "once", "a!", "" },
        { "once", "", "" },
        { "hourly", "a:59:1 b:60:1 c:61:1 d", "b c d" },
        { "hourly", "a:60:1!", "" },
        { "version", "a:5:1 b:5:2 c", "a c" },
        { "version", "a:5:1! c", "c" },
        { "target once", "a b", "a b" },
        { "target once", "a:5:1 b", "" },
        { "target once", "a b!", "" },
        { "target once", "", "" },
        { "target hourly", "a:60:1 b:90:1", "a b" },
        { "target hourly", "a:60:1 b:59:1", "" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Who_is_due_is_who_has_no_success_that_counts(string when, string agents, string due)
    {
        var rule = when switch
        {
            "once" => Once,
            "hourly" => Hourly,
            "version" => PerVersion,
            "target once" => TargetOnce,
            _ => TargetHourly,
        };
        string.Join(' ', Reconcile.Due(rule, [.. agents.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)], "2", Now)).ShouldBe(due);
    }

    /// <summary>As days go by: hosts fail, come and go, and what they did once counts as long as it may.</summary>
    [Fact]
    public void In_the_course_of_time_failures_are_tried_again_and_successes_run_out()
    {
        var successes = new Dictionary<string, DateTimeOffset>();
        var (now, hosts, starts) = (Now, new List<string> { "a", "b" }, new List<string>());
        for (var minute = 0; minute <= 130; minute++, now = now.AddMinutes(1))
        {
            if (minute == 30)
                hosts.Add("new");
            if (minute == 70)
                hosts.Remove("b");
            var due = Reconcile.Due(
                Hourly, [.. hosts.Select(host => new AgentRecord(host, successes.TryGetValue(host, out var at) ? at : null, "1", false))], "1", now);
            foreach (var host in due)
            {
                starts.Add($"{minute}:{host}");
                if (host != "a" || minute > 1) // a fails twice
                    successes[host] = now;
            }
        }

        starts.ShouldBe(["0:a", "0:b", "1:a", "2:a", "30:new", "60:b", "62:a", "90:new", "122:a"]);
    }

    [Theory]
    [InlineData("09:00", "", "2030-01-02T09:00 2030-01-03T09:00")]
    [InlineData("13:00", "", "2030-01-01T13:00 2030-01-02T13:00")]
    [InlineData("09:00", "sat,sun", "2030-01-05T09:00 2030-01-06T09:00")]
    [InlineData("09:00", "fri-mon", "2030-01-04T09:00 2030-01-05T09:00")]
    [InlineData("09:00", "tue#2", "2030-01-08T09:00 2030-02-12T09:00")]
    [InlineData("09:00", "friL", "2030-01-25T09:00 2030-02-22T09:00")]
    [InlineData("09:00", "mon#5", "2030-04-29T09:00 2030-07-29T09:00")]
    public void A_calendar_is_due_on_its_days(string at, string days, string fires)
    {
        var rules = days.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(day =>
        {
            DayRule.TryParse(day, out var rule).ShouldBeTrue();
            return rule;
        });
        var schedule = Schedule(new CalendarWhen(TimeOnly.Parse(at), null, [.. rules]));
        string.Join(' ', ScheduleTimes.After(schedule, Now).Take(2).Select(fire => fire.ToString("yyyy-MM-dd'T'HH:mm"))).ShouldBe(fires);
    }

    [Fact]
    public void A_date_is_due_once_and_bounds_hold_it_back()
    {
        var once = new CalendarWhen(new TimeOnly(8, 30), new DateOnly(2030, 3, 1), []);
        ScheduleTimes.After(Schedule(once), Now).ShouldBe([new DateTimeOffset(2030, 3, 1, 8, 30, 0, TimeSpan.Zero)]);
        ScheduleTimes.After(Schedule(once) with { Active = new ActiveSpan(null, new DateTimeOffset(2030, 2, 1, 0, 0, 0, TimeSpan.Zero)) }, Now)
            .ShouldBeEmpty();
        ScheduleTimes.After(Schedule(once) with { SkipDates = [new DateOnly(2030, 3, 1)] }, Now).ShouldBeEmpty();
        ScheduleTimes.After(Schedule(once) with { Window = new RunWindow(new TimeOnly(22, 0), new TimeOnly(6, 0)) }, Now).ShouldBeEmpty();
    }

    private static ScheduleDocument Schedule(ScheduleWhen when) => new(
        "s", "j", when, true, true, new(), "backend", new ActiveSpan(null, null), null, [], null, null, 1);

    private static AgentRecord Read(string text)
    {
        var parts = text.TrimEnd('!').Split(':');
        return new AgentRecord(
            parts[0], parts.Length > 1 ? Now.AddMinutes(-int.Parse(parts[1])) : null, parts.Length > 2 ? parts[2] : null, text.EndsWith('!'));
    }
}
