using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;
using Fleet.Client.Chat;

namespace Fleet.Cli.Chat;

/// <summary>An answer as it comes. Models may say anything: of what they say no control character reaches the terminal.</summary>
internal sealed class AnswerWriter(Session session)
{
    /// <returns>The turn at its end; null where it was removed meanwhile.</returns>
    public async Task<Turn?> Write(string turnId, CancellationToken stop)
    {
        var (attempt, ended, isOpen) = (0, (Turn?)null, false);
        await foreach (var happened in session.Fleet.Turns.Events(turnId, 0, Lost, stop))
        {
            switch (happened)
            {
                case TurnEvent.Delta delta:
                    if (attempt > 0 && delta.Attempt != attempt)
                        await session.Terminal.Out.WriteAsync("\n--- another attempt ---\n");
                    attempt = delta.Attempt;
                    await session.Terminal.Out.WriteAsync(PlainText.Lines(delta.Text));
                    await session.Terminal.Out.FlushAsync(stop);
                    isOpen = !delta.Text.EndsWith('\n');
                    break;
                case TurnEvent.Ended end:
                    ended = end.Turn;
                    break;
            }
        }

        if (attempt == 0 && ended?.Answer is { Length: > 0 } whole)
        {
            await session.Terminal.Out.WriteAsync(PlainText.Lines(whole));
            isOpen = !whole.EndsWith('\n');
        }

        if (isOpen)
            await session.Terminal.Out.WriteLineAsync();
        await session.Terminal.Out.FlushAsync(stop);
        return ended;
    }

    private void Lost(string trouble) => session.Remark($"The connection was lost ({trouble}); it is opened again.");
}
