using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Schedules;

namespace Fleet.Cli.Schedules;

/// <summary><c>fleet schedule backfill</c>: makes up for due times of the past, after saying how many they are.</summary>
internal static class BackfillCommand
{
    private static readonly View<Backfill> View = new(
        one => one.BackfillId,
        new Column<Backfill>("BACKFILL", one => one.BackfillId),
        new Column<Backfill>("STATE", one => one.State, Tone: one => Words.ToneOf(one.State)),
        new Column<Backfill>("TOTAL", one => Words.Number(one.Total)),
        new Column<Backfill>("STARTED", one => Words.Number(one.Started)),
        new Column<Backfill>("SKIPPED", one => Words.Number(one.Skipped)),
        new Column<Backfill>("FAILED", one => Words.Number(one.Failed)));

    public static Command Build(Terminal terminal)
    {
        var name = ScheduleCommands.Named(terminal);
        var from = Time("--from", "The first due time to make up for, as 2030-01-31 or 2030-01-31T12:00Z");
        var until = Time("--until", "The end of the range, which is not part of it");
        var concurrency = new Option<int?>("--at-once")
        {
            Description = "How many run at once; 1 where it is not said",
            HelpName = "count",
        };
        var (output, yes) = (Common.Output(), Common.Yes());
        var backfill = new Command("backfill", "Makes up for due times of the past") { name, from, until, concurrency, yes, output };
        backfill.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.Find(session.Get(name), stop);
            var draft = new BackfillDraft(session.Get(from), session.Get(until), session.Get(concurrency));
            var forecast = await session.Fleet.Schedules.ForeseeBackfill(found.ScheduleId, draft, stop);
            var words = $"{forecast.Count - forecast.Started} of {forecast.Count} due times of {found.Name} would start"
                + (forecast.Times.Count > 0 ? $", the first {Words.Time(forecast.Times[0])}." : ".");
            await session.Terminal.Error.WriteLineAsync(PlainText.Line(words));
            if (forecast.Count == forecast.Started)
                return;
            await session.Confirm(yes, "Start them?");
            session.Printer(output).One(await session.Fleet.Schedules.Backfill(found.ScheduleId, draft, stop), View);
        });
        return backfill;
    }

    private static Option<DateTimeOffset> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        Required = true,
        CustomParser = result => Read(name, result),
    };

    private static DateTimeOffset Read(string name, ArgumentResult result)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, Utc, out var time))
            return time;
        result.AddError($"{name} is a time such as 2030-01-31T12:00Z.");
        return default;
    }
}
