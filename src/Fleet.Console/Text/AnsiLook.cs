namespace Fleet.Console.Text;

/// <summary>How text looks that is written now, as control sequences (ECMA-48, SGR) change it.</summary>
internal sealed class AnsiLook
{
    private int? _foreground;
    private int? _background;
    private bool _bold;
    private bool _faint;
    private bool _italic;
    private bool _underlined;

    /// <summary>Classes of the style sheet; empty for plain text.</summary>
    public string Classes
    {
        get
        {
            var look = new List<string>();
            if (_foreground is { } front)
                look.Add($"fg{front}");
            if (_background is { } back)
                look.Add($"bg{back}");
            if (_bold)
                look.Add("bold");
            if (_faint)
                look.Add("faint");
            if (_italic)
                look.Add("italic");
            if (_underlined)
                look.Add("underlined");
            return string.Join(' ', look);
        }
    }

    /// <param name="parameters">Numbers, separated by semicolons or colons.</param>
    public void Change(string parameters)
    {
        var codes = parameters.Split(';', ':').Select(code => int.TryParse(code, out var number) ? number : 0).ToArray();
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] is 38 or 48 && i + 2 < codes.Length)
                i += Palette(codes[i] == 38, codes[(i + 1)..]);
            else
                Change(codes[i]);
        }
    }

    private void Change(int code)
    {
        switch (code)
        {
            case 0: (_foreground, _background, _bold, _faint, _italic, _underlined) = (null, null, false, false, false, false); break;
            case 1: _bold = true; break;
            case 2: _faint = true; break;
            case 3: _italic = true; break;
            case 4: _underlined = true; break;
            case 22: (_bold, _faint) = (false, false); break;
            case 23: _italic = false; break;
            case 24: _underlined = false; break;
            case >= 30 and <= 37: _foreground = code - 30; break;
            case 39: _foreground = null; break;
            case >= 40 and <= 47: _background = code - 40; break;
            case 49: _background = null; break;
            case >= 90 and <= 97: _foreground = code - 90 + 8; break;
            case >= 100 and <= 107: _background = code - 100 + 8; break;
            default: break;
        }
    }

    /// <summary>Of 256 colours and of all, the nearest of sixteen.</summary>
    /// <returns>How many numbers it took.</returns>
    private int Palette(bool isForeground, int[] rest)
    {
        var (colour, taken) = rest[0] switch
        {
            5 => (AnsiColours.Nearest(rest[1]), 2),
            2 when rest.Length >= 4 => (AnsiColours.Nearest(rest[1], rest[2], rest[3]), 4),
            _ => (null, 1),
        };
        if (isForeground)
            _foreground = colour ?? _foreground;
        else
            _background = colour ?? _background;
        return taken;
    }
}
