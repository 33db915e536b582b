namespace Fleet.Control.Platform.Http;

/// <summary>Ends a request with a problem, from wherever the reading of the request has got to.</summary>
internal sealed class ProblemException(ProblemResult problem) : Exception(problem.Detail)
{
    public ProblemResult Problem { get; } = problem;
}
