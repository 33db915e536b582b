namespace Fleet.Cli.Terminals;

/// <summary>
/// Output of a job on its way to a terminal: colours (<c>ESC [ … m</c>), line feeds, tabs and carriage returns pass; every other
/// control character is shown as a picture, so that nothing moves the cursor, renames the window or asks the terminal to answer.
/// Works on bytes and holds back at most one unfinished sequence.
/// </summary>
internal sealed class ColouredText
{
    /// <summary>Longer is no colour.</summary>
    private const int Longest = 64;

    private readonly List<byte> _held = [];

    /// <summary>What may be written now.</summary>
    public byte[] Pass(ReadOnlySpan<byte> bytes)
    {
        var passed = new List<byte>(bytes.Length);
        foreach (var one in bytes)
            Take(one, passed);
        return [.. passed];
    }

    /// <summary>What is still held back when nothing more comes.</summary>
    public byte[] End()
    {
        var rest = new List<byte>();
        Release(rest);
        return [.. rest];
    }

    private void Take(byte one, List<byte> passed)
    {
        if (_held.Count == 0)
        {
            if (one is 0x1b or 0xc2)
                _held.Add(one);
            else
                Show(one, passed);
        }
        else if (_held[0] == 0xc2)
        {
            if (one is >= 0x80 and < 0xa0) // a control character of eight bits, as UTF-8
                passed.AddRange("\ufffd"u8);
            else
                passed.AddRange([0xc2, one]);
            _held.Clear();
        }
        else if (_held.Count == 1 ? one == '[' : one is >= (byte)'0' and <= (byte)';' && _held.Count < Longest)
        {
            _held.Add(one);
        }
        else if (_held.Count > 1 && one == 'm')
        {
            passed.AddRange(_held);
            passed.Add(one);
            _held.Clear();
        }
        else
        {
            Release(passed);
            Take(one, passed);
        }
    }

    private void Release(List<byte> passed)
    {
        foreach (var one in _held)
            Show(one, passed);
        _held.Clear();
    }

    private static void Show(byte one, List<byte> passed)
    {
        if (one is (byte)'\n' or (byte)'\r' or (byte)'\t' || one is >= 0x20 and not 0x7f)
            passed.Add(one);
        else
            passed.AddRange([0xe2, 0x90, one == 0x7f ? (byte)0xa1 : (byte)(0x80 + one)]); // U+2400 and on
    }
}
