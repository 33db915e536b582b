namespace Fleet.Bench.Measuring;

/// <summary>What a process is for: its name without its number.</summary>
internal static class Roles
{
    public static string Of(string process)
    {
        var hyphen = process.LastIndexOf('-');
        return hyphen > 0 && process[(hyphen + 1)..].All(char.IsAsciiDigit) ? process[..hyphen] : process;
    }
}
