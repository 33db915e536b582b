using Fleet.Cli.Commands;
using Fleet.Client.Work;

namespace Fleet.Cli.Run;

/// <summary>
/// What a job writes, onto standard output and standard error: byte for byte, or to terminals with nothing but its colours. Only
/// the piece at hand is in memory.
/// </summary>
internal sealed class JobOutput(Session session, Func<bool, OutputGate> gates)
{
    private const int CopiedAtOnce = 64 * 1024;

    private readonly OutputGate _out = gates(session.Terminal.OutIsTerminal);
    private readonly OutputGate _error = gates(session.Terminal.ErrorIsTerminal);

    /// <summary>Byte for byte, wherever it goes.</summary>
    public static Func<bool, OutputGate> Raw { get; } = _ => new OutputGate(isColoursOnly: false);

    /// <summary>Byte for byte into pipes and files; a terminal gets colours, and sees every other control character as a picture.</summary>
    public static Func<bool, OutputGate> Safe { get; } = isTerminal => new OutputGate(isColoursOnly: isTerminal);

    /// <summary>Only this stream, as <c>stderr</c>; null is all of them.</summary>
    public string? Only { get; init; }

    /// <param name="after">The number of the last event that is known already.</param>
    /// <returns>How the job ended; null where it was removed meanwhile.</returns>
    public async Task<Job?> Follow(string jobId, long after, CancellationToken stop)
    {
        Job? ended = null;
        await session.Terminal.Out.FlushAsync(stop);
        var events = session.Fleet.Jobs.Events(
            jobId, after, trouble => session.Remark($"The connection was lost ({trouble}); it is opened again."), stop);
        await foreach (var happened in events)
        {
            if (happened is JobEvent.Output output)
                await Write(output, stop);
            else if (happened is JobEvent.Ended end)
                ended = end.Job;
        }

        await _out.End(session.Terminal.Stdout, stop);
        await _error.End(session.Terminal.Stderr, stop);
        return ended;
    }

    /// <summary>What there is so far; of a job that is over, all of it in the order in which it came.</summary>
    public async Task Copy(string jobId, CancellationToken stop)
    {
        var job = await session.Fleet.Jobs.Show(jobId, stop);
        if (job.IsOver)
        {
            await Follow(jobId, 0, stop);
            return;
        }

        string?[] streams = Only is not null ? [Only] : job.Kind == "command" ? ["stdout", "stderr"] : [null];
        await session.Terminal.Out.FlushAsync(stop);
        foreach (var stream in streams)
        {
            var (gate, target) = Way(stream);
            await using var log = await session.Fleet.Jobs.Log(jobId, stream, stop);
            var buffer = new byte[CopiedAtOnce];
            while (await log.ReadAsync(buffer, stop) is > 0 and var read)
                await gate.Write(target, buffer.AsMemory(0, read), stop);
            await gate.End(target, stop);
        }
    }

    private async Task Write(JobEvent.Output output, CancellationToken stop)
    {
        if (Only is not null && output.Stream != Only)
            return;
        var (gate, target) = Way(output.Stream);
        await gate.Write(target, output.Bytes, stop);
    }

    private (OutputGate Gate, Stream Target) Way(string? stream) =>
        stream == "stderr" ? (_error, session.Terminal.Stderr) : (_out, session.Terminal.Stdout);
}
