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
    private const int LongestPath = 300;

    private readonly List<BackupIssue> _issues = [];

    /// <summary>The first of them.</summary>
    public IReadOnlyList<BackupIssue> Issues => _issues;

    public int IssueCount { get; private set; }

    public Task Say(string line) => events.WriteAsync(
        new Wrote(new OutputChunk(BackupStreams.Log, Encoding.UTF8.GetBytes(redaction.Of(line) + "\n")))).AsTask();

    public Task Progress(BackupProgress progress) => events.WriteAsync(
        new Progressed(new ProgressReport(progress.PercentDone, CallResult.Json(progress)))).AsTask();

    /// <summary>The first are kept for the result, and of very many the last are only counted.</summary>
    public Task Issue(BackupIssue issue)
    {
        issue = issue with { Message = PlainText.Of(redaction.Of(issue.Message)), Item = PlainText.Of(issue.Item) };
        IssueCount++;
        if (_issues.Count < MostKept)
            _issues.Add(issue with { Item = issue.Item.Length <= LongestPath ? issue.Item : "…" + issue.Item[^LongestPath..] });
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

    public Task Began(AttemptEvent began) => events.WriteAsync(began).AsTask();
}
