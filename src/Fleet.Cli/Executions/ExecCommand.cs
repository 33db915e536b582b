using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Manifests;

namespace Fleet.Cli.Executions;

/// <summary><c>fleet exec</c>: a manifest on many agents, foreseen first, and followed to its end.</summary>
internal static class ExecCommand
{
    private static readonly View<Planned> Plan = new(
        one => one.Agent,
        new Column<Planned>("AGENT", one => one.Agent),
        new Column<Planned>("WAVE", one => one.Wave is { } wave ? Words.Number(wave) : null),
        new Column<Planned>("LEFT OUT", one => one.LeftOut, Tone: _ => Tone.Faint));

    public static Command Build(Terminal terminal)
    {
        var options = new ExecOptions();
        var dry = new Option<bool>("--dry-run") { Description = "Only say which agents it would reach, and why others are left out" };
        var detach = new Option<bool>("--detach", "-d") { Description = "Do not wait for its end" };
        var (yes, output) = (Common.Yes(), Common.Output());
        var exec = new Command("exec", "Runs a manifest on many agents, and waits for its end");
        options.AddTo(exec);
        foreach (var option in (Option[])[dry, detach, yes, output])
            exec.Options.Add(option);
        exec.Runs(terminal, async (session, stop) =>
        {
            var draft = await options.Read(session, stop);
            var forecast = await session.Fleet.Executions.Foresee(draft, stop);
            if (session.Get(dry))
            {
                await session.Printer(output).List(Planned.Of(forecast).ToAsyncEnumerable(), Plan, stop);
                return ExitCode.Ok;
            }

            if (forecast.Confirm is not null)
                await session.Confirm(yes, $"Run {forecast.Manifest} {forecast.Version} on {Words.Number(forecast.Total)} agents?");
            var execution = await session.Fleet.Executions.Create(draft with { Confirm = forecast.Confirm }, stop);
            if (!session.Get(detach))
                execution = await ToEnd(session, execution, stop);
            session.Printer(output).One(execution, ExecutionTable.View(terminal.Clock));
            return session.Get(detach) || execution is { State: "completed", Counts.Failed: 0 } ? ExitCode.Ok : ExitCode.WorkFailed;
        });
        return exec;
    }

    private static Task<Execution> ToEnd(Session session, Execution execution, CancellationToken stop) => session.Follow(
        execution, one => one.IsOver, ExecutionTable.Line, one => session.Fleet.Executions.Show(one.ExecutionId, stop), stop);

    private sealed record Planned(string Agent, int? Wave, string? LeftOut)
    {
        public static IEnumerable<Planned> Of(ExecutionForecast forecast) => forecast.Waves
            .SelectMany((wave, at) => wave.Agents.Select(agent => new Planned(agent, at + 1, null)))
            .Concat(forecast.LeftOut.Select(one => new Planned(one.Agent, null, one.Reason)));
    }
}
