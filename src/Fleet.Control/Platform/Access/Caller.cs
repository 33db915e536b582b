namespace Fleet.Control.Platform.Access;

/// <summary>Who is asking. A handler takes it as a parameter.</summary>
/// <param name="Agent">The agent whose own token this is; null for API keys.</param>
/// <param name="MustChangePassword">An account that somebody else chose the password of: nothing else opens until it has its own.</param>
internal sealed record Caller(Guid KeyId, string Name, string Tenant, Scope Scopes, string? Agent = null, bool MustChangePassword = false)
{
    public bool May(Scope needed) => Scopes.HasFlag(Scope.Admin) || Scopes.HasFlag(needed);

    /// <summary>Whether work of this tenant exists for the caller; where it does not, the answer is 404.</summary>
    public bool MaySee(string tenant) => tenant == Tenant || MaySeeAll;

    /// <summary>The same for what may be one key's alone, whatever other keys may see.</summary>
    /// <param name="owner">Null where it is the whole tenant's.</param>
    public bool MaySee(string tenant, Guid? owner) => owner is { } one ? one == KeyId : MaySee(tenant);

    /// <summary>Whether the work of every tenant exists for the caller, so that lists need no filter.</summary>
    public bool MaySeeAll => Tenant == Tenants.Default && Scopes.HasFlag(Scope.Admin);

    /// <summary>Whether the caller is this agent, or no agent at all: an agent reaches only what is its own.</summary>
    public bool IsOrManages(string agent) => Agent is null || Agent == agent;

    /// <summary>Present behind every route that is not open to anyone.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("A route that is open to anyone asks who its caller is.");
}
