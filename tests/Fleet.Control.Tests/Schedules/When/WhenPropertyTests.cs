using Fleet.Control.Schedules.When;
using Fleet.Control.Schedules.When.Cron;

namespace Fleet.Control.Tests.Schedules.When;

/// <summary>What is true of every rule, tried with many that are made by chance from a fixed seed.</summary>
public sealed class WhenPropertyTests
{
    private static readonly string[] Zones =
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Asia/Tehran", "UTC"];

    [Fact]
    public void Due_times_grow_and_are_what_wall_clocks_show_or_the_end_of_a_gap()
    {
        var chance = new Random(4711);
        for (var round = 0; round < 2000; round++)
        {
            var text = Expression(chance);
            var expression = CronParser.Parse(text);
            var zone = new ZoneTimes(TimeZoneInfo.FindSystemTimeZoneById(Zones[chance.Next(Zones.Length)]));
            var clock = new WallClock(expression, zone);
            var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(chance.Next(2 * 366 * 1440));
            for (var step = 0; step < 20 && clock.Next(at) is { } due; step++, at = due)
            {
                due.ShouldBeGreaterThan(at, text);
                var local = zone.ToLocal(due);
                (expression.Next(local.AddSeconds(-1)) == local || zone.ToLocal(due.AddSeconds(-1)) < local.AddSeconds(-1))
                    .ShouldBeTrue($"{text} in {zone.Name} at {due:O}");
            }
        }
    }

    [Fact]
    public void Nothing_lies_between_two_due_times_whatever_instant_is_asked_from()
    {
        var chance = new Random(42);
        for (var round = 0; round < 1000; round++)
        {
            var text = Expression(chance);
            var clock = new WallClock(
                CronParser.Parse(text), new ZoneTimes(TimeZoneInfo.FindSystemTimeZoneById(Zones[chance.Next(Zones.Length)])));
            var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(chance.Next(2 * 366 * 1440));
            if (clock.Next(at) is not { } due)
                continue;
            var between = at.AddTicks((long)((due - at).Ticks * chance.NextDouble()));
            clock.Next(between).ShouldBe(between == due ? clock.Next(due) : due, $"{text} from {between:O}");
        }
    }

    [Fact]
    public void An_expression_of_any_letters_is_read_or_refused_with_a_sentence()
    {
        var chance = new Random(7);
        const string letters = "0123456789*/,-?#LWlw @abcFRIsunMON ";
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, chance.Next(1, 40)).Select(_ => letters[chance.Next(letters.Length)]));
            try
            {
                CronParser.Parse(text).Next(new DateTime(2026, 1, 1));
            }
            catch (CronException refused)
            {
                refused.Message.ShouldEndWith(".");
            }
        }
    }

    private static string Expression(Random chance) => string.Join(' ',
        Field(chance, 0, 59), Field(chance, 0, 23), chance.Next(3) == 0 ? Field(chance, 1, 28) : "*",
        chance.Next(4) == 0 ? Field(chance, 1, 12) : "*", chance.Next(3) == 0 ? Field(chance, 0, 6) : "*");

    private static string Field(Random chance, int least, int most) => chance.Next(5) switch
    {
        0 => "*",
        1 => $"*/{chance.Next(1, most / 2)}",
        2 => $"{chance.Next(least, most + 1)}",
        3 => $"{chance.Next(least, most / 2)}-{chance.Next(most / 2, most + 1)}",
        _ => $"{chance.Next(least, most + 1)},{chance.Next(least, most + 1)}",
    };
}
