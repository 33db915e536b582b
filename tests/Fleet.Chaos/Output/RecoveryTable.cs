using Fleet.Chaos.Faults;

namespace Fleet.Chaos.Output;

/// <summary>How soon a fleet works again, by kind of fault.</summary>
internal static class RecoveryTable
{
    private static readonly Comparer<TimeSpan?> _neverIsLongest =
        Comparer<TimeSpan?>.Create((left, right) => (left ?? TimeSpan.MaxValue).CompareTo(right ?? TimeSpan.MaxValue));

    public static void Write(IReadOnlyList<FaultRecord> faults, TextWriter to)
    {
        to.WriteLine("Recovery, in seconds, until a job submitted at the begin or at the end of a fault had succeeded");
        to.WriteLine($"{"",-18}{"times",6}{"begin p50",11}{"max",8}{"end p50",11}{"max",8}");
        var kinds = faults.Where(fault => fault.Skipped is null).GroupBy(fault => fault.Planned.Name);
        foreach (var kind in kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var begins = kind.Select(fault => fault.SinceBegin).Order(_neverIsLongest).ToList();
            var ends = kind.Select(fault => fault.SinceEnd).Order(_neverIsLongest).ToList();
            to.WriteLine($"{kind.Key,-18}{begins.Count,6}{Columns(begins)}{Columns(ends)}");
        }

        foreach (var skipped in faults.Where(fault => fault.Skipped is not null))
            to.WriteLine($"{skipped.Planned.Name,-18} left out: {skipped.Skipped}");
    }

    private static string Columns(List<TimeSpan?> sorted) => $"{Text(sorted[sorted.Count / 2]),11}{Text(sorted[^1]),8}";

    private static string Text(TimeSpan? time) => time is { } known ? $"{known.TotalSeconds:0.0}" : "never";
}
