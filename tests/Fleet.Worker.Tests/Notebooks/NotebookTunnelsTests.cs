using System.Diagnostics;
using System.Formats.Tar;
using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Contracts.Notebooks;
using Fleet.Worker.Notebooks;
using Fleet.Worker.Platform.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Notebooks;

/// <summary>What an agent brings of notebooks when it is asked, and what it refuses.</summary>
public sealed class NotebookTunnelsTests : IAsyncLifetime, IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-nb-").FullName;
    private readonly Channel<Arrived> _arrived = Channel.CreateUnbounded<Arrived>();
    private readonly RunningNotebooks _running = new();
    private readonly Guid _work = Guid.NewGuid();
    private WebApplication _server = null!;
    private ControlClient _control = null!;
    private WorkerSettings _settings = null!;
    private bool _leaves;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.UseWebSockets();
        _server.MapGet("/v1/agents/{name}/tunnels/{tunnel}", Arrive);
        await _server.StartAsync();
        _settings = new WorkerSettings { Name = "tester", Token = "token", Control = _server.Urls.First(), WorkDirectory = _home };
        _control = new ControlClient(_settings);
        var workspace = new NotebookWorkspace("/usr/bin/python3", _home, "work/here", user: null);
        _running.Add(_work, 1, new RunningNotebook(new NotebookServer(Path.Combine(_home, "s"), "token", user: null), workspace));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    public void Dispose() => _control.Dispose();

    [Fact]
    public async Task The_files_of_a_workspace_come_as_a_tar_that_ends_with_a_word()
    {
        Write("run.sh", "echo hello\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write("lib/words.txt", "hello");
        Write(".cache/secret", "not sent");
        Write("lib/.hidden", "not sent");
        File.CreateSymbolicLink(Path.Combine(_home, "work/here/lib/away"), "/etc");
        Write("../beside.txt", "not in it");
        Tunnels().Take(new PackWorkspace(Guid.NewGuid(), _work, 1));
        var arrived = await Next();
        arrived.WasClosed.ShouldBeTrue();
        var entries = Entries(arrived.Bytes);
        entries.Select(entry => (entry.Name, entry.EntryType)).ShouldBe(
            [
                ("./run.sh", TarEntryType.RegularFile), ("./lib/away", TarEntryType.SymbolicLink),
                ("./lib/words.txt", TarEntryType.RegularFile),
            ],
            ignoreOrder: true);
        entries.Single(entry => entry.Name == "./run.sh").Mode.HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        entries.Single(entry => entry.Name == "./lib/words.txt").Mode.HasFlag(UnixFileMode.UserExecute).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_name_of_a_file_is_a_file()
    {
        Write("one.txt", "same");
        var here = Path.Combine(_home, "work/here");
        using (var link = Process.Start("ln", [Path.Combine(here, "one.txt"), Path.Combine(here, "two.txt")]))
            await link.WaitForExitAsync().Within();
        Tunnels().Take(new PackWorkspace(Guid.NewGuid(), _work, 1));
        Entries((await Next()).Bytes).Select(entry => (entry.Name, entry.EntryType, entry.Length)).ShouldBe(
            [("./one.txt", TarEntryType.RegularFile, 4L), ("./two.txt", TarEntryType.RegularFile, 4L)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_workspace_that_cannot_be_read_ends_without_a_word()
    {
        Tunnels().Take(new PackWorkspace(Guid.NewGuid(), _work, 1)); // its directory is not there
        (await Next()).WasClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_files_that_nobody_wants_any_more_no_process_is_left()
    {
        Write("large", "");
        using (var large = File.OpenWrite(Path.Combine(_home, "work/here/large")))
            large.SetLength(1L << 30);
        _leaves = true;
        Tunnels().Take(new PackWorkspace(Guid.NewGuid(), _work, 1));
        await Next();
        await Eventually.True(() => !Children().Any(name => name.StartsWith("python", StringComparison.Ordinal)), "who packed is gone");
    }

    [Fact]
    public async Task A_notebook_that_has_its_share_is_refused_further_connections_at_once()
    {
        _settings.Notebooks.MaxTunnelsEach = 1;
        var shares = new TunnelShares(_settings);
        shares.Take(_work, 1).ShouldBe(TunnelShare.Taken);
        var tunnels = Tunnels(shares);
        var wanted = new OpenTunnel(Guid.NewGuid(), _work, 1);
        tunnels.Take(wanted);
        var refused = await Next();
        (refused.Tunnel, refused.IsRefused).ShouldBe((wanted.Tunnel.ToString("N"), true));
        shares.Give(_work, 1);
        Write("run.sh", "echo hello\n");
        tunnels.Take(new PackWorkspace(Guid.NewGuid(), _work, 1));
        (await Next()).WasClosed.ShouldBeTrue();
    }

    private NotebookTunnels Tunnels(TunnelShares? shares = null) => new(
        _running, shares ?? new TunnelShares(_settings), _control, _settings, NullLogger<NotebookTunnels>.Instance);

    private Task<Arrived> Next() => _arrived.Reader.ReadAsync().AsTask().Within();

    private async Task Arrive(HttpContext context, string tunnel)
    {
        if (context.Request.Headers.ContainsKey(OpenTunnel.RefusedHeader))
        {
            _arrived.Writer.TryWrite(new Arrived(tunnel, IsRefused: true, [], WasClosed: false));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        if (_leaves)
        {
            await socket.ReceiveAsync(new byte[1], CancellationToken.None);
            _arrived.Writer.TryWrite(new Arrived(tunnel, IsRefused: false, [], WasClosed: false));
            return;
        }

        using var bytes = new MemoryStream();
        try
        {
            await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
            await stream.CopyToAsync(bytes);
        }
        catch (Exception broken) when (broken is IOException or WebSocketException)
        {
            // it ended without a word
        }

        _arrived.Writer.TryWrite(new Arrived(tunnel, IsRefused: false, bytes.ToArray(), socket.CloseStatus == WebSocketCloseStatus.NormalClosure));
    }

    private void Write(string path, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var file = Path.Combine(_home, "work/here", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, mode);
    }

    /// <summary>The names of what this process has started and not collected.</summary>
    private static IEnumerable<string> Children()
    {
        foreach (var one in Directory.GetDirectories("/proc").Where(one => char.IsAsciiDigit(Path.GetFileName(one)[0])))
        {
            var stat = "";
            try
            {
                stat = File.ReadAllText(Path.Combine(one, "stat"));
            }
            catch (IOException)
            {
                continue; // it is gone
            }

            var end = stat.LastIndexOf(')');
            if (stat[(end + 1)..].Split(' ')[2] == $"{Environment.ProcessId}")
                yield return stat[(stat.IndexOf('(') + 1)..end];
        }
    }

    private static List<TarEntry> Entries(byte[] bytes)
    {
        using var tar = new TarReader(new MemoryStream(bytes));
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private sealed record Arrived(string Tunnel, bool IsRefused, byte[] Bytes, bool WasClosed);
}
