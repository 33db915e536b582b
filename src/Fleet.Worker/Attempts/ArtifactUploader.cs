using System.Net;
using System.Text.Json;
using Fleet.Protocol.Ids;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Sessions;
using Microsoft.AspNetCore.StaticFiles;

namespace Fleet.Worker.Attempts;

/// <summary>Brings the artifacts of an attempt to Control, streamed, one after the other.</summary>
internal sealed class ArtifactUploader(ControlClient control, WorkerSettings settings, ILogger<ArtifactUploader> log)
{
    private const int SlowestBytesPerSecond = 64 * 1024;
    private const int LongestReason = 300;
    private const int MostTold = 10;
    private const string UploadFailed = "artifact_upload_failed";

    /// <summary>Control's code for work that has left all it may; its other conflicts are about the attempt.</summary>
    private const string TooManyArtifacts = "\"too_many_artifacts\"";

    private static readonly TimeSpan _patienceForAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(10);

    private readonly FileExtensionContentTypeProvider _types = new();

    /// <summary>What cannot be stored keeps nothing else from it, unless Control is away.</summary>
    /// <param name="patience">How long one file is tried again.</param>
    /// <returns>Null when everything is stored, or nobody wants it any more; else what the attempt failed by.</returns>
    public async Task<(string Code, string Sentence)?> Upload(
        AttemptKey key, AttemptDirectory directory, TimeSpan patience, CancellationToken stop)
    {
        var found = ArtifactFiles.In(directory.Artifacts);
        var refused = found.Unreadable.Select(sentence => (Code: UploadFailed, Sentence: sentence)).ToList();
        foreach (var file in found.Files)
        {
            var outcome = await UploadPatiently(key, directory, file, patience, stop);
            if (outcome is UploadOutcome.Unwanted)
            {
                log.ArtifactsUnwanted(key);
                return null;
            }

            if (outcome is UploadOutcome.TooLarge)
                refused.Add(("artifact_too_large", $"The artifact '{file.Name}' is too large to be stored."));
            if (outcome is UploadOutcome.Failed failed)
                refused.Add((UploadFailed, $"The artifact '{file.Name}' could not be stored: {failed.Reason}"));
            if (outcome is UploadOutcome.Failed { IsOfAll: true })
                break;
        }

        return refused.Count == 0 ? null : (refused[0].Code, Told([.. refused.Select(one => one.Sentence)]));
    }

    private static string Told(string[] sentences) => string.Join(' ', sentences.Take(MostTold))
        + (sentences.Length > MostTold ? $" And {sentences.Length - MostTold} more." : "");

    private async Task<UploadOutcome> UploadPatiently(
        AttemptKey key, AttemptDirectory directory, ArtifactFile file, TimeSpan patience, CancellationToken stop)
    {
        var giveUp = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        for (var pause = _firstPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            var outcome = await UploadOnce(key, directory, file, stop);
            if (outcome is not UploadOutcome.Failed { MayPass: true } failed
                || Environment.TickCount64 + pause.TotalMilliseconds > giveUp)
            {
                return outcome;
            }

            log.ArtifactTriedAgain(file.Name, key, failed.Reason, pause.TotalSeconds);
            await Task.Delay(pause, stop);
        }
    }

    private async Task<UploadOutcome> UploadOnce(
        AttemptKey key, AttemptDirectory directory, ArtifactFile file, CancellationToken stop)
    {
        try
        {
            await using var bytes = RegularFile.Open(file.Path, directory.User);
            if (bytes.Length > settings.MaxArtifactBytes)
                return new UploadOutcome.TooLarge();
            using var content = new StreamContent(bytes);
            content.Headers.ContentLength = bytes.Length;
            content.Headers.TryAddWithoutValidation("Content-Type", TypeOf(file.Name));
            var patience = _patienceForAnswer + TimeSpan.FromSeconds(bytes.Length / SlowestBytesPerSecond);
            using var answer = await control.Put(PathOf(key, file.Name), content, patience, stop);
            return await Understand(answer, stop);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException)
        {
            return new UploadOutcome.Failed(failure.Message);
        }
        catch (UnauthorizedAccessException unreadable)
        {
            return new UploadOutcome.Failed(unreadable.Message, MayPass: false, IsOfAll: false);
        }
    }

    private static async Task<UploadOutcome> Understand(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
            return new UploadOutcome.Stored();
        var text = await answer.Content.ReadAsStringAsync(stop);
        var reason = $"{(int)answer.StatusCode} {ReasonIn(text)}".TrimEnd();
        return answer.StatusCode switch
        {
            HttpStatusCode.Conflict when text.Contains(TooManyArtifacts, StringComparison.Ordinal) =>
                new UploadOutcome.Failed(reason, MayPass: false, IsOfAll: true),
            HttpStatusCode.Conflict => new UploadOutcome.Unwanted(),
            HttpStatusCode.RequestEntityTooLarge => new UploadOutcome.TooLarge(),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestUriTooLong or HttpStatusCode.UnprocessableEntity =>
                new UploadOutcome.Failed(reason, MayPass: false, IsOfAll: false),
            _ => new UploadOutcome.Failed(reason),
        };
    }

    /// <summary>The sentence of a problem (RFC 9457), or what there is instead.</summary>
    private static string ReasonIn(string answer)
    {
        try
        {
            if (JsonSerializer.Deserialize<Problem>(answer, JsonSerializerOptions.Web) is { Detail: { } sentence })
                return sentence;
        }
        catch (JsonException)
        {
            // somebody between answered
        }

        return answer[..Math.Min(answer.Length, LongestReason)];
    }

    private static string PathOf(AttemptKey key, string name) =>
        $"v1/attempts/{WireId.Format(key.WorkId)}/{key.Attempt}/artifacts/"
        + string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private string TypeOf(string name) =>
        _types.TryGetContentType(name, out var type) ? type : "application/octet-stream";

    private sealed record Problem(string? Detail);
}
