using System.Globalization;

namespace Fleet.Bench.Measuring;

/// <summary>Reads of <c>/proc</c> what proc(5) describes. A process that ends meanwhile counts as nothing.</summary>
internal static class ProcFile
{
    /// <summary>USER_HZ, which Linux fixes at 100 for what it shows to programs.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Every process of the machine: its parent, and its CPU seconds with those of the children it waited for.
    /// </summary>
    public static Dictionary<int, (int Parent, double Cpu)> Processes()
    {
        var all = new Dictionary<int, (int, double)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Read($"{folder}/stat") is { } stat)
                all[pid] = Parse(stat);
        }

        return all;
    }

    /// <summary>Bytes of memory: the proportional share where it may be read, which counts shared pages once.</summary>
    public static long Memory(int pid)
    {
        var (file, label) = Read($"/proc/{pid}/smaps_rollup") is { } rollup
            ? (rollup, "Pss:")
            : (Read($"/proc/{pid}/status") ?? "", "VmRSS:");
        var line = file.Split('\n').FirstOrDefault(row => row.StartsWith(label, StringComparison.Ordinal));
        return line is null ? 0 : 1024 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>Seconds that all cores together have worked since the machine started.</summary>
    public static double MachineBusy()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // user, nice, system, irq, softirq
        return new[] { 1, 2, 3, 6, 7 }.Sum(field => Number(fields[field])) / TicksPerSecond;
    }

    private static (int Parent, double Cpu) Parse(string stat)
    {
        // the name before the last parenthesis may hold anything
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return ((int)Number(fields[1]), fields[11..15].Sum(Number) / TicksPerSecond);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
