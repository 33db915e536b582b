using System.Text.Json;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Compares two snapshots.</summary>
internal sealed class DiffOperation : IResticOperation
{
    private const int MostChanges = 1000;

    public string Kind => BackupKinds.Diff;

    public Aftermath Aftermath => Aftermath.None;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        var diff = restic.Spec.Diff ?? throw Specs.Missing(nameof(BackupSpec.Diff));
        var changes = new List<JsonElement>();
        var count = 0;
        JsonElement? statistics = null;
        var exit = await restic.Run(["diff", diff.SnapshotA, diff.SnapshotB], async (json, type) =>
        {
            if (type == "statistics")
                statistics = json;
            if (type != "change")
                return;
            count++;
            if (changes.Count < MostChanges)
                changes.Add(json);
            await restic.Output.Say($"{Specs.Text(json, "modifier")} {Specs.Text(json, "path")}");
        });
        var end = OperationEnd.Of(exit, restic, new BackupResult(Changes: changes, ChangeCount: count));
        return end with { Result = end.Result with { Summary = statistics } };
    }
}
