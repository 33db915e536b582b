using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client;
using Fleet.Client.Agents;

namespace Fleet.Cli.Agents;

/// <summary><c>fleet agent</c>: the hosts that do the work.</summary>
internal static class AgentCommands
{
    private static readonly View<NewEnrolment> EnrolmentView = new(
        one => one.Token ?? "",
        new Column<NewEnrolment>("TOKEN", one => one.Token),
        new Column<NewEnrolment>("FOR", one => one.Name ?? "any new name"),
        new Column<NewEnrolment>("UNTIL", one => Words.Time(one.ExpiresAt)),
        new Column<NewEnrolment>("ENROLMENT", one => one.EnrolmentId));

    public static Command Build(Terminal terminal) => new("agent", "Agents: hosts that do the work")
    {
        List(terminal),
        Show(terminal),
        Change(terminal, "drain", "It finishes what it has, and takes nothing new", (fleet, name, stop) => fleet.Agents.Drain(name, stop)),
        Change(terminal, "resume", "It takes work again", (fleet, name, stop) => fleet.Agents.Resume(name, stop)),
        Enrol(terminal),
        Revoke(terminal),
    };

    public static View<Agent> View(TimeProvider clock) => new(
        agent => agent.Name,
        new Column<Agent>("AGENT", agent => agent.Name),
        new Column<Agent>("STATE", agent => agent.State, Tone: agent => Words.ToneOf(agent.State)),
        new Column<Agent>("REASON", agent => agent.Reason),
        new Column<Agent>("IN HAND", agent => Words.Number(agent.InHand)),
        new Column<Agent>("SLOTS", agent => Slots(agent.Slots)),
        new Column<Agent>("HEARD", agent => Words.Age(agent.SeenAt, clock) is { } age ? $"{age} ago" : null),
        new Column<Agent>("LABELS", agent => Words.Pairs(agent.Labels)),
        new Column<Agent>("HOST", agent => agent.Hostname, IsWide: true),
        new Column<Agent>("OS", agent => $"{agent.Os} {agent.Arch}", IsWide: true),
        new Column<Agent>("VERSION", agent => agent.Version, IsWide: true),
        new Column<Agent>("ENROLLED", agent => Words.Time(agent.EnrolledAt), IsWide: true),
        new Column<Agent>(
            "UPSTREAMS",
            agent => string.Join(", ", (agent.Upstreams ?? []).Select(one => one.Reachable ? one.Name : $"{one.Name} (away)")),
            IsWide: true));

    private static Argument<string> Name(Terminal terminal) =>
        new Argument<string>("agent") { Description = "The name of an agent" }.Completes(terminal, Completions.Agents);

    private static Command List(Terminal terminal)
    {
        var output = Common.Output();
        var list = new Command("ls", "Lists agents") { output };
        list.Runs(terminal, (session, stop) => session.Printer(output).List(session.Fleet.Agents.List(stop), View(terminal.Clock), stop));
        return list;
    }

    private static Command Show(Terminal terminal)
    {
        var (name, output) = (Name(terminal), Common.Output());
        var show = new Command("show", "All about one agent") { name, output };
        show.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await session.Fleet.Agents.Show(session.Get(name), stop), View(terminal.Clock)));
        return show;
    }

    private static Command Change(
        Terminal terminal, string verb, string description, Func<FleetClient, string, CancellationToken, Task<Agent>> change)
    {
        var (name, output) = (Name(terminal), Common.Output());
        var command = new Command(verb, description) { name, output };
        command.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await change(session.Fleet, session.Get(name), stop), View(terminal.Clock)));
        return command;
    }

    private static Command Revoke(Terminal terminal)
    {
        var (name, output, yes) = (Name(terminal), Common.Output(), Common.Yes());
        var revoke = new Command("revoke", "It is cut off at once, and its work goes elsewhere") { name, yes, output };
        revoke.Runs(terminal, async (session, stop) =>
        {
            await session.Confirm(yes, $"Cut off {session.Get(name)} for good?");
            session.Printer(output).One(await session.Fleet.Agents.Revoke(session.Get(name), stop), View(terminal.Clock));
        });
        return revoke;
    }

    private static Command Enrol(Terminal terminal)
    {
        var name = new Argument<string?>("agent")
        {
            Description = "The name of the agent; without it, any that is not taken",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var labels = Common.Pairs("--label", "A label that it will have, whatever it says of itself", "-l");
        var lasts = Common.Duration("--lasts", "How long the token can be used: an hour, or less");
        var output = Common.Output();
        var enrol = new Command("enrol", "Makes a one-time token that lets a host in: its Worker:EnrolmentTokenFile")
        {
            name, labels, lasts, output,
        };
        enrol.Runs(terminal, async (session, stop) =>
        {
            var given = session.Get(labels);
            var draft = new EnrolmentDraft(
                session.Get(name), given.Count > 0 ? given : null, session.Get(lasts) is { } time ? (int)time.TotalSeconds : null);
            session.Printer(output).One(await session.Fleet.Agents.Enrol(draft, stop), EnrolmentView);
            return ExitCode.Ok;
        });
        return enrol;
    }

    private static string Slots(IReadOnlyDictionary<string, int> slots) => string.Join(
        ' ', slots.OrderBy(slot => slot.Key, StringComparer.Ordinal).Select(slot => $"{slot.Key}:{Words.Number(slot.Value)}"));
}
