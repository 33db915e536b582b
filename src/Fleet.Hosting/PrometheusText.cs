using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace Fleet.Hosting;

/// <summary>
/// Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats), with names and units as
/// OpenTelemetry's compatibility rules spell them: <c>http.server.request.duration</c> in <c>s</c> becomes
/// <c>http_server_request_duration_seconds</c>, a counter ends in <c>_total</c>.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Series of one name stand together under one head, whichever meters they come from.</summary>
    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in metrics.GroupBy(NameOf).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            var kind = KindOf(family.First());
            text.Append("# HELP ").Append(family.Key).Append(' ');
            text.AppendEscaped(family.First().Description, quoted: false);
            text.Append("\n# TYPE ").Append(family.Key).Append(' ').Append(kind).Append('\n');
            foreach (var metric in family.Where(metric => KindOf(metric) == kind))
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                    text.AppendPoint(family.Key, metric, in point);
            }
        }

        return text.ToString();
    }

    private static string NameOf(Metric metric)
    {
        var name = new StringBuilder(metric.Name.Length + 16);
        foreach (var letter in metric.Name)
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_');
        if (char.IsAsciiDigit(name[0]))
            name.Insert(0, '_');
        var unit = UnitOf(metric.Unit);
        if (unit.Length > 0 && !name.ToString().EndsWith(unit, StringComparison.Ordinal))
            name.Append('_').Append(unit);
        if (KindOf(metric) == "counter" && !name.ToString().EndsWith("_total", StringComparison.Ordinal))
            name.Append("_total");
        return name.ToString();
    }

    private static string UnitOf(string unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        _ => unit.Length > 1 && unit.All(char.IsAsciiLetter) ? unit : "",
    };

    private static string KindOf(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    private static void AppendPoint(this StringBuilder text, string name, Metric metric, in MetricPoint point)
    {
        var labels = LabelsOf(metric, in point);
        switch (metric.MetricType)
        {
            case MetricType.Histogram:
                text.AppendHistogram(name, labels, in point);
                break;
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                text.AppendSample(name, labels, point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                text.AppendSample(name, labels, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                text.AppendSample(name, labels, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                text.AppendSample(name, labels, point.GetGaugeLastValueDouble());
                break;
        }
    }

    private static void AppendHistogram(this StringBuilder text, string name, string labels, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            text.AppendSample(name + "_bucket", $"{labels},le=\"{NumberOf(bucket.ExplicitBound)}\"", below);
        }

        text.AppendSample(name + "_sum", labels, point.GetHistogramSum());
        text.AppendSample(name + "_count", labels, point.GetHistogramCount());
    }

    private static void AppendSample(this StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append('{').Append(labels).Append("} ").Append(NumberOf(value)).Append('\n');

    private static string LabelsOf(Metric metric, in MetricPoint point)
    {
        var labels = new StringBuilder("otel_scope_name=\"").AppendEscaped(metric.MeterName, quoted: true).Append('"');
        foreach (var (key, value) in point.Tags)
        {
            labels.Append(',');
            foreach (var letter in key)
                labels.Append(char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_');
            labels.Append("=\"");
            labels.AppendEscaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quoted: true).Append('"');
        }

        return labels.ToString();
    }

    private static StringBuilder AppendEscaped(this StringBuilder text, string value, bool quoted)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when quoted => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }

        return text;
    }

    private static string NumberOf(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
