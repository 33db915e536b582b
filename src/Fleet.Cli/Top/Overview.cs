using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client;
using Fleet.Client.Agents;
using Fleet.Client.Work;

namespace Fleet.Cli.Top;

/// <summary>How a fleet is at one moment.</summary>
internal sealed record Overview(IReadOnlyList<Agent> Agents, Page<Job> Open, Page<Job> Failed)
{
    private const int MostJobs = 200;
    private const int Shown = 20;
    private const int FailedShown = 5;

    public static async Task<Overview> Read(FleetClient fleet, CancellationToken stop)
    {
        var agents = fleet.Agents.List(stop).ToListAsync(stop).AsTask();
        var open = fleet.Jobs.ListPage(new JobFilter("state:queued,assigned,running,cancelling", PageSize: MostJobs), null, stop);
        var failed = fleet.Jobs.ListPage(new JobFilter("state:failed,expired finished<24h", PageSize: FailedShown), null, stop);
        return new Overview(await agents, await open, await failed);
    }

    public void Write(Terminal terminal)
    {
        var online = Agents.Count(agent => agent.State == "online");
        var running = Open.Items.Count(job => job.State is "running" or "assigned");
        var queued = Open.Items.Count(job => job.State == "queued");
        var more = Open.Next is null ? "" : "at least ";
        var now = Words.Time(terminal.Clock.GetUtcNow());
        terminal.Out.WriteLine(
            $"{online} of {Agents.Count} agents online, {more}{running} jobs running, {more}{queued} queued    {now}");
        terminal.Out.WriteLine();
        Table(terminal, Agents, Fleet.Cli.Agents.AgentCommands.View(terminal.Clock));
        Part(terminal, "Under way", [.. Open.Items.OrderBy(job => job.State == "queued").Take(Shown)]);
        Part(terminal, "Failed in the last day", Failed.Items);
    }

    private static void Part(Terminal terminal, string title, IReadOnlyList<Job> jobs)
    {
        if (jobs.Count == 0)
            return;
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(title);
        Table(terminal, jobs, Jobs.JobTable.View(terminal.Clock));
    }

    private static void Table<T>(Terminal terminal, IReadOnlyList<T> items, View<T> view) =>
        new Printer(terminal, Formats.Table).Table(items, view);
}
