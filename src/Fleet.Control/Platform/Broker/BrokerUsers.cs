using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Contracts.Agents;
using Fleet.Hosting;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// The users of the broker that agents log in with, kept over its management API. One such user reads the queue of its
/// agent and writes to the exchange of its agent; every other name on the broker is refused to it.
/// </summary>
internal sealed class BrokerUsers(
    ManagementApi api, BrokerRoll roll, BrokerSettings settings, RabbitSettings rabbit, TimeProvider clock)
{
    private const int MostTries = 10;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly string _virtualHost = Uri.EscapeDataString(rabbit.VirtualHost);

    /// <summary>
    /// Makes the user, or makes sure of it. Null where agents have no users of their own.
    /// </summary>
    /// <param name="secret">The agent's token: the password follows from it and the session, so that it is the same
    /// however often the session registers, and is kept nowhere.</param>
    /// <param name="anew">Whether connections of earlier sessions are to end.</param>
    /// <exception cref="HttpRequestException">The management API is away or refuses.</exception>
    public async Task<BrokerLogin?> Grant(string agent, Guid session, string secret, bool anew, CancellationToken stop)
    {
        if (!settings.OwnUsers)
            return null;
        var login = new BrokerLogin(AgentAddress.Queue(agent), PasswordOf(secret, session));
        if (anew)
            await Withdraw(agent, stop);
        else if ((await roll.Read(stop)).TryGetValue(login.User, out var known) && IsRight(known, agent, login))
            return login;
        var user = Uri.EscapeDataString(login.User);
        await api.Put($"users/{user}", new { password = login.Password, tags = "" }, stop);
        await api.Put($"user-limits/{user}/max-connections", new { value = settings.MaxConnections }, stop);
        await api.Put($"user-limits/{user}/max-channels", new { value = settings.MaxChannels }, stop);
        await api.Put($"permissions/{_virtualHost}/{user}", PermissionsOf(agent), stop);
        return login;
    }

    /// <summary>Those of these agents that have a user.</summary>
    public async Task<IReadOnlyList<string>> Holders(IEnumerable<string> agents, CancellationToken stop)
    {
        if (!settings.OwnUsers)
            return [];
        var known = await roll.Read(stop);
        return [.. agents.Where(agent => known.ContainsKey(AgentAddress.Queue(agent)))];
    }

    /// <summary>Deletes the user; its connections end. Nothing happens where there is none.</summary>
    public async Task Withdraw(string agent, CancellationToken stop)
    {
        if (!settings.OwnUsers)
            return;
        var user = Uri.EscapeDataString(AgentAddress.Queue(agent));
        await api.TryDelete($"users/{user}", mayFail: false, stop); // first, so that nobody connects again
        // The broker itself closes the connections of a deleted user; asked for the same at the very moment, it answers 500.
        for (var tries = 1; !await api.TryDelete($"connections/username/{user}", mayFail: tries < MostTries, stop); tries++)
            await Task.Delay(BetweenTries, clock, stop);
    }

    /// <summary>Bounds what can pile up for agents, whatever their own queues say.</summary>
    public async Task LimitQueues(CancellationToken stop)
    {
        if (!settings.OwnUsers)
            return;
        await Limit("fleet-agents", "^agent-", settings.MaxWaiting, settings.MaxWaitingBytes, stop);
        await Limit("fleet-reports", AgentTopology.ReportQueuePattern, settings.MaxReportsWaiting, settings.MaxReportBytesWaiting, stop);
    }

    private Task Limit(string policy, string queues, int messages, long bytes, CancellationToken stop) => api.Put(
        $"operator-policies/{_virtualHost}/{policy}",
        new Dictionary<string, object>
        {
            ["pattern"] = queues,
            ["apply-to"] = "queues",
            ["definition"] = new Dictionary<string, object> { ["max-length"] = messages, ["max-length-bytes"] = bytes },
        },
        stop);

    /// <summary>A session that comes again finds all as it left it, unless the broker has lost it.</summary>
    private bool IsRight(KnownUser known, string agent, BrokerLogin login)
    {
        var wanted = PermissionsOf(agent);
        return known.HasPassword(login.Password)
            && known.HasNoTags
            && known.IsLimited("max-connections", settings.MaxConnections)
            && known.IsLimited("max-channels", settings.MaxChannels)
            && known.Permissions is [var has]
            && has.Vhost == rabbit.VirtualHost
            && (has.Configure, has.Write, has.Read) == (wanted.Configure, wanted.Write, wanted.Read);
    }

    /// <summary>
    /// Permissions are regular expressions; these match whole names only. Reading is for the queue and the exchange
    /// that feeds it. Configuring is what declaring at every start of the bus needs.
    /// </summary>
    private static Rights PermissionsOf(string agent)
    {
        var queue = $"^{Regex.Escape(AgentAddress.Queue(agent))}$";
        var both = $"^{Regex.Escape(AgentAddress.Queue(agent))}(-out)?$";
        return new Rights(Configure: both, Write: both, Read: queue);
    }

    private static string PasswordOf(string secret, Guid session) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"broker {session:N}")));

    private sealed record Rights(string Configure, string Write, string Read);
}
