using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs;

/// <summary>Paths of a job's own resources.</summary>
internal static class JobLinks
{
    public static string Self(Guid job) => $"/v1/jobs/{WireId.Format(job)}";

    public static string Artifact(Guid job, string name) =>
        $"{Self(job)}/artifacts/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
}
