namespace Fleet.Console.Text;

/// <summary>The sixteen colours that the style sheet has, and how others come to them.</summary>
internal static class AnsiColours
{
    private static readonly (int Red, int Green, int Blue)[] Sixteen =
    [
        (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
        (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255),
    ];

    /// <summary>Of the 256: sixteen, a cube of 6 × 6 × 6, and 24 greys. Null for a number that is none.</summary>
    public static int? Nearest(int index) => index switch
    {
        < 0 or > 255 => null,
        < 16 => index,
        >= 232 => Nearest(8 + ((index - 232) * 10), 8 + ((index - 232) * 10), 8 + ((index - 232) * 10)),
        _ => Nearest(Step((index - 16) / 36), Step((index - 16) / 6 % 6), Step((index - 16) % 6)),
    };

    public static int? Nearest(int red, int green, int blue)
    {
        var (best, least) = (0, int.MaxValue);
        for (var i = 0; i < Sixteen.Length; i++)
        {
            var (r, g, b) = (Sixteen[i].Red - red, Sixteen[i].Green - green, Sixteen[i].Blue - blue);
            var distance = (r * r) + (g * g) + (b * b);
            (best, least) = distance < least ? (i, distance) : (best, least);
        }

        return best;
    }

    private static int Step(int level) => level == 0 ? 0 : 55 + (level * 40);
}
