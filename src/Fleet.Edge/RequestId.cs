using System.Buffers;

namespace Fleet.Edge;

/// <summary>One id for a request, here and in Control: the caller's, if it looks like an id, else a new one.</summary>
internal sealed class RequestId(RequestDelegate next)
{
    public const string Header = "X-Request-Id";

    private const int Longest = 128;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public Task InvokeAsync(HttpContext http)
    {
        var given = http.Request.Headers[Header];
        if (given.Count != 1 || !IsId(given[0]))
            http.Request.Headers[Header] = Guid.NewGuid().ToString("N");
        Answer(http);
        return next(http);
    }

    /// <summary>Puts the id on the answer, whatever was put there or cleared before.</summary>
    public static void Answer(HttpContext http) => http.Response.Headers[Header] = http.Request.Headers[Header];

    private static bool IsId(string? text) =>
        text is { Length: > 0 and <= Longest } && !text.AsSpan().ContainsAnyExcept(Letters);
}
