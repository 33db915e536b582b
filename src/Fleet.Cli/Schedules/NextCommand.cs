using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Schedules;

/// <summary><c>fleet schedule next</c>: when something is due, of a schedule or of an expression that is only tried.</summary>
internal static class NextCommand
{
    private const int Shown = 10;

    public static Command Build(Terminal terminal)
    {
        var name = new Argument<string?>("schedule") { Description = "The name or id of a schedule", Arity = ArgumentArity.ZeroOrOne }
            .Completes(terminal, Completions.Schedules);
        var cron = new Option<string?>("--cron") { Description = "Instead of a schedule: an expression to try", HelpName = "expression" };
        var zone = new Option<string?>("--time-zone") { Description = "With --cron: a zone such as Europe/Berlin", HelpName = "zone" };
        var count = new Option<int>("--count") { Description = "How many times", HelpName = "count", DefaultValueFactory = _ => Shown };
        var output = Common.Output(Formats.Wide, Formats.Name);
        var next = new Command("next", "The next due times, and what may surprise about them") { name, cron, zone, count, output };
        next.Runs(terminal, async (session, stop) =>
        {
            var when = await When(session, session.Get(name), session.Get(cron), session.Get(zone), stop);
            var preview = await session.Fleet.Schedules.Preview(when, session.Get(count), stop);
            var printer = session.Printer(output);
            if (printer.IsData)
                printer.Data(preview);
            foreach (var line in (string[])[preview.Words, .. preview.Times.Select(time => $"  {Words.Time(time)}"), .. preview.Notes])
                printer.Words(PlainText.Line(line));
        });
        return next;
    }

    private static async Task<JsonElement> When(Session session, string? name, string? cron, string? zone, CancellationToken stop)
    {
        if (name is null == cron is null)
            throw CommandException.Usage("Name a schedule, or give --cron.");
        if (name is not null)
            return (await session.Fleet.Find(name, stop)).When;
        return zone is null
            ? JsonSerializer.SerializeToElement(new { cron })
            : JsonSerializer.SerializeToElement(new { cron, time_zone = zone });
    }
}
