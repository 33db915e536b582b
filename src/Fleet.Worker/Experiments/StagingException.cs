namespace Fleet.Worker.Experiments;

/// <summary>A run cannot begin, since something it needs is not there or not what it should be.</summary>
/// <param name="code">Stable; one of <see cref="Contracts.Experiments.ExperimentErrors"/>.</param>
/// <param name="sentence">Names the file or the dataset.</param>
/// <param name="isFinal">Whether every further attempt would meet the same.</param>
internal sealed class StagingException(string code, string sentence, bool isFinal = true, Exception? cause = null)
    : Exception(sentence, cause)
{
    public string Code { get; } = code;

    public bool IsFinal { get; } = isFinal;
}
