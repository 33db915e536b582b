using Microsoft.Extensions.Primitives;

namespace Fleet.Control.Platform.Http.Sockets;

/// <summary>
/// What is wrong with a request that is to become a WebSocket, in the order in which clients of this wire are used to be
/// told: 426 without the wish to upgrade, 405 unless it is a GET, 400 for another version or a bad key.
/// </summary>
internal static class SocketHandshake
{
    private const string WebSocket = "websocket";
    private const string Version = "13";
    private const int KeyBytes = 16;

    /// <summary>Null when all is well.</summary>
    public static IResult? Refusal(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return null; // also over HTTP/2, where none of these headers exist
        var request = context.Request;
        var response = context.Response.Headers;
        if (!Lists(request.Headers.Connection, "Upgrade") || !Lists(request.Headers.Upgrade, WebSocket))
        {
            response.Connection = "Upgrade";
            response.Upgrade = WebSocket;
            return Text(426, "This is a WebSocket; ask for the upgrade.");
        }

        if (!HttpMethods.IsGet(request.Method))
        {
            response.Allow = "GET";
            return Text(405, "A WebSocket is asked for with GET.");
        }

        if (request.Headers.SecWebSocketVersion != Version)
        {
            response.SecWebSocketVersion = Version;
            return Text(400, $"Sec-WebSocket-Version must be {Version}.");
        }

        return Text(400, IsKey(request.Headers.SecWebSocketKey)
            ? "This connection cannot become a WebSocket."
            : $"Sec-WebSocket-Key must be {KeyBytes} bytes in base64.");
    }

    public static IResult Text(int status, string sentence) => Results.Text(sentence + "\n", "text/plain; charset=utf-8", null, status);

    private static bool Lists(StringValues header, string word) =>
        header.Any(line => line is not null
            && line.Split(',').Any(part => part.AsSpan().Trim().Equals(word, StringComparison.OrdinalIgnoreCase)));

    private static bool IsKey(StringValues header)
    {
        Span<byte> key = stackalloc byte[KeyBytes + 2];
        return header is [{ } text] && Convert.TryFromBase64String(text, key, out var length) && length == KeyBytes;
    }
}
