using System.Globalization;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Checks that text holds the lines 1, 2, 3 … of a fixed width, however it is cut into pieces.</summary>
internal sealed class NumberedLines(int width)
{
    private string _rest = "";

    /// <summary>How many lines have come.</summary>
    public int Count { get; private set; }

    /// <summary>A script that writes so many of them.</summary>
    public string Script(int count) => $"seq -f '%0{width}.0f' {count}";

    public void Take(string text)
    {
        var all = (_rest + text).AsSpan();
        while (all.Length > width)
        {
            int.Parse(all[..width], CultureInfo.InvariantCulture).ShouldBe(Count + 1);
            all[width].ShouldBe('\n');
            Count++;
            all = all[(width + 1)..];
        }

        _rest = all.ToString();
    }
}
