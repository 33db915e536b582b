using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Tests.Probe;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Platform.Work;

/// <summary>A whole Control that has one more kind of work, and whose bus is measured, as where metrics are read.</summary>
public sealed class ProbeFleet : TestFleet
{
    private static readonly MeterListener Meters = new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MassTransit")
                listener.EnableMeasurementEvents(instrument);
        },
    };

    protected override (string Key, string Value)[] Settings { get; } =
    [
        ("Webhooks:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:PollSeconds", "0.05"), ("Webhooks:CacheSeconds", "0.05"),
        ("Retention:PollSeconds", "1"),
    ];

    public override async Task InitializeAsync()
    {
        Meters.Start();
        await base.InitializeAsync();
        await House.Do("create table probes (id uuid primary key, correction double precision)"); // a migration's part
    }

    public async Task<string> Probe(object probe)
    {
        using var answer = await Http.PostAsJsonAsync("/v1/probes", probe);
        return (await answer.Json(202)).GetProperty("probe_id").GetString()!;
    }

    public async Task<string> StateOf(string probe) =>
        (await Get($"/v1/probes/{probe}")).GetProperty("state").GetString()!;

    public async Task<JsonElement> Tell(string path, int status, object? body = null)
    {
        using var answer = await Http.PostAsJsonAsync(path, body ?? new { });
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    internal Task<TestAgent> Prober() => Agent(slots: new Dictionary<string, int> { [ProbeSpec.Kind] = 4 });

    protected override void AddMore(IHostApplicationBuilder builder) => builder.Services.AddProbes();

    protected override void MapMore(WebApplication app) => app.MapProbes();
}
