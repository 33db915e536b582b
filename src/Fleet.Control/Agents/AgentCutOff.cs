using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Outbox;
using Npgsql;

namespace Fleet.Control.Agents;

/// <summary>The end of an agent at the broker: no login, no queue, nothing left to be told. May be repeated.</summary>
internal sealed class AgentCutOff(BrokerUsers users, AgentTopology topology, NpgsqlDataSource database)
{
    public async Task Run(string agent, CancellationToken stop)
    {
        await users.Withdraw(agent, stop);
        await topology.Remove(agent, stop);
        await using var forget = OutboxSql.DropAll(database, AgentAddress.ExchangeOf(agent));
        await forget.ExecuteNonQueryAsync(stop);
    }
}
