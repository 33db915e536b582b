using System.Diagnostics;
using System.Globalization;

namespace Fleet.Bench.Turns;

/// <summary>A <see cref="BareServer"/> and its process.</summary>
internal sealed class WatchedBareServer : IWatched, IAsyncDisposable
{
    public const string Role = "bare";

    private readonly Process _process;
    private readonly HttpClient _http;
    private int _begun;

    private WatchedBareServer(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Name => TurnsBenchmark.Bare;

    public int Pid => _process.Id;

    public static async Task<WatchedBareServer> Start(int words, CancellationToken stop)
    {
        string[] arguments = [typeof(BareServer).Assembly.Location, BareServer.Command, words.ToString(CultureInfo.InvariantCulture)];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await process.StandardOutput.ReadLineAsync(stop)
            ?? throw new InvalidOperationException("The bare server did not start.");
        return new WatchedBareServer(process, new Uri(address));
    }

    public async Task<string> Begin(CancellationToken stop)
    {
        var answer = Interlocked.Increment(ref _begun).ToString(CultureInfo.InvariantCulture);
        using var begun = await _http.PostAsync($"/answers/{answer}", content: null, stop);
        begun.EnsureSuccessStatusCode();
        return answer;
    }

    public Task<Stream> Watch(string answer, CancellationToken stop) => _http.GetStreamAsync($"/answers/{answer}/events", stop);

    public bool Carries(string role) => role == Role;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
