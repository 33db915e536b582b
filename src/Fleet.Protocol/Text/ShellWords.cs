using System.Text;

namespace Fleet.Protocol.Text;

/// <summary>
/// Splits a line into words as a POSIX shell does: blanks part them, quotes and backslashes keep them together. Nothing is
/// expanded: a dollar sign is a dollar sign.
/// </summary>
public static class ShellWords
{
    /// <returns>False where a quote is not closed, or a backslash ends the line.</returns>
    public static bool TrySplit(string line, out List<string> words)
    {
        words = [];
        StringBuilder? word = null;
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            if (letter is ' ' or '\t' or '\n' or '\r')
            {
                End(ref word, words);
                continue;
            }

            word ??= new StringBuilder();
            switch (letter)
            {
                case '\\' when ++i < line.Length:
                    word.Append(line[i]);
                    break;
                case '\'' when line.IndexOf('\'', i + 1) is > 0 and var end:
                    word.Append(line, i + 1, end - i - 1);
                    i = end;
                    break;
                case '"' when TakeQuoted(line, ref i, word):
                    break;
                case '\\' or '\'' or '"':
                    return false;
                default:
                    word.Append(letter);
                    break;
            }
        }

        End(ref word, words);
        return true;
    }

    /// <summary>Within double quotes a backslash stands before what would mean something there, and is itself elsewhere.</summary>
    private static bool TakeQuoted(string line, ref int at, StringBuilder word)
    {
        for (at++; at < line.Length; at++)
        {
            if (line[at] == '"')
                return true;
            if (line[at] == '\\' && at + 1 < line.Length && line[at + 1] is '"' or '\\' or '$' or '`')
                at++;
            word.Append(line[at]);
        }

        return false;
    }

    private static void End(ref StringBuilder? word, List<string> words)
    {
        if (word is not null)
            words.Add(word.ToString());
        word = null;
    }
}
