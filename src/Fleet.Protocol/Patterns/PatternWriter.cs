using System.Globalization;
using System.Text;

namespace Fleet.Protocol.Patterns;

/// <summary>
/// Writes what was read in the words of .NET's regular expressions. Their characters are UTF-16 units and RE2's are code points:
/// what lies beyond the first plane is written as pairs of surrogates.
/// </summary>
internal static class PatternWriter
{
    private const int FirstBeyond = 0x10000;
    private const int LastCodePoint = 0x10FFFF;
    private const string AnyPair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";
    private const string Surrogates = @"\uD800-\uDFFF";

    public static string Write(PatternNode node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(PatternNode node, StringBuilder text)
    {
        switch (node)
        {
            case CharacterNode one:
                Write(one, text);
                break;
            case AnchorNode anchor:
                text.Append(anchor.Text);
                break;
            case SequenceNode sequence:
                foreach (var part in sequence.Parts)
                    Write(part, text);
                break;
            case ChoiceNode choice:
                text.Append("(?:");
                foreach (var (place, part) in choice.Parts.Index())
                {
                    if (place > 0)
                        text.Append('|');
                    Write(part, text);
                }

                text.Append(')');
                break;
            case RepeatNode repeat:
                text.Append("(?:");
                Write(repeat.Part, text);
                text.Append(CultureInfo.InvariantCulture, $"){{{repeat.Least},{repeat.Most}}}{(repeat.IsLazy ? "?" : "")}");
                break;
        }
    }

    private static void Write(CharacterNode one, StringBuilder text)
    {
        text.Append(one.IgnoresCase ? "(?i:" : "(?:");
        var near = string.Concat(one.Ranges.Where(range => range.From < FirstBeyond)
            .SelectMany(range => WithoutSurrogates(range.From, Math.Min(range.To, FirstBeyond - 1))).Select(Range));
        var categories = string.Concat(one.Categories);
        var far = one.Ranges.Where(range => range.To >= FirstBeyond)
            .Select(range => (Math.Max(range.From, FirstBeyond), range.To)).ToList();
        if (one.IsNegated)
        {
            text.Append(CultureInfo.InvariantCulture, $"[^{near}{categories}{Surrogates}]");
            WritePairs(Others(far), text, isFirst: false);
        }
        else if (near.Length + categories.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{near}{categories}]");
            WritePairs(far, text, isFirst: false);
        }
        else
        {
            WritePairs(far, text, isFirst: true);
        }

        text.Append(')');
    }

    private static void WritePairs(IEnumerable<(int From, int To)> ranges, StringBuilder text, bool isFirst)
    {
        foreach (var (from, to) in ranges)
        {
            foreach (var pairs in Pairs(from, to))
            {
                text.Append(isFirst ? "" : "|").Append(pairs);
                isFirst = false;
            }
        }

        if (isFirst)
            text.Append(@"[^\s\S]"); // an empty class matches nothing
    }

    private static IEnumerable<string> Pairs(int from, int to)
    {
        if (from == FirstBeyond && to == LastCodePoint)
        {
            yield return AnyPair;
            yield break;
        }

        while (from <= to)
        {
            var high = (from - FirstBeyond) >> 10;
            var isWhole = ((from - FirstBeyond) & 0x3FF) == 0;
            var lastHigh = (to + 1 - FirstBeyond) >> 10;
            if (isWhole && lastHigh > high)
            {
                yield return $@"[\u{0xD800 + high:X4}-\u{0xD800 + lastHigh - 1:X4}][\uDC00-\uDFFF]";
                from = (lastHigh << 10) + FirstBeyond;
                continue;
            }

            var end = Math.Min(to, (((high + 1) << 10) - 1) + FirstBeyond);
            yield return $@"\u{0xD800 + high:X4}[\u{LowOf(from):X4}-\u{LowOf(end):X4}]";
            from = end + 1;
        }
    }

    private static int LowOf(int letter) => 0xDC00 + ((letter - FirstBeyond) & 0x3FF);

    private static IEnumerable<(int From, int To)> Others(IEnumerable<(int From, int To)> ranges)
    {
        var next = FirstBeyond;
        foreach (var (from, to) in ranges.OrderBy(range => range.From))
        {
            if (from > next)
                yield return (next, from - 1);
            next = Math.Max(next, to + 1);
        }

        if (next <= LastCodePoint)
            yield return (next, LastCodePoint);
    }

    private static IEnumerable<(int From, int To)> WithoutSurrogates(int from, int to)
    {
        if (from < 0xD800)
            yield return (from, Math.Min(to, 0xD7FF));
        if (to > 0xDFFF)
            yield return (Math.Max(from, 0xE000), to);
    }

    private static string Range((int From, int To) range) => range.From == range.To
        ? $@"\u{range.From:X4}"
        : $@"\u{range.From:X4}-\u{range.To:X4}";
}
