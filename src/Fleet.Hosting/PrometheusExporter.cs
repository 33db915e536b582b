using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Fleet.Hosting;

/// <summary>Collects when somebody asks, never by a timer, and keeps the text of that one collection.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _oneAtATime = new();
    private string _text = "";

    /// <summary>Set by the reader that owns this exporter.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Everything measured so far, as text.</summary>
    public string Read()
    {
        lock (_oneAtATime)
        {
            Collect?.Invoke(Timeout.Infinite);
            return _text;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var metrics = new List<Metric>((int)batch.Count);
        foreach (var metric in batch)
            metrics.Add(metric);
        _text = PrometheusText.Write(metrics);
        return ExportResult.Success;
    }
}
