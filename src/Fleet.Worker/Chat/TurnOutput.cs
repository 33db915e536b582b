using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Worker.Attempts;
using Fleet.Worker.Attempts.Calls;

namespace Fleet.Worker.Chat;

/// <summary>What a turn writes into the streams of its attempt, and when it last wrote anything.</summary>
internal sealed class TurnOutput(ChannelWriter<AttemptEvent> events, TimeProvider clock)
{
    private readonly long _asked = clock.GetTimestamp();
    private long _wrote = clock.GetTimestamp();

    /// <summary>How long nothing was written.</summary>
    public TimeSpan Quiet => clock.GetElapsedTime(_wrote);

    /// <summary>How long the turn takes already.</summary>
    public int ElapsedSeconds => (int)clock.GetElapsedTime(_asked).TotalSeconds;

    public async Task Write(IReadOnlyList<OutputChunk> chunks, CancellationToken stop)
    {
        foreach (var chunk in chunks)
        {
            await events.WriteAsync(new Wrote(chunk), stop);
            _wrote = clock.GetTimestamp();
        }
    }

    public Task Note(TurnNote note, CancellationToken stop) =>
        Write([new OutputChunk(TurnNote.Stream, [.. CallResult.Bytes(note), (byte)'\n'])], stop);
}
