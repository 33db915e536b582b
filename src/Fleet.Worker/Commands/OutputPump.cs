using System.Threading.Channels;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Commands;

/// <summary>
/// Carries what one pipe holds to where events go, as it comes, and no faster than they are taken there: then the
/// pipe fills, and the child waits.
/// </summary>
internal sealed class OutputPump(Stream pipe, OutputFilter filter, ChannelWriter<AttemptEvent> events)
{
    /// <summary>With what a filter holds back, a chunk stays below 32 KiB.</summary>
    private const int ReadBytes = 30 * 1024;

    private const int LargestPipe = 1024 * 1024; // the most an ordinary user may make a pipe hold

    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Returns at the end of the pipe, or, after <paramref name="over"/>, when what was left in it is read: a process
    /// that got away may hold the pipe open for ever.
    /// </summary>
    public async Task Run(CancellationToken over)
    {
        var buffer = new byte[ReadBytes];
        var happened = new List<AttemptEvent>();
        var left = (long)LargestPipe;
        while (left > 0 && await Read(buffer, over) is > 0 and var length)
        {
            filter.Add(buffer.AsSpan(0, length), happened);
            await Pass(happened);
            if (over.IsCancellationRequested)
                left -= length;
        }

        filter.End(happened);
        await Pass(happened);
    }

    private async Task<int> Read(byte[] buffer, CancellationToken over)
    {
        try
        {
            if (!over.IsCancellationRequested)
                return await pipe.ReadAsync(buffer, over);
        }
        catch (OperationCanceledException)
        {
            // from here on only what is there already counts
        }

        using var quiet = new CancellationTokenSource(_quiet);
        try
        {
            return await pipe.ReadAsync(buffer, quiet.Token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private async Task Pass(List<AttemptEvent> happened)
    {
        foreach (var one in happened)
            await events.WriteAsync(one);
        happened.Clear();
    }
}
