using System.Buffers.Binary;
using System.Net.Sockets;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Notebooks;

/// <summary>A notebook's server that runs here, and how it is reached: by a socket in the directory of its attempt.</summary>
/// <param name="path">Of the socket.</param>
/// <param name="token">What it wants to be shown.</param>
/// <param name="user">As whom it runs; null means as this agent.</param>
internal sealed class NotebookServer(string path, string token, ChildUser? user)
{
    /// <summary>Bytes of a path that the system takes as the name of a socket.</summary>
    public const int LongestPath = 107;

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int PeerCredentials = 17; // SO_PEERCRED

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Token => token;

    /// <summary>It listens; cancelled where it ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Tries until it listens.</summary>
    public async Task AwaitReady(CancellationToken over)
    {
        try
        {
            while (!await Listens(over))
                await Task.Delay(_glance, over);
            _ready.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            _ready.TrySetCanceled(over);
        }
    }

    /// <summary>
    /// The directory is the notebook's user's own, who may have put something else there: this agent, which may open
    /// what that user may not, speaks to nobody but that user.
    /// </summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="IOException">Somebody else does.</exception>
    public async Task<Stream> Connect(CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            if (UserOf(socket) != (user?.Id ?? Libc.EffectiveUser()))
                throw new IOException("What listens in the place of the notebook is not of its user.");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<bool> Listens(CancellationToken stop)
    {
        try
        {
            await (await Connect(stop)).DisposeAsync();
            return true;
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Who had it listen: process, user and group, four bytes each.</summary>
    private static uint UserOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(credentials[4..]);
    }
}
