using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Backups;

/// <summary>What an agent asks and tells Control of repositories, over HTTP with its own token.</summary>
internal sealed class RepositoryClient(ControlClient control, WorkerSettings settings, ILogger<RepositoryClient> log)
{
    private const int Tries = 5;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _longestTelling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private string Agent => $"v1/agents/{settings.Name}";

    /// <summary>Null where Control says that the ticket opens nothing.</summary>
    /// <exception cref="HttpRequestException">Control does not answer.</exception>
    public async Task<RepositoryCredentials?> Open(string ticket, CancellationToken stop)
    {
        using var answer = await Patiently(
            () => control.Post(
                $"{Agent}/repository-credentials", Json(new RepositoryTicket(ticket)), control.Token, _patience, stop),
            stop);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<RepositoryCredentials>(_json, stop) : null;
    }

    /// <summary>What cannot be told now is told after the next backup.</summary>
    public async Task Tell(string repository, SnapshotsReport? snapshots, RepositoryStats? stats)
    {
        using var enough = new CancellationTokenSource(_longestTelling); // the end of the attempt waits for it
        var stop = enough.Token;
        try
        {
            if (snapshots is not null)
            {
                using var answer = await Patiently(
                    () => control.Put($"{Agent}/repositories/{repository}/snapshots", Json(snapshots), _patience, stop), stop);
                Heed(answer);
            }

            if (stats is not null)
            {
                using var answer = await Patiently(
                    () => control.Post($"{Agent}/repositories/{repository}/stats", Json(stats), control.Token, _patience, stop), stop);
                Heed(answer);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or OperationCanceledException)
        {
            log.NotTold(repository, failure.Message);
        }

        void Heed(HttpResponseMessage answer)
        {
            if (!answer.IsSuccessStatusCode)
                log.NotTold(repository, $"{(int)answer.StatusCode}");
        }
    }

    /// <summary>Streams an answer; false when nobody waits for it.</summary>
    public async Task<bool> Answer(Guid question, HttpContent content, TimeSpan patience, CancellationToken stop)
    {
        using var answer = await control.Put($"{Agent}/answers/{question:N}", content, patience, stop);
        return answer.IsSuccessStatusCode;
    }

    public async Task Refuse(Guid question, NoAnswer why, CancellationToken stop)
    {
        using var answer = await control.Post(
            $"{Agent}/answers/{question:N}/failure", Json(why), control.Token, _patience, stop);
    }

    private static ByteArrayContent Json<T>(T said) => new(CallResult.Bytes(said))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

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
