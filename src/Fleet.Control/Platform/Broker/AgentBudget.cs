using System.Collections.Concurrent;
using Fleet.Contracts.Agents;
using MassTransit;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What one agent may say. A queue of its own keeps its flood from others; but reading that costs all of them, so an agent
/// that says more than it may is cut off at the broker for a while, and what still waits of it is dropped unread.
/// </summary>
internal sealed class AgentBudget(
    BrokerUsers users, AgentTopology topology, BrokerSettings settings, TimeProvider clock, ILogger<AgentBudget> logger)
    : IFilter<ReceiveContext>
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new();

    public void Probe(ProbeContext context) => context.CreateFilterScope("agent-budget");

    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery)
            || AgentAddress.AgentOf(delivery.Exchange) is not { } agent
            || Admits(agent))
            return next.Send(context);
        context.GetOrAddPayload(() => new Dropped());
        return Task.CompletedTask;
    }

    /// <summary>Counts one message of the agent.</summary>
    public bool Admits(string agent)
    {
        var account = _accounts.GetOrAdd(agent, _ => new Account(settings.MessagesAtOnce, clock.GetTimestamp()));
        lock (account)
        {
            if (account.ClosedSince is not null && ClosedFor(account) > TimeSpan.Zero)
                return false;
            if (account.Take(settings.MessagesPerSecond, settings.MessagesAtOnce, clock))
                return true;
            account.ClosedSince = clock.GetTimestamp();
        }

        BrokerLog.Floods(logger, agent, settings.FloodSeconds);
        _ = CutOff(agent);
        return false;
    }

    /// <summary>How long the agent is still kept out; zero when it may come.</summary>
    public TimeSpan ClosedFor(string agent)
    {
        if (!_accounts.TryGetValue(agent, out var account))
            return TimeSpan.Zero;
        lock (account)
            return ClosedFor(account);
    }

    private TimeSpan ClosedFor(Account account)
    {
        if (account.ClosedSince is not { } since)
            return TimeSpan.Zero;
        var left = TimeSpan.FromSeconds(settings.FloodSeconds) - clock.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>While its user cannot be taken away, what it says is dropped all the same.</summary>
    private async Task CutOff(string agent)
    {
        try
        {
            await users.Withdraw(agent, CancellationToken.None);
            await topology.DropReports(agent, CancellationToken.None);
        }
        catch (Exception failure)
        {
            BrokerLog.NotCutOff(logger, agent, failure.Message);
        }
    }

    /// <summary>Marks a delivery that is no dead letter either.</summary>
    internal sealed class Dropped;

    /// <summary>Used under its own lock.</summary>
    private sealed class Account(double left, long at)
    {
        private double _left = left;
        private long _at = at;

        public long? ClosedSince { get; set; }

        public bool Take(double perSecond, double atOnce, TimeProvider clock)
        {
            var now = clock.GetTimestamp();
            _left = ClosedSince is null ? Math.Min(atOnce, _left + clock.GetElapsedTime(_at, now).TotalSeconds * perSecond) : atOnce;
            _at = now;
            ClosedSince = null;
            return --_left >= 0;
        }
    }
}
