using System.Globalization;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>What the kernel knows of a process.</summary>
internal static class ProcFile
{
    /// <summary>A zombie is dead: nobody has asked for its last words yet.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long Rss(int pid)
    {
        const string Name = "VmRSS:";
        var status = File.ReadLines($"/proc/{pid}/status");
        var kilobytes = status.Single(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..^"kB".Length];
        return long.Parse(kilobytes.Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
