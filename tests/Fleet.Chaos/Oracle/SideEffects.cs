using System.Globalization;

namespace Fleet.Chaos.Oracle;

/// <summary>What attempts did, as they wrote it down themselves, outside the system.</summary>
internal sealed class SideEffects
{
    private readonly Dictionary<string, List<AttemptTrace>> _byJob = [];

    private SideEffects()
    {
    }

    public IReadOnlyDictionary<string, List<AttemptTrace>> ByJob => _byJob;

    public int Lines { get; private set; }

    public static SideEffects Read(string directory)
    {
        var effects = new SideEffects();
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            foreach (var line in File.ReadLines(file))
                effects.Note(line.Split(' '));
        }

        return effects;
    }

    /// <summary>Pairs of attempts of one job that ran at the same time, and for how long.</summary>
    /// <returns>Until: nanoseconds of the traces' clock.</returns>
    public IEnumerable<(string Job, int First, int Second, TimeSpan Overlap, long Until)> Overlaps() =>
        from job in _byJob
        from first in job.Value
        from second in job.Value
        where first.Attempt < second.Attempt
        let until = Math.Min(first.Last, second.Last)
        let overlap = until - Math.Max(first.First, second.First)
        where overlap > 0
        select (job.Key, first.Attempt, second.Attempt, TimeSpan.FromTicks(overlap / 100), until);

    private void Note(string[] words)
    {
        Lines++;
        if (!_byJob.TryGetValue(words[0], out var attempts))
            _byJob[words[0]] = attempts = [];
        var number = int.Parse(words[1], CultureInfo.InvariantCulture);
        var attempt = attempts.Find(known => known.Attempt == number);
        if (attempt is null)
            attempts.Add(attempt = new AttemptTrace(number));
        attempt.Note(words[2], long.Parse(words[3], CultureInfo.InvariantCulture));
    }
}

/// <summary>One attempt's own lines.</summary>
internal sealed class AttemptTrace(int attempt)
{
    public int Attempt { get; } = attempt;

    /// <summary>How often it began.</summary>
    public int Begins { get; private set; }

    /// <summary>How often it came to its end.</summary>
    public int Ends { get; private set; }

    /// <summary>Nanoseconds of the host's clock since its start.</summary>
    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; } = long.MinValue;

    public void Note(string what, long at)
    {
        Begins += what == "begin" ? 1 : 0;
        Ends += what == "end" ? 1 : 0;
        First = Math.Min(First, at);
        Last = Math.Max(Last, at);
    }
}
