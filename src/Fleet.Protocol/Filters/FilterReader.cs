using System.Text;

namespace Fleet.Protocol.Filters;

/// <summary>Walks through the text of a filter.</summary>
internal sealed class FilterReader(string text)
{
    private const int LongestValue = 1000;

    private int _at;

    public bool IsAtEnd => _at == text.Length;

    /// <summary>Of the next character, as people count.</summary>
    public int Position => _at + 1;

    public FilterException Wrong(string sentence) => new(Position, sentence);

    public bool IsAt(char letter) => !IsAtEnd && text[_at] == letter;

    public bool IsAtDigit => !IsAtEnd && char.IsAsciiDigit(text[_at]);

    public void SkipBlanks()
    {
        while (!IsAtEnd && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    /// <summary>Takes this, and the blanks behind it, if it is next.</summary>
    public bool Try(string wanted)
    {
        if (!TryHere(wanted))
            return false;
        SkipBlanks();
        return true;
    }

    /// <summary>Takes this if it is next.</summary>
    public bool TryHere(string wanted)
    {
        if (string.CompareOrdinal(text, _at, wanted, 0, wanted.Length) != 0)
            return false;
        _at += wanted.Length;
        return true;
    }

    /// <summary>Whether this word of the language, in whatever case, is next: no field has its name.</summary>
    public bool IsAtWord(string word) =>
        string.Compare(text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (_at + word.Length == text.Length || IsBorder(text[_at + word.Length]));

    public bool TryWord(string word)
    {
        if (!IsAtWord(word))
            return false;
        _at += word.Length;
        SkipBlanks();
        return true;
    }

    /// <summary>The name of a field; empty when there is none.</summary>
    public string ReadName()
    {
        var start = _at;
        while (!IsAtEnd && (char.IsAsciiLetterLower(text[_at]) || text[_at] == '_'))
            _at++;
        return text[start.._at];
    }

    /// <summary>Up to a blank, one of these letters, or the end.</summary>
    public string ReadUntil(string ends)
    {
        var start = _at;
        while (!IsAtEnd && !char.IsWhiteSpace(text[_at]) && !ends.Contains(text[_at], StringComparison.Ordinal))
            _at++;
        return _at - start <= LongestValue ? text[start.._at] : throw TooLong(start);
    }

    public string ReadQuoted()
    {
        var start = _at++;
        var value = new StringBuilder();
        for (; !IsAt('"'); _at++)
        {
            if (IsAtEnd)
                throw new FilterException(start + 1, "this quote is not closed.");
            if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] is '"' or '\\')
                _at++;
            value.Append(text[_at]);
        }

        _at++;
        return value.Length <= LongestValue ? value.ToString() : throw TooLong(start);
    }

    /// <summary>A condition is over: what follows stands apart.</summary>
    public void MustEndHere()
    {
        if (!IsAtEnd && !IsAt(')') && !char.IsWhiteSpace(text[_at]))
            throw Wrong("expected a blank, or quotes around the whole value.");
        SkipBlanks();
    }

    private static bool IsBorder(char letter) => char.IsWhiteSpace(letter) || letter is '(' or ')';

    private static FilterException TooLong(int start) =>
        new(start + 1, $"a value has at most {LongestValue} characters.");
}
