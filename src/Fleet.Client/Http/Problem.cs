using System.Net.Http.Json;
using System.Text.Json;

namespace Fleet.Client.Http;

/// <summary>A no with its reason, as it travels.</summary>
internal sealed record Problem(
    string? Detail, string? Code, string? TraceId, IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors)
{
    public static async Task<FleetException> Read(HttpResponseMessage answer, CancellationToken stop)
    {
        var (status, after) = (answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
                && await answer.Content.ReadFromJsonAsync<Problem>(FleetJson.Options, stop) is { Code: { } code } problem)
            {
                return new FleetException(status, code, problem.Detail ?? code)
                {
                    TraceId = problem.TraceId,
                    RetryAfter = after,
                    Errors = problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>(),
                };
            }
        }
        catch (Exception broken) when (broken is JsonException or IOException or HttpRequestException)
        {
            // whoever answered is no Fleet, or went away: the status is all there is
        }

        return new FleetException(status, "http_error", $"The answer was {(int)status} {answer.ReasonPhrase}.") { RetryAfter = after };
    }
}
