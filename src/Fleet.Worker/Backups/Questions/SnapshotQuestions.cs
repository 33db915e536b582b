using System.Diagnostics;
using System.Net;
using Fleet.Contracts.Backups;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Backups.Questions;

/// <summary>
/// Answers questions about what is in snapshots, a few at once, streamed to Control as restic reads them. A question that
/// nobody can be waiting for any more is left alone.
/// </summary>
internal sealed class SnapshotQuestions(
    ResticProgram program, ResticEnvironment environment, RepositoryClient client, WorkerSettings settings, ILogger<SnapshotQuestions> log)
    : IDisposable
{
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromHours(24);

    private readonly SemaphoreSlim _places = new(settings.Backups.Readers);

    public void Take(ReadSnapshot question)
    {
        var asked = Stopwatch.GetTimestamp();
        _ = Task.Run(() => Answer(question, asked));
    }

    public void Dispose() => _places.Dispose();

    private async Task Answer(ReadSnapshot question, long asked)
    {
        try
        {
            if (!await _places.WaitAsync(TimeSpan.FromSeconds(Math.Clamp(question.TimeoutSeconds, 0, 3600))))
                return;
            try
            {
                if (Stopwatch.GetElapsedTime(asked).TotalSeconds < question.TimeoutSeconds)
                    await Perform(question);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or IOException or OperationCanceledException)
        {
            log.NotAnswered(failure.Message);
        }
    }

    private async Task Perform(ReadSnapshot question)
    {
        if (program.Path is not { } path)
        {
            await Refuse(new NoAnswer(BackupErrors.NoRestic, $"'{settings.Backups.Restic}' is not installed on the agent."));
            return;
        }

        if (await client.Open(question.Ticket, CancellationToken.None) is not { } credentials)
        {
            await Refuse(new NoAnswer(BackupErrors.NoCredentials, "Control gave no credentials for the question."));
            return;
        }

        try
        {
            await Stream(question, path, credentials);
        }
        catch (UnansweredException why)
        {
            await Refuse(why.Answer);
        }
        catch (ChildStartException wrong)
        {
            await Refuse(new NoAnswer(BackupErrors.NoRestic, wrong.Message));
        }

        Task Refuse(NoAnswer why) => client.Refuse(question.Question, why, CancellationToken.None);
    }

    private async Task Stream(ReadSnapshot question, string path, RepositoryCredentials credentials)
    {
        string[] command = question.Operation switch
        {
            ReadSnapshot.List => ["--json", "ls", question.SnapshotId, question.Path],
            ReadSnapshot.Find => ["--json", "ls", question.SnapshotId],
            ReadSnapshot.Content => ["dump", question.SnapshotId, question.Path],
            _ => throw new UnansweredException(new NoAnswer("unknown_operation", $"This agent knows no '{question.Operation}'.")),
        };
        using var restic = new ResticStream(
            new ChildCommand(path, [path, "--no-lock", .. command], environment.OfQuestion(credentials), "/", Nice: settings.ChildNice),
            new Redaction(credentials));
        IAnswerSource source = question.Operation == ReadSnapshot.Content
            ? new ContentAnswer(restic)
            : new EntriesAnswer(restic, question);
        var first = await source.Begin(); // only then it is known whether there is an answer
        using var content = new StreamedContent(first, source);
        await client.Answer(question.Question, content, _longestAnswer, CancellationToken.None);
    }

    /// <summary>A body that is made as it is sent; it has no end where the answer has none.</summary>
    private sealed class StreamedContent(ReadOnlyMemory<byte> first, IAnswerSource source) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(System.IO.Stream stream, TransportContext? context)
        {
            for (var piece = first; !piece.IsEmpty; piece = await source.Next())
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>Where the pieces of an answer come from.</summary>
internal interface IAnswerSource
{
    /// <summary>The first piece; empty where the answer is.</summary>
    /// <exception cref="UnansweredException">There is none.</exception>
    Task<ReadOnlyMemory<byte>> Begin();

    /// <summary>Empty at the end.</summary>
    /// <exception cref="IOException">It broke off.</exception>
    Task<ReadOnlyMemory<byte>> Next();
}

/// <summary>There is no answer.</summary>
internal sealed class UnansweredException(NoAnswer answer) : Exception(answer.Message)
{
    public NoAnswer Answer { get; } = answer;
}
