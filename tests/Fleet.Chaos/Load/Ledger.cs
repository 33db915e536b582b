using System.Collections.Concurrent;

namespace Fleet.Chaos.Load;

/// <summary>
/// What clients were told, kept outside the system: every job that was answered 202, and what it should do.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, JobPlan> _accepted = [];
    private readonly ConcurrentQueue<string> _wrongs = [];

    /// <summary>The label <c>run</c> of all of them.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N");

    /// <summary>By job id.</summary>
    public IReadOnlyDictionary<string, JobPlan> Accepted => _accepted;

    /// <summary>Answers that no client should ever get.</summary>
    public IReadOnlyCollection<string> Wrongs => _wrongs;

    public void Note(string jobId, JobPlan plan)
    {
        if (!_accepted.TryAdd(jobId, plan))
            NoteWrong($"job {jobId} was accepted twice");
    }

    public void NoteWrong(string sentence) => _wrongs.Enqueue(sentence);
}
