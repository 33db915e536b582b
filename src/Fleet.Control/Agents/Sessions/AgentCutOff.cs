using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Outbox;
using Npgsql;

namespace Fleet.Control.Agents.Sessions;

/// <summary>The end of an agent at the broker: no login, no queue, nothing left to be told. May be repeated.</summary>
internal sealed class AgentCutOff(BrokerUsers users, AgentTopology topology, NpgsqlDataSource database)
{
    public async Task Run(string agent, CancellationToken stop)
    {
        await users.Withdraw(agent, stop);
        await Forget([agent], stop);
    }

    /// <summary>The same for many, of whom nearly all were cut off long ago.</summary>
    public async Task Run(IReadOnlyList<string> agents, CancellationToken stop)
    {
        foreach (var agent in await users.Holders(agents, stop))
            await users.Withdraw(agent, stop);
        await Forget(agents, stop);
    }

    private async Task Forget(IReadOnlyList<string> agents, CancellationToken stop)
    {
        await topology.Remove(agents, stop);
        foreach (var agent in agents)
        {
            await using var forget = OutboxSql.DropAll(database, AgentChannel.AddressOf(agent));
            await forget.ExecuteNonQueryAsync(stop);
        }
    }
}
