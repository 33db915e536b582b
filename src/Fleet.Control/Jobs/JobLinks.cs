using Fleet.Control.Platform.Artifacts;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs;

/// <summary>Paths of a job's own resources.</summary>
internal static class JobLinks
{
    public static string Self(Guid job) => $"/v1/jobs/{WireId.Format(job)}";

    public static string Artifacts(Guid job) => $"{Self(job)}/artifacts";

    public static string Artifact(Guid job, string name) => $"{Artifacts(job)}/{ArtifactName.ToPath(name)}";
}
