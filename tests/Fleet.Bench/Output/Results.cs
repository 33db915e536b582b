namespace Fleet.Bench.Output;

/// <summary>All that was measured, in the order of measuring.</summary>
internal sealed class Results
{
    private readonly List<Sample> _samples = [];

    public IReadOnlyList<Sample> Samples => _samples;

    public IEnumerable<Sample> Troubles => _samples.Where(sample => sample.Trouble is not null);

    public void Add(Sample sample) => _samples.Add(sample);

    /// <summary>The runs of each subject of one section.</summary>
    public IEnumerable<IGrouping<string, Sample>> Of(string section) => _samples
        .Where(sample => sample.Section == section && sample.Trouble is null)
        .GroupBy(sample => sample.Subject);
}

/// <summary>One run of one phase.</summary>
/// <param name="Section">The table it belongs to.</param>
/// <param name="Subject">The table's row.</param>
/// <param name="Figures">Name, with the unit at its end, and value.</param>
/// <param name="Trouble">Why there are no figures.</param>
internal sealed record Sample(
    string Section, string Subject, IReadOnlyDictionary<string, double> Figures, string? Trouble = null);
