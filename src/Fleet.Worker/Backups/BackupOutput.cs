using System.Text;
using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Backups;

/// <summary>What an attempt says as it goes: progress, issues, and lines for people. None of it holds a secret.</summary>
internal sealed class BackupOutput(ChannelWriter<AttemptEvent> events, Redaction redaction)
{
    private const int MostKept = 100;
    private const int MostTold = 10_000;
    private const int LongestKept = 300;
    private const int LongestLine = 8000;

    private readonly List<BackupIssue> _issues = [];

    /// <summary>The first of them.</summary>
    public IReadOnlyList<BackupIssue> Issues => _issues;

    public int IssueCount { get; private set; }

    public Task Say(string line) => events.WriteAsync(
        new Wrote(new OutputChunk(BackupStreams.Log, Encoding.UTF8.GetBytes(Cut(redaction.Of(line)) + "\n")))).AsTask();

    public Task Progress(BackupProgress progress) => events.WriteAsync(
        new Progressed(new ProgressReport(progress.PercentDone, CallResult.Json(progress)))).AsTask();

    /// <summary>The first are kept for the result, and of very many the last are only counted.</summary>
    public Task Issue(BackupIssue issue)
    {
        issue = issue with { Message = PlainText.Of(Cut(redaction.Of(issue.Message))), Item = PlainText.Of(Cut(issue.Item)) };
        IssueCount++;
        if (_issues.Count < MostKept)
            _issues.Add(issue with { Item = Short(issue.Item), Message = Short(issue.Message) });
        return IssueCount > MostTold ? Task.CompletedTask : events.WriteAsync(
            new Wrote(new OutputChunk(BackupStreams.Issues, [.. CallResult.Bytes(issue), (byte)'\n']))).AsTask();
    }

    /// <summary>An earlier try had these; the next begins anew.</summary>
    public void ForgetIssues()
    {
        _issues.Clear();
        IssueCount = 0;
    }

    public string Redacted(string text) => redaction.Of(text);

    /// <summary>The end of a path says more than its beginning, and that of a message no less.</summary>
    private static string Short(string text) => text.Length <= LongestKept ? text : "…" + text[^LongestKept..];

    /// <summary>A chunk of output has room for it, however many bytes its letters take.</summary>
    private static string Cut(string line) => line.Length <= LongestLine ? line : line[..LongestLine] + "…";

    public Task Began(AttemptEvent began) => events.WriteAsync(began).AsTask();
}
