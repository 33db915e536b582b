using Fleet.Client.Work;

namespace Fleet.Cli.Commands;

/// <summary>Names and ids that the fleet knows, for completion.</summary>
internal static class Completions
{
    private const int Jobs = 50;

    public static Completion Agents { get; } = async (_, fleet, stop) =>
        fleet is null ? [] : await fleet.Agents.List(stop).Select(agent => agent.Name).ToListAsync(stop);

    public static Completion Keys { get; } = async (_, fleet, stop) =>
        fleet is null ? [] : await fleet.Keys.List(stop).Select(key => key.KeyId).ToListAsync(stop);

    public static Completion Models { get; } = async (_, fleet, stop) =>
        fleet is null ? [] : [.. (await fleet.Models.List(stop)).Select(model => model.Id)];

    public static Completion Notebooks { get; } = async (_, fleet, stop) =>
        fleet is null ? [] : await fleet.Notebooks.List(removed: false, stop).Select(one => one.Name).ToListAsync(stop);

    /// <summary>Those in the trash, by their ids: names are not theirs alone.</summary>
    public static Completion RemovedNotebooks { get; } = async (_, fleet, stop) =>
        fleet is null ? [] : await fleet.Notebooks.List(removed: true, stop).Select(one => one.NotebookId).ToListAsync(stop);

    public static Completion Schedules { get; } = async (_, fleet, stop) =>
        fleet is null ? [] : await fleet.Schedules.List(null, stop).Select(schedule => schedule.Name).ToListAsync(stop);

    /// <summary>The newest jobs.</summary>
    public static Completion JobIds { get; } = async (_, fleet, stop) => fleet is null
        ? []
        : [.. (await fleet.Jobs.ListPage(new JobFilter(PageSize: Jobs), null, stop)).Items.Select(job => job.JobId)];

    /// <summary>The newest jobs that are not over.</summary>
    public static Completion OpenJobIds { get; } = async (_, fleet, stop) => fleet is null
        ? []
        : [.. (await fleet.Jobs.ListPage(new JobFilter("state:queued,assigned,running,cancelling", PageSize: Jobs), null, stop))
            .Items.Select(job => job.JobId)];
}
