using System.Text.RegularExpressions;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Makes a repository.</summary>
internal sealed partial class InitOperation : IResticOperation
{
    public string Kind => BackupKinds.Init;

    public Aftermath Aftermath => Aftermath.Everything;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        string? id = null;
        var exit = await restic.Run(["init"], (json, type) =>
        {
            id = type == "initialized" && json.TryGetProperty("id", out var given) ? given.GetString() : id;
            return Task.CompletedTask;
        });
        id ??= exit.Said.Select(line => Created().Match(line)).FirstOrDefault(found => found.Success)?.Groups[1].Value;
        return OperationEnd.Of(exit, restic, new BackupResult(RepositoryId: id));
    }

    /// <summary>What 0.14 writes: the first ten digits of the id.</summary>
    [GeneratedRegex("^created restic repository ([0-9a-f]+) at ")]
    private static partial Regex Created();
}
