using System.Net.Sockets;
using Fleet.Worker.Notebooks;
using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Tests.Notebooks;

/// <summary>With whom an agent speaks in the place of a notebook.</summary>
public sealed class NotebookServerTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-nb-").FullName;

    private string Place => Path.Combine(_home, "s");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_server_is_ready_as_soon_as_it_listens()
    {
        var server = new NotebookServer(Place, "token", user: null);
        using var over = new CancellationTokenSource();
        var waiting = server.AwaitReady(over.Token);
        server.Ready.IsCompleted.ShouldBeFalse();
        using var listener = Listen();
        await waiting.Within();
        server.Ready.IsCompletedSuccessfully.ShouldBeTrue();
        await using var connection = await server.Connect(default);
        await connection.WriteAsync("hello"u8.ToArray());
    }

    [Fact]
    public async Task A_server_that_ends_before_it_listens_is_waited_for_no_longer()
    {
        var server = new NotebookServer(Place, "token", user: null);
        using var over = new CancellationTokenSource();
        var waiting = server.AwaitReady(over.Token);
        await over.CancelAsync();
        await waiting.Within();
        server.Ready.IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task What_another_user_listens_with_in_its_place_is_not_spoken_to()
    {
        using var listener = Listen();
        var link = Path.Combine(_home, "link");
        File.CreateSymbolicLink(link, Place);
        var someoneElse = new ChildUser(Environment.IsPrivilegedProcess ? 12_345u : 0u, 12_345, []);
        await Should.ThrowAsync<IOException>(() => new NotebookServer(link, "token", someoneElse).Connect(default));
        await using var own = await new NotebookServer(link, "token", user: null).Connect(default);
    }

    private Socket Listen()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Place));
        socket.Listen();
        return socket;
    }
}
