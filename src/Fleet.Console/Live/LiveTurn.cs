using Fleet.Client.Chat;

namespace Fleet.Console.Live;

/// <summary>An answer as it comes.</summary>
internal sealed class LiveTurn(string id)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private int _attempt;
    private long _drawn;

    public string Id => id;

    public string Text { get; private set; } = "";

    public string State { get; private set; } = "queued";

    public bool Thinks { get; private set; }

    public string Elapsed { get; private set; } = "";

    public void Take(TurnEvent happened)
    {
        switch (happened)
        {
            case TurnEvent.Delta delta:
                Text = delta.Attempt == _attempt ? Text + delta.Text : delta.Text; // another attempt says it from the beginning
                (_attempt, Thinks, State) = (delta.Attempt, false, "streaming");
                break;
            case TurnEvent.Thinking thinking:
                Thinks = true;
                Elapsed = thinking.ElapsedSeconds is { } seconds ? $"{seconds} s" : Elapsed;
                break;
            case TurnEvent.StateChanged state:
                State = state.To;
                if (state.Attempt != _attempt)
                    (_attempt, Text) = (state.Attempt, "");
                break;
            default:
                break;
        }
    }

    /// <summary>Whether it is time to draw again; pieces come faster than anybody reads.</summary>
    public bool IsDue(long now, TimeProvider clock)
    {
        if (_drawn != 0 && clock.GetElapsedTime(_drawn, now) < Frame)
            return false;
        _drawn = now;
        return true;
    }
}
