namespace Fleet.Control.Manifests.Catalogue;

/// <summary>What became of the lines of a text. What differs in more lines than are compared is told as replaced.</summary>
internal static class LineDiff
{
    private const int MostCompared = 2000;

    /// <summary>All lines in order, each behind a blank, <c>-</c> or <c>+</c>.</summary>
    public static List<string> Of(string from, string to)
    {
        var (old, fresh) = (from.ReplaceLineEndings("\n").Split('\n'), to.ReplaceLineEndings("\n").Split('\n'));
        var head = old.Zip(fresh).TakeWhile(pair => pair.First == pair.Second).Count();
        var most = Math.Min(old.Length, fresh.Length) - head;
        var tail = old.Reverse().Zip(fresh.Reverse()).Take(most).TakeWhile(pair => pair.First == pair.Second).Count();
        var lines = old.Take(head).Select(line => " " + line).ToList();
        lines.AddRange(Middle(old[head..^tail], fresh[head..^tail]));
        lines.AddRange(old[^tail..].Select(line => " " + line));
        return lines;
    }

    /// <summary>By the longest common subsequence.</summary>
    private static IEnumerable<string> Middle(string[] old, string[] fresh)
    {
        if (old.Length > MostCompared || fresh.Length > MostCompared)
            return [.. old.Select(line => "-" + line), .. fresh.Select(line => "+" + line)];
        var common = new ushort[old.Length + 1, fresh.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = fresh.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == fresh[j]
                    ? (ushort)(common[i + 1, j + 1] + 1)
                    : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(old, fresh, common);
    }

    private static IEnumerable<string> Walk(string[] old, string[] fresh, ushort[,] common)
    {
        var (i, j) = (0, 0);
        while (i < old.Length || j < fresh.Length)
        {
            if (i < old.Length && j < fresh.Length && old[i] == fresh[j])
            {
                yield return " " + old[i++];
                j++;
            }
            else if (i < old.Length && (j == fresh.Length || common[i + 1, j] >= common[i, j + 1]))
                yield return "-" + old[i++];
            else
                yield return "+" + fresh[j++];
        }
    }
}
