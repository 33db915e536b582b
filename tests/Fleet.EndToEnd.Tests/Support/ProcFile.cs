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
    public static long Rss(int pid) =>
        long.Parse(Status(pid, "VmRSS")[..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;

    /// <summary>The number of the user it acts as.</summary>
    public static int User(int pid) => int.Parse(Status(pid, "Uid").Split('\t')[1], CultureInfo.InvariantCulture);

    private static string Status(int pid, string name) => File.ReadLines($"/proc/{pid}/status")
        .Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
}
