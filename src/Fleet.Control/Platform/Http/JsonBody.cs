using System.Text.Json;
using Fleet.Control.Platform.Http.Values;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Reads what a client sent as JSON. Whatever is wrong ends the request with a problem that names the field as a path
/// into the body: <c>command.args[1]</c>, or <c>[3].priority</c> in a list.
/// </summary>
internal static class JsonBody
{
    public static async Task<T> Read<T>(HttpRequest request)
    {
        RequireJson(request);
        using var body = await BodyBytes.Read(request);
        return Parse<T>(body.Span);
    }

    /// <summary>For routes that take nothing: no body, or an object without fields.</summary>
    public static async Task ReadNothing(HttpRequest request)
    {
        using var body = await BodyBytes.Read(request);
        if (body.Span.IsEmpty)
            return;
        RequireJson(request);
        Parse<Nothing>(body.Span);
    }

    /// <summary>For routes that take one thing or a list of them.</summary>
    public static OneOrMany<T> ParseOneOrMany<T>(ReadOnlySpan<byte> utf8) =>
        WithoutMark(utf8).TrimStart(" \t\r\n"u8) is [(byte)'[', ..]
            ? new OneOrMany<T>(WithoutNulls(Parse<IReadOnlyList<T?>>(utf8)), IsList: true)
            : new OneOrMany<T>([Parse<T>(utf8)], IsList: false);

    public static T Parse<T>(ReadOnlySpan<byte> utf8) => Parse<T>(utf8, FleetJson.Requests);

    /// <summary>For wires whose clients also send fields that nobody here knows.</summary>
    public static T ParseKnown<T>(ReadOnlySpan<byte> utf8) => Parse<T>(utf8, FleetJson.KnownFields);

    /// <exception cref="ProblemException">The body is said to be something else, or JSON in another encoding.</exception>
    public static void RequireJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsJson(type) || !IsUtf8(type.Charset))
            throw new ProblemException(Problem.UnsupportedMedia("Send the body as application/json in UTF-8."));
    }

    private sealed record Nothing;

    /// <summary>Also anything that is written in it (RFC 6839, 3.1).</summary>
    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Values of parameters may be in quotes (RFC 9110, 5.6.6); the name without a hyphen is in use as well.</summary>
    private static bool IsUtf8(StringSegment charset) =>
        !charset.HasValue || HeaderUtilities.RemoveQuotes(charset).ToString().ToLowerInvariant() is "utf-8" or "utf8";

    /// <summary>For wires with rules of their own.</summary>
    /// <exception cref="ProblemException">
    /// It is no JSON, holds what is no text, or a field has another type than it should have.
    /// </exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, JsonSerializerOptions options)
    {
        var json = WithoutMark(utf8);
        if (json.IsEmpty)
            throw new ProblemException(Problem.InvalidBody("A JSON body is needed, and there is none."));
        try
        {
            var value = JsonSerializer.Deserialize<T>(json, options)
                ?? throw new ProblemException(Problem.InvalidBody("The body must not be null."));
            return UnusableText.Find(json) is { } unusable ? throw new ProblemException(unusable) : value;
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(JsonTrouble.Explain(wrong, options.MaxDepth, json));
        }
    }

    /// <summary>The serializer refuses null for properties, and not for items of a list.</summary>
    private static IReadOnlyList<T> WithoutNulls<T>(IReadOnlyList<T?> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is null)
                throw new ProblemException(Problem.Invalid($"[{i}]", "This must not be null."));
        }

        return items!;
    }

    /// <summary>Some Windows tools put a byte order mark first.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}

/// <summary>What a route got that takes one thing or a list.</summary>
internal sealed record OneOrMany<T>(IReadOnlyList<T> Items, bool IsList);
