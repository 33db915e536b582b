using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Commits;

/// <summary>What files of a commit may be called.</summary>
internal static class CommitPaths
{
    /// <param name="field">What is named when it is wrong.</param>
    /// <exception cref="ProblemException">It is no name of a file.</exception>
    public static void Check(string path, string field)
    {
        if (!ArtifactName.IsName(path) || path.Contains('\uFFFD'))
            throw Refused(field, $"{LogText.Clean(path)} is no name of a file. {ArtifactName.Rule}");
        if (path == ExperimentSnapshot.DatasetsDirectory)
        {
            throw Refused(
                field, $"No file of a commit is called {path}: it is the directory in which a run finds its data. Call it otherwise.");
        }
    }

    /// <exception cref="ProblemException">What is a file is a directory as well.</exception>
    public static void RefuseFilesWithin(IReadOnlyCollection<string> paths, string field)
    {
        var all = paths.ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            {
                if (all.Contains(path[..slash]))
                    throw Refused(field, $"{path[..slash]} is a file and a directory in it.");
            }
        }
    }

    private static ProblemException Refused(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
