using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests;

public sealed partial class MetricsTests
{
    private const string Name = "[a-zA-Z_][a-zA-Z0-9_]*";
    private const string Value = "\"([^\"\\\\\n]|\\\\[\"\\\\n])*\"";
    private const string Number = "([-+]?[0-9.]+([eE][-+]?[0-9]+)?|[+-]Inf|NaN)";

    [Fact]
    public async Task Figures_are_Prometheus_text()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address]);
        using var meter = new Meter("Fleet.Test");
        var done = meter.CreateCounter<long>("jobs.done", "{job}", "All that\nare done \\ over");
        done.Add(3, new KeyValuePair<string, object?>("a.b", "q\"\\\n"));
        meter.CreateUpDownCounter<long>("jobs.waiting").Add(-2);
        meter.CreateGauge<double>("load.average").Record(0.25);
        var times = meter.CreateHistogram<double>(
            "job.duration", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        times.Record(0.05);
        times.Record(0.5);
        times.Record(5);
        await door.Http.GetAsync("/v1/jobs");

        var answer = await door.Http.GetAsync("/metrics");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("# TYPE jobs_done_total counter\n# HELP jobs_done_total All that\\nare done \\\\ over\n");
        text.ShouldContain("jobs_done_total{otel_scope_name=\"Fleet.Test\",a_b=\"q\\\"\\\\\\n\"} 3\n");
        text.ShouldContain("# TYPE jobs_waiting gauge\njobs_waiting{otel_scope_name=\"Fleet.Test\"} -2\n");
        text.ShouldContain("load_average{otel_scope_name=\"Fleet.Test\"} 0.25\n");
        text.ShouldContain("# TYPE job_duration_seconds histogram\n");
        text.ShouldContain("job_duration_seconds_bucket{otel_scope_name=\"Fleet.Test\",le=\"0.1\"} 1\n");
        text.ShouldContain("job_duration_seconds_bucket{otel_scope_name=\"Fleet.Test\",le=\"1\"} 2\n");
        text.ShouldContain("job_duration_seconds_bucket{otel_scope_name=\"Fleet.Test\",le=\"+Inf\"} 3\n");
        text.ShouldContain("job_duration_seconds_sum{otel_scope_name=\"Fleet.Test\"} 5.55\n");
        text.ShouldContain("job_duration_seconds_count{otel_scope_name=\"Fleet.Test\"} 3\n");
        text.ShouldContain("http_server_request_duration_seconds_count");
        text.ShouldContain("dotnet_process_memory_working_set_bytes");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
            Line().IsMatch(line).ShouldBeTrue(line);
        Head().Matches(text).Select(head => head.Groups[1].Value).ShouldBeUnique();
    }

    [Theory]
    [InlineData("X-Forwarded-For", "6.6.6.6")]
    [InlineData("X-Real-IP", "6.6.6.6")]
    [InlineData("Forwarded", "for=6.6.6.6")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    public async Task Figures_are_for_this_machine_only(string header, string value)
    {
        await using var door = new Door([]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation(header, value);
        await (await door.Http.SendAsync(request)).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        (await door.Http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [GeneratedRegex($"^(# (HELP|TYPE) {Name} .*|{Name}\\{{({Name}={Value},?)*\\}} {Number})$")]
    private static partial Regex Line();

    [GeneratedRegex("^# TYPE ([^ ]+) ", RegexOptions.Multiline)]
    private static partial Regex Head();
}
