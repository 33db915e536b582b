using System.Diagnostics.Metrics;
using System.Globalization;
using Fleet.Control.Platform.Work.Explain;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// Whether the broker takes messages. Short of disk or memory it blocks whoever publishes: work is accepted and kept, and
/// goes nowhere until there is room again. Whoever asks whether this process is ready, or why work waits, is told.
/// </summary>
internal sealed class BrokerAlarms : BackgroundService, IHealthCheck
{
    private readonly ManagementApi _api;
    private readonly BrokerSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<BrokerAlarms> _log;
    private readonly Meter _meter = new("Fleet.Control");

    private volatile string? _sentence;

    public BrokerAlarms(ManagementApi api, BrokerSettings settings, TimeProvider clock, ILogger<BrokerAlarms> log)
    {
        (_api, _settings, _clock, _log) = (api, settings, clock, log);
        _meter.CreateObservableGauge(
            "fleet.broker.alarms", () => _sentence is null ? 0 : 1, "{alarm}", "1 while the broker takes no messages.");
    }

    /// <summary>Why the broker takes no messages; null as long as it does, or nobody may ask it.</summary>
    public ReasonView? Reason => _sentence is { } sentence ? new ReasonView("broker_blocked", sentence) : null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_sentence is { } sentence ? HealthCheckResult.Unhealthy(sentence) : HealthCheckResult.Healthy());

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Look(cancellationToken); // before anybody says that it is ready
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(_settings.AlarmSeconds), _clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                await Look(stoppingToken);
        }
    }

    /// <summary>A broker that is away has no alarm: that it is away is said elsewhere.</summary>
    private async Task Look(CancellationToken stop)
    {
        if (!_settings.OwnUsers)
            return;
        var before = _sentence;
        try
        {
            _sentence = SentenceOf(await _api.Get<Node[]>("nodes", stop));
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return;
        }

        if (_sentence is { } sentence && before is null)
            BrokerLog.Blocked(_log, sentence);
        else if (_sentence is null && before is not null)
            BrokerLog.TakesAgain(_log);
    }

    private static string? SentenceOf(Node[] nodes)
    {
        foreach (var node in nodes)
        {
            if (node.DiskFreeAlarm)
            {
                return $"The broker takes no messages: its disk has {Megabytes(node.DiskFree)} MB free and it needs "
                    + $"{Megabytes(node.DiskFreeLimit)} MB. Make room; what is accepted is kept and goes on by itself.";
            }

            if (node.MemAlarm)
            {
                return $"The broker takes no messages: it uses {Megabytes(node.MemUsed)} MB of memory and may use "
                    + $"{Megabytes(node.MemLimit)} MB. What is accepted is kept and goes on by itself.";
            }
        }

        return null;
    }

    private static string Megabytes(double? bytes) => ((bytes ?? 0) / 1_000_000).ToString("0", CultureInfo.InvariantCulture);

    private sealed record Node(
        bool MemAlarm = false, bool DiskFreeAlarm = false, double? DiskFree = null, double? DiskFreeLimit = null, double? MemUsed = null,
        double? MemLimit = null);
}
