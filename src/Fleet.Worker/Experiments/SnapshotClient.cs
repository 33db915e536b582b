using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fleet.Contracts.Experiments;
using Fleet.Protocol.Ids;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Experiments;

/// <summary>What an agent asks and tells Control of runs that it has in hand, over HTTP with its own token.</summary>
internal sealed class SnapshotClient(ControlClient control)
{
    private const int Tries = 5;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="StagingException">There is no such commit any more.</exception>
    public async Task<ExperimentSnapshot> Snapshot(AttemptKey run, string commit, CancellationToken stop)
    {
        using var answer = await Patiently(() => control.Get($"{PathOf(run)}/snapshot", _patience, stop), stop);
        await using var body = await Body(answer, $"The commit {commit}", stop);
        return await JsonSerializer.DeserializeAsync<ExperimentSnapshot>(body, _json, stop)
            ?? throw new StagingException(ExperimentErrors.SnapshotMissing, $"The commit {commit} is not there any more.");
    }

    /// <summary>The content of a file, as it comes; the answer is to be disposed of.</summary>
    /// <exception cref="StagingException">There is no such file any more.</exception>
    public async Task<HttpResponseMessage> File(AttemptKey run, SnapshotFile file, CancellationToken stop)
    {
        var answer = await Patiently(() => control.Get($"{PathOf(run)}/snapshot/{file.Sha256}", _patience, stop), stop);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw Missing(answer, $"The file {file.Path}");
    }

    /// <summary>Returns whether it is stored, or null where nobody wants it any more.</summary>
    /// <exception cref="InvalidDataException">Control refuses it, now and later.</exception>
    public async Task<bool?> Measured(AttemptKey run, MetricBatch batch, CancellationToken stop)
    {
        using var content = new ByteArrayContent(CallResult.Bytes(batch));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await control.Post($"{PathOf(run)}/metrics", content, control.Token, _patience, stop);
        return answer.IsSuccessStatusCode ? true
            : answer.StatusCode >= HttpStatusCode.InternalServerError || answer.StatusCode == HttpStatusCode.TooManyRequests ? false
            : await IsStale(answer, stop) ? null
            : throw new InvalidDataException($"What was measured is refused: {(int)answer.StatusCode}.");
    }

    /// <summary>The attempt is not this agent's any more, or the work is gone.</summary>
    private static async Task<bool> IsStale(HttpResponseMessage answer, CancellationToken stop) =>
        answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Unauthorized
        || (answer.StatusCode == HttpStatusCode.Conflict
            && (await answer.Content.ReadAsStringAsync(stop)).Contains("stale_attempt", StringComparison.Ordinal));

    private static string PathOf(AttemptKey run) => $"v1/attempts/{WireId.Format(run.WorkId)}/{run.Attempt}";

    private static async Task<Stream> Body(HttpResponseMessage answer, string what, CancellationToken stop) =>
        answer.IsSuccessStatusCode ? await answer.Content.ReadAsStreamAsync(stop) : throw Missing(answer, what);

    private static StagingException Missing(HttpResponseMessage answer, string what) => answer.StatusCode == HttpStatusCode.NotFound
        ? new StagingException(ExperimentErrors.SnapshotMissing, $"{what} is not there any more.")
        : new StagingException(ExperimentErrors.SnapshotMissing, $"{what} cannot be fetched: {(int)answer.StatusCode}.", isFinal: false);

    /// <summary>Control may be on its way up, or another one takes its place.</summary>
    private static async Task<HttpResponseMessage> Patiently(Func<Task<HttpResponseMessage>> ask, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var answer = await ask();
                if (tries == Tries || (answer.StatusCode < HttpStatusCode.InternalServerError
                    && answer.StatusCode != HttpStatusCode.TooManyRequests))
                    return answer;
                answer.Dispose();
            }
            catch (Exception away) when (tries < Tries && away is HttpRequestException or TimeoutException)
            {
                // asked again
            }

            await Task.Delay(_pause * tries, stop);
        }
    }
}
