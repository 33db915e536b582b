using Fleet.Control.Platform.Artifacts;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work;

/// <summary>Paths of work and of what belongs to it.</summary>
internal static class WorkLinks
{
    /// <summary>Where the work of a family is: <c>/v1/jobs</c>.</summary>
    public static string Of(string family) => $"/v1/{family}s";

    public static string Self(WorkRow work) => $"{Of(work.Family)}/{WireId.Format(work.CorrelationId)}";

    public static string Artifacts(WorkRow work) => $"{Self(work)}/artifacts";

    public static string Artifact(WorkRow work, string name) => $"{Artifacts(work)}/{ArtifactName.ToPath(name)}";
}
