using System.Globalization;
using Fleet.Contracts.Agents;
using Fleet.Control.Manifests.Groups;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Agents over this wire, and the groups they are in.</summary>
internal static class KanadeAgents
{
    private const int MostLines = 10_000;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    public static void MapKanadeAgents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/agents", List).SayingWhy(Scope.AgentsRead).Produces<IReadOnlyList<KanadeAgent>>();
        api.MapGet("/agents/{pcId}", Show).SayingLittle(Scope.AgentsRead).Produces<KanadeAgent>();
        api.MapPost("/agents/{pcId}/ping", Ping).AuditedAs("kanade.ping").SayingWhy(Scope.AgentsManage).Produces<KanadePing>();
        api.MapGet("/agents/{pcId}/logs", Logs).SayingWhy(Scope.AgentsRead);
        api.MapGet("/agents/{pcId}/groups", GroupsOf).SayingWhy(Scope.AgentsRead).Produces<KanadeGroups>();
        api.MapPut("/agents/{pcId}/groups", SetGroups).AuditedAs("kanade.groups_set").SayingWhy(Scope.AgentsManage)
            .Produces<KanadeGroups>();
        api.MapPost("/agents/{pcId}/groups", AddGroup).AuditedAs("kanade.group_add").SayingWhy(Scope.AgentsManage).Produces<KanadeGroups>();
        api.MapDelete("/agents/{pcId}/groups/{group}", LeaveGroup).AuditedAs("kanade.group_remove").SayingWhy(Scope.AgentsManage)
            .Produces<KanadeGroups>();
    }

    private static async Task<IResult> List(
        HttpRequest request, HttpResponse response, Caller caller, IAgentDirectory agents, CancellationToken stop)
    {
        var status = KanadeQuery.Text(request, "status");
        if (status is not (null or "online" or "offline"))
            throw KanadeQuery.Wrong($"unknown status `{status}`: expected online or offline");
        var text = KanadeQuery.Text(request, "q");
        var found = (await Known(caller, agents, stop))
            .Where(agent => text is null || agent.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
                || agent.Host?.Name.Contains(text, StringComparison.OrdinalIgnoreCase) == true).ToList();
        var online = found.Count(agent => agent.IsOn);
        var shown = found.Where(agent => status is null || agent.IsOn == (status == "online"))
            .OrderByDescending(agent => agent.HeardAt ?? DateTimeOffset.MinValue).ThenBy(agent => agent.Name, StringComparer.Ordinal)
            .ToList();
        var hasLimit = KanadeQuery.Text(request, "limit") is not null;
        response.Headers["X-Total-Count"] = shown.Count.ToString(CultureInfo.InvariantCulture);
        if (hasLimit)
        {
            response.Headers["X-Online-Count"] = online.ToString(CultureInfo.InvariantCulture);
            response.Headers["X-Offline-Count"] = (found.Count - online).ToString(CultureInfo.InvariantCulture);
        }

        return Results.Json(shown.Skip(KanadeQuery.Number(request, "offset", 0))
            .Take(hasLimit ? KanadeQuery.Number(request, "limit", 0) : int.MaxValue).Select(KanadeAgent.Of).ToList());
    }

    private static async Task<IResult> Show(string pcId, Caller caller, IAgentDirectory agents, CancellationToken stop) =>
        (await Known(caller, agents, stop)).FirstOrDefault(agent => agent.Name == pcId) is { } found
            ? Results.Json(KanadeAgent.Of(found))
            : Problem.NotFound("agent");

    /// <summary>The agent is asked, and what is known of it is the answer. One that is off may come in time.</summary>
    private static async Task<IResult> Ping(
        string pcId, HttpRequest request, Caller caller, IAgentDirectory agents, KanadeReach reach, DatabaseClock time,
        TimeProvider clock, CancellationToken stop)
    {
        var patience = TimeSpan.FromSeconds(Math.Clamp(KanadeQuery.Number(request, "wait_secs", 5), 1, 60));
        for (var began = clock.GetTimestamp(); ;)
        {
            var agent = (await Known(caller, agents, stop)).FirstOrDefault(one => one.Name == pcId);
            var left = patience - clock.GetElapsedTime(began);
            if (agent is not null && left > TimeSpan.Zero && await reach.IsThere(agent, left, stop))
            {
                var heard = KanadeReach.Answers(agent, AskAgent.Ping) ? time.Now : agent.HeardAt!.Value;
                return Results.Json(new KanadePing(KanadeHeartbeat.Of(agent, heard)));
            }

            if (clock.GetElapsedTime(began) >= patience)
                return new ProblemResult(408, "timeout", $"no heartbeat from '{pcId}' within {patience.TotalSeconds}s");
            await Task.Delay(Between, clock, stop);
        }
    }

    /// <summary>The last lines of the agent's own log, from the agent.</summary>
    private static async Task<IResult> Logs(
        string pcId, HttpRequest request, Caller caller, IAgentDirectory agents, KanadeReach reach, ManifestSettings settings,
        CancellationToken stop)
    {
        var lines = Math.Clamp(KanadeQuery.Number(request, "tail", 500), 0, MostLines);
        var agent = (await Known(caller, agents, stop)).FirstOrDefault(one => one.Name == pcId);
        if (agent is not null && caller.Tenant != Tenants.Default && agent.Tenants is not { Count: 1 })
            throw new ProblemException(Problem.Forbidden("This agent serves others too: its log is for the fleet's operators."));
        return agent is not null && await reach.Log(agent, lines, stop) is { } text
            ? Results.Text(text, "text/plain; charset=utf-8")
            : new ProblemResult(
                504, "agent_silent", $"no log from '{pcId}': it is not there, or did not answer within {settings.LogSeconds}s");
    }

    private static async Task<IResult> GroupsOf(string pcId, Caller caller, GroupStore groups, CancellationToken stop) =>
        Results.Json(new KanadeGroups(await groups.Of(caller.Tenant, pcId, stop)));

    private static async Task<IResult> SetGroups(
        string pcId, HttpRequest request, Caller caller, GroupStore groups, CancellationToken stop)
    {
        var wanted = await KnownJson.Read<KanadeGroupsRequest>(request);
        if (wanted.Groups is null)
            throw new ProblemException(KnownJson.WrongShape("missing field `groups`"));
        return await Join(pcId, wanted.Groups, isAll: true, caller, groups, stop);
    }

    private static async Task<IResult> AddGroup(
        string pcId, HttpRequest request, Caller caller, GroupStore groups, CancellationToken stop)
    {
        var wanted = await KnownJson.Read<KanadeGroupRequest>(request);
        if (wanted.Group is null)
            throw new ProblemException(KnownJson.WrongShape("missing field `group`"));
        return await Join(pcId, [wanted.Group], isAll: false, caller, groups, stop);
    }

    private static async Task<IResult> LeaveGroup(
        string pcId, string group, Caller caller, GroupStore groups, CancellationToken stop)
    {
        await groups.Leave(caller.Tenant, pcId, group, stop);
        return await GroupsOf(pcId, caller, groups, stop);
    }

    private static async Task<IResult> Join(
        string pcId, IReadOnlyList<string?> wanted, bool isAll, Caller caller, GroupStore groups, CancellationToken stop)
    {
        if (!AgentAddress.IsName(pcId))
            throw KanadeQuery.Wrong($"'{pcId}' is not a name that an agent can have");
        if (!wanted.All(name => GroupEndpoints.IsName(name?.Trim())))
            throw KanadeQuery.Wrong("group must not be blank, nor hold blanks, commas or slashes");
        await groups.Join(caller.Tenant, pcId, [.. wanted.Select(name => name!.Trim()).Distinct()], isAll, stop);
        return await GroupsOf(pcId, caller, groups, stop);
    }

    private static async Task<IEnumerable<AgentStanding>> Known(Caller caller, IAgentDirectory agents, CancellationToken stop) =>
        (await agents.Standing(stop)).Where(agent => !agent.IsRevoked && (caller.Tenant == Tenants.Default || agent.Serves(caller.Tenant)));
}
