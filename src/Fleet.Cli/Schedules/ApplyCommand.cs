using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Schedules;

namespace Fleet.Cli.Schedules;

/// <summary><c>fleet apply</c>: sees to it that schedules are as files say. What the files do not name stays as it is.</summary>
internal static class ApplyCommand
{
    private static readonly View<Applied> View = new(
        one => one.Name,
        new Column<Applied>("SCHEDULE", one => one.ScheduleId),
        new Column<Applied>("NAME", one => one.Name),
        new Column<Applied>("RESULT", one => one.Result));

    public static Command Build(Terminal terminal)
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "A file of schedules in YAML or JSON, as POST /v1/schedules takes them; - is standard input",
            HelpName = "path",
            Required = true,
        };
        var output = Common.Output();
        var apply = new Command("apply", "Creates the schedules of files, or changes those of the same names") { files, output };
        apply.Runs(terminal, async (session, stop) =>
        {
            var wanted = new List<JsonElement>();
            foreach (var file in session.Get(files))
                wanted.AddRange(ManifestFile.Read(file == "-" ? await terminal.In.ReadToEndAsync(stop) : await ReadFile(file, stop), file));
            var done = new List<Applied>();
            foreach (var schedule in wanted)
                done.Add(await Apply(session, schedule, stop));
            await session.Printer(output).List(done.ToAsyncEnumerable(), View, stop);
        });
        return apply;
    }

    private static async Task<Applied> Apply(Session session, JsonElement wanted, CancellationToken stop)
    {
        var schedules = session.Fleet.Schedules;
        var name = wanted.GetProperty("name").GetString()!;
        var known = await schedules.List(name, stop).Take(2).ToListAsync(stop);
        if (known.Count > 1)
        {
            throw CommandException.Usage(
                $"Several schedules are called {name}: none of them was changed.", "Delete all but one: fleet schedule rm ID");
        }


        if (known.Count == 0)
            return Applied.Of(await schedules.Create(wanted, stop), "created");
        var changed = await schedules.Replace(known[0], wanted, stop);
        return Applied.Of(changed, changed.Revision == known[0].Revision ? "unchanged" : "changed");
    }

    private static async Task<string> ReadFile(string path, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllTextAsync(path, stop);
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{path} cannot be read: {lost.Message}");
        }
    }

    private sealed record Applied(string ScheduleId, string Name, string Result)
    {
        public static Applied Of(Schedule schedule, string result) => new(schedule.ScheduleId, schedule.Name, result);
    }
}
