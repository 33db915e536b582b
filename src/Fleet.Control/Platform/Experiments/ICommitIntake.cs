using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Experiments;

/// <summary>Makes commits of files that nobody has given a name.</summary>
internal interface ICommitIntake
{
    /// <param name="archive">A tar, or a tar packed by gzip.</param>
    /// <returns>40 hex digits, made of paths, contents and what may be executed: the same files have the same.</returns>
    /// <exception cref="ProblemException">It cannot be read, or holds what a commit cannot.</exception>
    Task<string> Store(Stream archive, Caller caller, CancellationToken stop);
}
