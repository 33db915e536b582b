namespace Fleet.Bench.Turns;

/// <summary>Pieces of one answer as they come: together they must be exactly the text that is expected.</summary>
internal sealed class AnswerText(string expected)
{
    private int _length;

    /// <summary>Events that brought a piece.</summary>
    public int Pieces { get; private set; }

    /// <summary>A piece that is missing, double or elsewhere.</summary>
    public bool IsWrong { get; private set; }

    public bool IsWhole => !IsWrong && _length == expected.Length;

    public void Take(string text)
    {
        Pieces++;
        IsWrong |= !expected.AsSpan(Math.Min(_length, expected.Length)).StartsWith(text, StringComparison.Ordinal);
        _length += text.Length;
    }
}
