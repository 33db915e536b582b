using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Fleet.EndToEnd.Tests.Tours;

/// <summary>A file of requests as editors send them: variables, requests between lines of <c>###</c>, some with names.</summary>
/// <param name="Variables"><c>@name = value</c> at its head.</param>
internal sealed partial record HttpFile(string Path, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<HttpStep> Steps)
{
    public static HttpFile Read(string path)
    {
        var variables = new Dictionary<string, string>();
        var steps = new List<HttpStep>();
        foreach (var block in Separator().Split(File.ReadAllText(path)))
        {
            var lines = block.Trim('\n').Split('\n');
            foreach (var variable in lines.Select(line => Variable().Match(line)).Where(match => match.Success))
                variables[variable.Groups[1].Value] = variable.Groups[2].Value.Trim();
            if (Step(lines) is { } step)
                steps.Add(step);
        }

        return new HttpFile(path, variables, steps);
    }

    private static HttpStep? Step(string[] lines)
    {
        var start = Array.FindIndex(lines, line => line.Length > 0 && line[0] is not ('#' or '@'));
        if (start < 0)
            return null;
        var notes = string.Join('\n', lines[..start]);
        var request = lines[start].Split(' ', 2);
        var headers = lines[(start + 1)..].TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1])).ToList();
        var body = string.Join('\n', lines.Skip(start + headers.Count + 2)).Trim('\n');
        var expected = Expected().Match(notes) is { Success: true } match
            ? (HttpStatusCode?)int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;
        var name = Name().Match(notes) is { Success: true } named ? named.Groups[1].Value : null;
        return new HttpStep(name, expected, new HttpMethod(request[0]), request[1], headers, body);
    }

    [GeneratedRegex("^###.*$", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^@(\w+)\s*=(.*)$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^# @name (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex(@"^# @expect (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Expected();
}

/// <summary>One request, with variables where the file has them.</summary>
/// <param name="Expected">Null: any 2xx.</param>
internal sealed record HttpStep(
    string? Name, HttpStatusCode? Expected, HttpMethod Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, string Body);
