using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Tours;

/// <summary>Sends the requests of a file one after the other, as a person does, and looks at each answer.</summary>
/// <param name="given">Variables that are others here than in the file.</param>
internal sealed partial class HttpFileRun(HttpFile file, HttpClient http, IReadOnlyDictionary<string, string> given)
{
    private const string Events = "text/event-stream";

    private readonly Dictionary<string, (HttpResponseHeaders Headers, JsonElement Body)> _answers = [];

    /// <summary>What went wrong, a line a request.</summary>
    public async Task<List<string>> Complaints()
    {
        var complaints = new List<string>();
        foreach (var step in file.Steps)
        {
            try
            {
                await Send(step);
            }
            catch (Exception wrong)
            {
                complaints.Add($"{Path.GetFileName(file.Path)}: {step.Method} {step.Url}: {wrong.GetBaseException().Message}");
            }
        }

        return complaints;
    }

    private async Task Send(HttpStep step)
    {
        using var request = new HttpRequestMessage(step.Method, new Uri(Fill(step.Url))) { Content = ContentOf(step) };
        foreach (var (name, value) in step.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, Fill(value)))
                request.Content?.Headers.TryAddWithoutValidation(name, Fill(value));
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
        var isEndless = answer.Content.Headers.ContentType?.MediaType == Events
            && step.Url.Contains("/v1/events", StringComparison.Ordinal);
        var text = isEndless ? "" : await answer.Content.ReadAsStringAsync().Within();
        var isRight = step.Expected is { } expected ? answer.StatusCode == expected : answer.IsSuccessStatusCode;
        isRight.ShouldBeTrue($"{(int)answer.StatusCode} {text}");
        if (step.Name is not null)
            _answers[step.Name] = (answer.Headers, JsonDocument.Parse(text).RootElement);
    }

    private ByteArrayContent? ContentOf(HttpStep step) => step.Body switch
    {
        "" => null,
        ['<', ' ', .. var path] => new ByteArrayContent(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(file.Path)!, path))),
        _ => new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(Fill(step.Body))),
    };

    private string Fill(string text) => Variable().Replace(text, match => ValueOf(match.Groups[1].Value));

    private string ValueOf(string name)
    {
        if (name == "$timestamp")
            return TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (given.TryGetValue(name, out var value) || file.Variables.TryGetValue(name, out value))
            return value;
        var parts = name.Split('.', 4);
        parts.Length.ShouldBe(4, $"there is no variable {name}");
        _answers.ShouldContainKey(parts[0]);
        var (headers, body) = _answers[parts[0]];
        if (parts[2] == "headers")
            return headers.GetValues(parts[3]).Single();
        foreach (Match step in PathStep().Matches(parts[3]))
        {
            body = step.Groups[1].Success
                ? body[int.Parse(step.Groups[1].Value, CultureInfo.InvariantCulture)]
                : body.GetProperty(step.Value);
        }

        return body.ToString();
    }

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\[(\d+)\]|[^.$\[\]]+")]
    private static partial Regex PathStep();
}
