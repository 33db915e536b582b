using Fleet.Contracts.Backups;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Backups.Questions;

/// <summary>A restic that is read from; it ends with whoever reads.</summary>
internal sealed class ResticStream : IDisposable
{
    private const int LongestLine = 64 * 1024;
    private const int MostSaid = 50;

    private readonly ChildProcess _child;
    private readonly Redaction _redaction;
    private readonly List<string> _said = [];
    private readonly Task _listening;
    private ChildExit? _exit;

    public ResticStream(ChildCommand command, Redaction redaction)
    {
        _redaction = redaction;
        _child = ChildProcess.Start(command);
        Lines = new StreamReader(_child.Output);
        _listening = new LineReader(_child.Error, LongestLine).ReadAll(Hear, CancellationToken.None);
    }

    public Stream Output => _child.Output;

    /// <summary>The output as text, for those who do not read it as bytes.</summary>
    public StreamReader Lines { get; }

    /// <summary>Null when it did well; to be asked at the end of its output.</summary>
    public async Task<NoAnswer?> Failure()
    {
        await _child.Ended;
        await _listening;
        _exit ??= _child.Reap();
        if (_exit.ExitCode == 0)
            return null;
        if (Says("not found in snapshot") || Says("should be a dir"))
            return new NoAnswer(NoAnswer.NoPath, "There is nothing at this path in the snapshot.");
        if (Says("should be a file"))
            return new NoAnswer(NoAnswer.NoContent, "This is neither a file nor a directory: it has no content.");
        var failure = ResticFailures.Of(_exit.ExitCode, signal: null, _said, _redaction.Of);
        return new NoAnswer(failure.Code, failure.Sentence);
    }

    public void Dispose()
    {
        Lines.Dispose();
        _child.Dispose();
        if (_exit is null)
            _ = Collect();
    }

    private bool Says(string words) => _said.Exists(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>It was killed: nobody reads on.</summary>
    private async Task Collect()
    {
        await _child.Ended;
        _child.Reap();
    }

    private Task Hear(string line)
    {
        if (_said.Count < MostSaid)
            _said.Add(line);
        return Task.CompletedTask;
    }
}
