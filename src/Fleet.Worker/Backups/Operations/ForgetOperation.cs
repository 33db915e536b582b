using System.Globalization;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Drops snapshots that no rule keeps. Their data stays until it is pruned.</summary>
internal sealed class ForgetOperation : IResticOperation
{
    public string Kind => BackupKinds.Forget;

    public Aftermath Aftermath => Aftermath.Everything;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        if (restic.Spec.ForgetGroups is not { Count: > 0 } groups)
            throw Specs.Missing(nameof(BackupSpec.ForgetGroups));
        var removed = new List<string>();
        foreach (var group in groups)
        {
            var exit = await restic.Run(Args(group));
            removed.AddRange(exit.Others.SelectMany(list => Specs.Items(list))
                .SelectMany(rest => Specs.Items(rest, "remove"))
                .Select(snapshot => Specs.Text(snapshot, "id")).OfType<string>());
            if (!exit.IsDone)
                return OperationEnd.Of(exit, restic, new BackupResult(Removed: removed));
        }

        return new OperationEnd(Attempts.AttemptResults.Succeeded, new BackupResult(Removed: removed));
    }

    private static List<string> Args(ForgetGroup group)
    {
        var args = new List<string> { "forget", $"--tag={group.Tag}", "--group-by=host" };
        if (group.Host is { } host)
            args.Add($"--host={host}");
        Add("last", group.Keep.Last);
        Add("hourly", group.Keep.Hourly);
        Add("daily", group.Keep.Daily);
        Add("weekly", group.Keep.Weekly);
        Add("monthly", group.Keep.Monthly);
        Add("yearly", group.Keep.Yearly);
        if (group.Keep.Within is { } within)
            args.Add($"--keep-within={within}");
        return args;

        void Add(string what, int? count)
        {
            if (count is { } kept)
                args.Add(string.Create(CultureInfo.InvariantCulture, $"--keep-{what}={kept}"));
        }
    }
}
