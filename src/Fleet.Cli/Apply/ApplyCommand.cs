using System.CommandLine;
using System.Net;
using System.Text.Json;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client;

namespace Fleet.Cli.Apply;

/// <summary>
/// <c>fleet apply</c>: sees to it that manifests and schedules are as files say. What the files do not name stays as it is.
/// </summary>
internal static class ApplyCommand
{
    private const string Unchanged = "unchanged";

    private static readonly View<Applied> View = new(
        one => one.Name,
        new Column<Applied>("KIND", one => one.Kind),
        new Column<Applied>("NAME", one => one.Name),
        new Column<Applied>("RESULT", one => one.Result, Tone: one => one.Result == Unchanged ? Tone.Faint : Tone.Good),
        new Column<Applied>("REVISION", one => Words.Number(one.Revision)),
        new Column<Applied>("ID", one => one.Id, IsWide: true));

    public static Command Build(Terminal terminal)
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "A file of manifests and schedules in YAML or JSON, one document or several; - is standard input",
            HelpName = "path",
            Required = true,
        };
        var output = Common.Output();
        var apply = new Command("apply", "Creates the manifests and schedules of files, or changes those of the same names")
        {
            files, output,
        };
        apply.Runs(terminal, async (session, stop) =>
        {
            var wanted = new List<(Declared One, string Directory)>();
            foreach (var file in session.Get(files))
            {
                var text = file == "-" ? await terminal.In.ReadToEndAsync(stop) : await ReadFile(file, stop);
                var directory = file == "-" ? "" : Path.GetDirectoryName(file) ?? "";
                wanted.AddRange(ApplyFile.Read(text, file).Select(one => (one, directory)));
            }

            var done = new List<Applied>();
            foreach (var (one, directory) in wanted)
            {
                done.Add(one.Kind switch
                {
                    DeclaredKind.Manifest => await Manifest(session.Fleet, one, directory, stop),
                    DeclaredKind.ManifestSchedule => await ManifestSchedule(session.Fleet, one, stop),
                    _ => await Schedule(session.Fleet, one, stop),
                });
            }

            await session.Printer(output).List(done.ToAsyncEnumerable(), View, stop);
        });
        return apply;
    }

    /// <exception cref="CommandException">It cannot be read.</exception>
    public static async Task<string> ReadFile(string path, CancellationToken stop)
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

    private static async Task<Applied> Manifest(FleetClient fleet, Declared wanted, string directory, CancellationToken stop)
    {
        var text = await ManifestText.Of(wanted, directory, stop);
        var before = await RevisionOf(async () => (await fleet.Manifests.Show(wanted.Name, stop)).Revision);
        var now = await fleet.Manifests.Post(text.Text, text.IsYaml, stop);
        return new Applied("manifest", now.Name, Result(before, now.Revision), now.Revision, null);
    }

    private static async Task<Applied> ManifestSchedule(FleetClient fleet, Declared wanted, CancellationToken stop)
    {
        var text = ManifestText.AsWritten(wanted);
        var before = await RevisionOf(async () => (await fleet.Manifests.ShowSchedule(wanted.Name, stop)).Revision);
        var now = await fleet.Manifests.PostSchedule(text.Text, text.IsYaml, stop);
        return new Applied("schedule", now.Name, Result(before, now.Revision), now.Revision, now.ScheduleId);
    }

    /// <summary>Null where there is none yet.</summary>
    private static async Task<int?> RevisionOf(Func<Task<int>> show)
    {
        try
        {
            return await show();
        }
        catch (FleetException none) when (none.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<Applied> Schedule(FleetClient fleet, Declared wanted, CancellationToken stop)
    {
        var known = await fleet.Schedules.List(wanted.Name, stop)
            .Where(one => !one.IsDocument).Take(2).ToListAsync(stop);
        if (known.Count > 1)
        {
            throw CommandException.Usage(
                $"Several schedules are called {wanted.Name}: none of them was changed.", "Delete all but one: fleet schedule rm ID");
        }

        var content = JsonSerializer.SerializeToElement(wanted.Content);
        var now = known.Count == 0
            ? await fleet.Schedules.Create(content, stop)
            : await fleet.Schedules.Replace(known[0], content, stop);
        return new Applied(
            "schedule", now.Name, Result(known.Count == 0 ? null : known[0].Revision, now.Revision), now.Revision, now.ScheduleId);
    }

    private static string Result(int? before, int now) => before is null ? "created" : before == now ? Unchanged : "changed";

    /// <param name="Id">Of a schedule; a manifest is known by its name.</param>
    private sealed record Applied(string Kind, string Name, string Result, int Revision, string? Id);
}
