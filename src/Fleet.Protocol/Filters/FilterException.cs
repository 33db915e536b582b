using System.Globalization;

namespace Fleet.Protocol.Filters;

/// <summary>The text is no filter.</summary>
/// <param name="position">Of the character where reading failed; the first one is 1.</param>
/// <param name="sentence">What was expected there.</param>
public sealed class FilterException(int position, string sentence)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"At character {position}: {sentence}"))
{
    public int Position => position;
}
