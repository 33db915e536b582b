using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Groups;

/// <summary>Groups of agents over HTTP.</summary>
internal static class GroupEndpoints
{
    private const int MostName = 100;
    private const int MostAgents = 100_000;
    private const int MostDescription = 2000;

    private static readonly string Members = JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(GroupRequest.Agents));

    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/v1/groups").WithTags("Groups").RequireScope(Scope.AgentsRead);
        groups.MapGet("/", List).Produces<PageOf<GroupView>>();
        groups.MapGet("/{name}", Show).Produces<GroupView>();
        groups.MapPut("/{name}", Put).AuditedAs("group.put").RequireScope(Scope.AgentsManage)
            .Accepts<GroupRequest>("application/json").Produces<GroupView>();
        groups.MapDelete("/{name}", Remove).AuditedAs("group.delete").RequireScope(Scope.AgentsManage).Produces(204);
    }

    /// <summary>Words without blanks, commas or control characters.</summary>
    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= MostName } && !text.Any(letter => char.IsControl(letter) || letter is ' ' or ',' or '/');

    private static async Task<IResult> List(Page page, Caller caller, GroupStore store, CancellationToken stop) =>
        Results.Json(page.Cut(
            await store.List(caller.Tenant, page.After, page.Limit + 1, stop), group => group.Name, GroupView.Of));

    private static async Task<IResult> Show(string name, Caller caller, GroupStore store, CancellationToken stop) =>
        await store.Find(caller.Tenant, name, stop) is { } group ? Results.Json(GroupView.Of(group)) : Problem.NotFound("group");

    private static async Task<IResult> Put(
        string name, HttpRequest request, Caller caller, GroupStore store, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<GroupRequest>(request);
        var wrong = new Dictionary<string, string[]>();
        if (!IsName(name))
            wrong["name"] = [$"Use up to {MostName} characters without blanks, commas and slashes."];
        if (wanted.Agents is null or { Count: > MostAgents })
            wrong[Members] = [$"This is needed: a list of at most {MostAgents} names of agents."];
        foreach (var (place, agent) in (wanted.Agents ?? []).Index())
        {
            if (!AgentAddress.IsName(agent) && wrong.Count < 20)
                wrong[$"agents[{place}]"] = ["This is not a name that an agent can have."];
        }

        if (wanted.Description?.Length > MostDescription)
            wrong["description"] = [$"At most {MostDescription} characters."];
        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
        var agents = wanted.Agents!.Select(agent => agent!).Distinct().Order(StringComparer.Ordinal).ToArray();
        return Results.Json(GroupView.Of(await store.Put(caller.Tenant, name, agents, wanted.Description, stop)));
    }

    private static async Task<IResult> Remove(string name, Caller caller, GroupStore store, CancellationToken stop) =>
        await store.Remove(caller.Tenant, name, stop) ? Results.NoContent() : Problem.NotFound("group");
}

/// <summary>All of a group: <c>PUT /v1/groups/{name}</c>.</summary>
internal sealed class GroupRequest
{
    /// <summary>Names; they need not be there yet.</summary>
    public List<string?>? Agents { get; init; }

    public string? Description { get; init; }
}

internal sealed record GroupView(string Name, IReadOnlyList<string> Agents, string? Description, DateTimeOffset UpdatedAt)
{
    public static GroupView Of(AgentGroup group) => new(group.Name, group.Agents, group.Description, group.UpdatedAt);
}
