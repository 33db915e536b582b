using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client;

namespace Fleet.Cli.Models;

/// <summary><c>fleet model</c>: which models there are, and where.</summary>
internal static class ModelCommands
{
    private static readonly View<PlacedModel> View = new(
        one => one.Model,
        new Column<PlacedModel>("MODEL", one => one.Model),
        new Column<PlacedModel>("AGENT", one => one.Agent),
        new Column<PlacedModel>("UPSTREAM", one => one.Upstream),
        new Column<PlacedModel>("STATE", StateOf, Tone: one => one.Reachable ? Tone.Good : Tone.Bad),
        new Column<PlacedModel>("SIZE", one => Words.Bytes(one.Size)),
        new Column<PlacedModel>("PROTOCOL", one => one.Protocol, IsWide: true),
        new Column<PlacedModel>("DIGEST", one => one.Digest, IsWide: true));

    public static Command Build(Terminal terminal)
    {
        var output = Common.Output();
        var list = new Command("ls", "Lists models, and the agents that have them") { output };
        list.Runs(terminal, (session, stop) => session.Printer(output).List(Placed(session.Fleet, stop), View, stop));
        return new Command("model", "Models of all agents") { list };
    }

    private static async IAsyncEnumerable<PlacedModel> Placed(
        FleetClient fleet, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var listed in fleet.Agents.List(stop))
        {
            var agent = await fleet.Agents.Show(listed.Name, stop);
            foreach (var upstream in agent.Upstreams ?? [])
            {
                foreach (var model in upstream.Models)
                {
                    yield return new PlacedModel(
                        model.Name, agent.Name, upstream.Name, upstream.Protocol, upstream.Reachable && agent.State == "online",
                        upstream.Loaded.Contains(model.Name), model.Size, model.Digest);
                }
            }
        }
    }

    private static string StateOf(PlacedModel model) => model switch
    {
        { Reachable: false } => "away",
        { Loaded: true } => "in memory",
        _ => "ready",
    };

    private sealed record PlacedModel(
        string Model, string Agent, string Upstream, string? Protocol, bool Reachable, bool Loaded, long? Size, string? Digest);
}
