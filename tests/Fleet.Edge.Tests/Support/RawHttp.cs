using System.Net.Sockets;
using System.Text;

namespace Fleet.Edge.Tests.Support;

/// <summary>Says over a socket what no HTTP client would.</summary>
internal static class RawHttp
{
    /// <summary>Sends the text as it is and reads until the other side is silent for a while or closes.</summary>
    public static async Task<string> Ask(Uri door, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(door.Host, door.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        using var silence = new CancellationTokenSource();
        try
        {
            while (true)
            {
                var isAwaited = answer.Length == 0 || answer.ToString() == "HTTP/1.1 100 Continue\r\n\r\n";
                silence.CancelAfter(TimeSpan.FromSeconds(isAwaited ? 60 : 1)); // a busy machine answers late
                var read = await stream.ReadAsync(buffer, silence.Token);
                if (read == 0)
                    break;
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (OperationCanceledException)
        {
            return answer.ToString();
        }

        return answer.ToString();
    }

    public static Task<string> Get(Uri door, string target, params string[] headers)
    {
        var more = string.Concat(headers.Select(header => header + "\r\n"));
        return Ask(door, $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n");
    }
}
