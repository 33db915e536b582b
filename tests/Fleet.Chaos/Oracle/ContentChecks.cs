using System.Security.Cryptography;
using System.Text;
using Fleet.Chaos.Load;

namespace Fleet.Chaos.Oracle;

/// <summary>What jobs left is kept as it was.</summary>
internal sealed class ContentChecks(Evidence evidence, Records records)
{
    public async Task<IReadOnlyList<Check>> All(CancellationToken stop) =>
        [await Outputs(stop), await Artifacts(stop)];

    private async Task<Check> Outputs(CancellationToken stop)
    {
        var (outputs, gaps) = (await records.Outputs(stop), await records.ToldGaps(stop));
        var succeeded = evidence.Jobs.Values
            .Where(job => job.HasSucceeded && evidence.PlanOf(job) is not null).ToList();
        var wrong =
            from job in succeeded
            let wanted = evidence.PlanOf(job)!.Output
            let stored = outputs.GetValueOrDefault(job.Id, "")
            where wanted is not null && stored != wanted && !gaps.Contains(job.Id)
            select $"{stored.Length} characters instead of {wanted.Length}: {job}";
        return new Check(
            "the output of what succeeded is whole, once and in order",
            $"{outputs.Values.Sum(output => (long)output.Length)} characters of {succeeded.Count} jobs, "
            + $"{gaps.Count} say that something may be missing",
            [.. wrong]);
    }

    private async Task<Check> Artifacts(CancellationToken stop)
    {
        var stored = (await records.Artifacts(stop)).ToLookup(artifact => artifact.Id);
        var owing = evidence.Jobs.Values
            .Where(job => job.HasSucceeded && evidence.PlanOf(job)?.Behaviour == Behaviour.Artifact).ToList();
        return new Check(
            "artifacts of what succeeded are stored, once and as they were",
            $"{owing.Count} jobs",
            [
                .. owing.Where(job => !stored[job.Id].SequenceEqual([Proof(job.Id)]))
                    .Select(job => $"stored: {string.Join(", ", stored[job.Id])}: {job}"),
            ]);
    }

    private static StoredArtifact Proof(string id)
    {
        var bytes = Encoding.ASCII.GetBytes($"{id}\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return new StoredArtifact(id, JobPlan.ArtifactName, bytes.Length, hash);
    }
}
