using Fleet.Bench.Target;
using Fleet.Contracts.Agents;

namespace Fleet.Bench.Agents;

/// <summary>
/// What the fleet sees of one host: it registers, connects, beats and reports, and after a lost connection all of that
/// again, with the worker's pauses.
/// </summary>
internal sealed class SimulatedAgent(AgentDoor door, RabbitAddress rabbit, string name, string pool, string token)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenConnections = TimeSpan.FromSeconds(3);

    private readonly Guid _session = Guid.NewGuid();
    private long _beats;

    /// <summary>How often it asked to be let in, and how often it was.</summary>
    public int Asked { get; private set; }

    public int LetIn { get; private set; }

    public async Task Live(CancellationToken stop)
    {
        var work = new SimulatedWork(_session);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Connected(work, stop);
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                await Pause(BetweenConnections, stop); // the login, or the connection, failed
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Returns when the connection is lost.</summary>
    private async Task Connected(SimulatedWork work, CancellationToken stop)
    {
        var welcome = await Register(stop);
        await using var line = await AgentLine.Open(rabbit, name, welcome.Broker ?? Own, work.Hear, stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beats = Beat(line, work, TimeSpan.FromSeconds(welcome.HeartbeatSeconds), over.Token);
        var reports = work.Report(name, line, over.Token);
        await Task.WhenAny(line.Lost, beats, reports);
        await over.CancelAsync();
        await Task.WhenAll(beats, reports).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
    }

    private BrokerLogin Own => new(rabbit.User, rabbit.Password);

    private async Task<AgentWelcome> Register(CancellationToken stop)
    {
        var about = new AgentRegistration(
            _session,
            "bench",
            name,
            "linux",
            "x64",
            new Dictionary<string, int> { ["noop"] = 4 },
            new Dictionary<string, string> { ["pool"] = pool });
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                Asked++;
                var welcome = await door.Register(name, token, about, stop);
                LetIn++;
                return welcome;
            }
            catch (Exception away) when (!stop.IsCancellationRequested
                && away is HttpRequestException or OperationCanceledException)
            {
                await Pause(pause, stop);
            }
        }
    }

    /// <summary>The second beat comes at any time within the interval, so that agents do not beat together.</summary>
    private async Task Beat(AgentLine line, SimulatedWork work, TimeSpan interval, CancellationToken stop)
    {
        for (var pause = interval * Random.Shared.NextDouble(); ; pause = interval)
        {
            await line.Say(new AgentBeat(name, _session, ++_beats, work.Names()), Guid.CreateVersion7(), stop);
            await Task.Delay(pause, stop);
        }
    }

    private static Task Pause(TimeSpan about, CancellationToken stop) =>
        Task.Delay(about * (0.5 + Random.Shared.NextDouble()), stop);
}
