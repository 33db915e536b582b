using System.Diagnostics;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Agents;

/// <summary>
/// Looks what the upstreams have, now and then and when somebody asks, and tells Control: what a call found out at once,
/// and then what a look says about it.
/// </summary>
internal sealed class UpstreamWatch(
    UpstreamRegistry upstreams, AgentSession session, IOutExchange exchange, WorkerSettings settings, ILogger<UpstreamWatch> log)
    : BackgroundService
{
    private const int MostAsks = 64;

    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private List<Guid> _asks = [];
    private readonly Dictionary<string, bool> _logged = [];
    private string _told = "";
    private long _toldAt;
    private long _number;

    /// <param name="ask">Is named in what is told after the next look.</param>
    public void LookFor(Guid ask)
    {
        lock (_gate)
        {
            if (_asks.Count < MostAsks)
                _asks.Add(ask);
        }

        upstreams.LookDue.Raise();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (upstreams.IsEmpty)
            return;
        await session.Known.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Look(stoppingToken);
                await upstreams.LookDue.Wait(Pause(), stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.UpstreamsNotTold(failure.Message);
                _told = "";
                await Task.Delay(_pauseAfterFailure, stoppingToken);
            }
        }
    }

    private TimeSpan Pause() => TimeSpan.FromSeconds(
        upstreams.Reports.All(upstream => upstream.IsReachable) ? settings.UpstreamLookSeconds : settings.UpstreamProbeSeconds);

    private async Task Look(CancellationToken stop)
    {
        if (_told.Length > 0)
            await Tell([], stop);
        var asks = TakeAsks();
        await upstreams.Look(stop);
        await Tell(asks, stop);
    }

    private List<Guid> TakeAsks()
    {
        lock (_gate)
        {
            var asks = _asks;
            _asks = [];
            return asks;
        }
    }

    /// <summary>
    /// What Control knows is said again when somebody asked, and now and then: what was said may have got lost.
    /// </summary>
    private async Task Tell(List<Guid> asks, CancellationToken stop)
    {
        var reports = upstreams.Reports;
        var text = JsonSerializer.Serialize(reports);
        var isOld = Stopwatch.GetElapsedTime(_toldAt) > TimeSpan.FromSeconds(settings.UpstreamLookSeconds);
        if (text == _told && asks.Count == 0 && !isOld)
            return;
        var told = new AgentUpstreams(session.Agent, session.Id, ++_number, reports, asks);
        await exchange.Send(told, Guid.CreateVersion7(), stop);
        (_told, _toldAt) = (text, Stopwatch.GetTimestamp());
        Log(reports);
    }

    private void Log(IReadOnlyList<UpstreamReport> reports)
    {
        foreach (var upstream in reports)
        {
            if (_logged.TryGetValue(upstream.Name, out var was) && was == upstream.IsReachable)
                continue;
            _logged[upstream.Name] = upstream.IsReachable;
            if (upstream.IsReachable)
                log.UpstreamThere(upstream.Name, upstream.Protocol, upstream.Models.Count);
            else
                log.UpstreamAway(upstream.Name, upstream.Error);
        }
    }
}
