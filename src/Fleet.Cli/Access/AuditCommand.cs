using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Access;

namespace Fleet.Cli.Access;

/// <summary><c>fleet audit</c>: who did what.</summary>
internal static class AuditCommand
{
    private static readonly View<AuditEntry> View = new(
        one => one.AuditId,
        new Column<AuditEntry>("AT", one => Words.Time(one.At)),
        new Column<AuditEntry>("WHO", one => one.Who),
        new Column<AuditEntry>("ACTION", one => one.Action),
        new Column<AuditEntry>("STATUS", one => Words.Number(one.Status), Tone: one => one.Status >= 400 ? Tone.Bad : Tone.Plain),
        new Column<AuditEntry>("CODE", one => one.Code),
        new Column<AuditEntry>("OBJECTS", one => string.Join(' ', one.Objects)),
        new Column<AuditEntry>("FROM", one => one.Address),
        new Column<AuditEntry>("PATH", one => $"{one.Method} {one.Path}", IsWide: true),
        new Column<AuditEntry>("TENANT", one => one.Tenant, IsWide: true),
        new Column<AuditEntry>("COUNT", one => Words.Number(one.Count), IsWide: true),
        new Column<AuditEntry>("TRACE", one => one.TraceId, IsWide: true));

    public static Command Build(Terminal terminal)
    {
        var key = Text("--key", "Only what this key did: its name or id", "key");
        var agent = Text("--agent", "Only what this agent did", "agent").Completes(terminal, Completions.Agents);
        var action = Text("--action", "Only this action, as job.cancel", "action");
        var path = Text("--path", "Only paths that begin so", "path");
        var status = Text("--status", "Only answers of this status, as 403 or 4xx", "status");
        var since = Common.Duration("--since", "Not older than this");
        var (limit, output) = (Common.Limit(), Common.Output());
        var audit = new Command("audit", "Every write: who, what, when, with which result; newest first")
        {
            key, agent, action, path, status, since, limit, output,
        };
        audit.Runs(terminal, async (session, stop) =>
        {
            DateTimeOffset? oldest = session.Get(since) is { } age ? terminal.Clock.GetUtcNow() - age : null;
            var filter = new AuditFilter(
                oldest, null, session.Get(key), session.Get(agent), session.Get(action), session.Get(path), session.Get(status));
            var most = session.Most(limit);
            await session.Printer(output).List(session.Fleet.Audit.List(filter, stop).Take(most), View, stop);
        });
        return audit;
    }

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
