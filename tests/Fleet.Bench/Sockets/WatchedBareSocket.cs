using System.Diagnostics;

namespace Fleet.Bench.Sockets;

/// <summary>A <see cref="BareSocket"/> and its process.</summary>
internal sealed class WatchedBareSocket : IAsyncDisposable
{
    public const string Role = "bare";

    private readonly Process _process;

    private WatchedBareSocket(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Pid => _process.Id;

    public static async Task<WatchedBareSocket> Start(CancellationToken stop)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareSocket).Assembly.Location, BareSocket.Command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await process.StandardOutput.ReadLineAsync(stop)
            ?? throw new InvalidOperationException("The bare socket did not start.");
        return new WatchedBareSocket(process, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
