using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>A server of repositories: rclone's, over one directory, with a door that only appends or one that may all.</summary>
internal sealed class ResticServer : IDisposable
{
    private readonly Process _process;
    private bool _isGone;

    private ResticServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Url => $"rest:http://127.0.0.1:{Port}/";

    public static async Task<ResticServer> Start(string directory, int port, bool onlyAppends)
    {
        Directory.CreateDirectory(directory);
        string[] arguments =
        [
            "serve", "restic", "--addr", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            .. onlyAppends ? ["--append-only"] : (string[])[], directory,
        ];
        var start = Shell.Prepare("rclone", arguments, new Dictionary<string, string> { ["RCLONE_CONFIG"] = "/dev/null" });
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        var server = new ResticServer(Process.Start(start)!, port);
        await Eventually.True(() => Answers(port), "the server of the repository answers");
        return server;
    }

    /// <summary>Once more changes nothing.</summary>
    public void Dispose()
    {
        if (_isGone)
            return;
        _isGone = true;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<bool> Answers(int port)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
