using Fleet.Control.Platform.Audit;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Fleet.Control.Platform.Http.Reference;

/// <summary>What an operation is called in the reference: an id for generated clients, and a few words for people.</summary>
internal static class OperationNames
{
    /// <summary>Tags of wires whose paths would give the same ids as those of the native API.</summary>
    private static readonly string[] Wires = ["foreman", "Ollama", "OpenAI", "kanade", "Hosts"];

    /// <returns>Such as <c>jobs_list</c>, <c>jobs_get</c>, <c>jobs_explain</c>, <c>agents_drain</c>.</returns>
    public static string IdOf(RouteEndpoint route, string method, string tag)
    {
        var isWire = Wires.Contains(tag);
        var words = Words(route).Select(word => word.Replace('-', '_')).ToList();
        var ends = EndsWithName(route);
        if (isWire && !ends && route.RoutePattern.Parameters.Count > 0)
            words.Insert(1, "one"); // a wire may have both: of all, and of one
        if (isWire)
            words.Insert(0, tag.ToLowerInvariant());
        var verb = method switch
        {
            "GET" => ends || words is ["whoami"] ? "get" : words.Count > 1 && !IsList(route) ? "" : "list",
            "POST" => !isWire && words.Count > 1 && !ends ? "" : "create",
            "PUT" => "put",
            "PATCH" => "change",
            _ => method.ToLowerInvariant(),
        };
        return string.Join('_', verb.Length > 0 ? words.Append(verb) : words);
    }

    /// <returns>Such as "Cancel a job".</returns>
    public static string SummaryOf(RouteEndpoint route, string method, string tag)
    {
        if (route.Metadata.GetMetadata<AuditAction>()?.Word.Split('.') is [var noun, var verb])
        {
            var (words, link) = (verb.Replace('_', ' '), verb.Contains('_', StringComparison.Ordinal) ? " of " : " ");
            return Capital(words) + link + WithArticle(noun.Replace('_', ' '));
        }

        var parts = Words(route).Select(word => word.Replace('-', ' ').Replace('_', ' ')).ToList();
        if (parts.Count == 0)
            return "Say hello";
        if (Wires.Contains(tag))
            return $"{tag}: {string.Join(' ', parts)}";
        if (parts is ["whoami"])
            return "Show what the key is and may";
        if (EndsWithName(route))
            return $"{Verb(method)} {WithArticle(Singular(parts[^1]))}";
        return parts.Count == 1 || IsList(route) ? $"List {string.Join(" of ", parts.AsEnumerable().Reverse())}"
            : $"{Verb(method)} {parts[^1]} of {WithArticle(Singular(parts[0]))}";
    }

    private static List<string> Words(RouteEndpoint route) =>
    [
        .. route.RoutePattern.PathSegments
            .Where(segment => segment.IsSimple).Select(segment => segment.Parts[0]).OfType<RoutePatternLiteralPart>()
            .Select(part => part.Content).Where(word => word is not ("v1" or "api")),
    ];

    private static bool EndsWithName(RouteEndpoint route) =>
        route.RoutePattern.PathSegments.LastOrDefault(segment => segment.IsSimple)?.Parts[0] is RoutePatternParameterPart;

    private static bool IsList(RouteEndpoint route) =>
        route.Metadata.OfType<IProducesResponseTypeMetadata>().Any(one => one.Type is { IsGenericType: true } type
            && type.GetGenericTypeDefinition() == typeof(PageOf<>));

    private static string Verb(string method) => method switch
    {
        "POST" => "Create",
        "PUT" => "Put",
        "PATCH" => "Change",
        "DELETE" => "Delete",
        _ => "Show",
    };

    private static string Singular(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y" : word.TrimEnd('s');

    private static string WithArticle(string noun) => ("aeio".Contains(noun[0], StringComparison.Ordinal) ? "an " : "a ") + noun;

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
