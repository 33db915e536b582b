using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Access;

/// <summary>A key as it was asked for, after everything in the request was found right.</summary>
internal sealed record ApiKeyDraft(string Name, string Tenant, Scope Scopes, DateTimeOffset? ExpiresAt)
{
    private const int MaxName = 200;
    private const int MaxScopes = 100;

    /// <summary>Throws the problem that names the wrong field.</summary>
    public static ApiKeyDraft Of(CreateApiKey wanted, Caller caller, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(wanted.Name) || wanted.Name.Length > MaxName || wanted.Name.Any(char.IsControl))
            throw Invalid("name", $"This must be 1 to {MaxName} characters on one line.");
        var tenant = wanted.Tenant ?? caller.Tenant;
        if (!Tenants.IsName(tenant))
            throw Invalid("tenant", "This must be lower-case letters, digits and inner hyphens, at most 60.");
        if (wanted.ExpiresAt <= now)
            throw Invalid("expires_at", "This must lie in the future.");

        var scopes = ScopesOf(wanted);
        if (!caller.May(scopes))
            throw new ProblemException(Problem.Forbidden("A key cannot be given scopes that its maker lacks."));
        if (!caller.MaySee(tenant))
            throw new ProblemException(Problem.Forbidden("Other tenants' keys are made by admins of the default tenant."));
        return new ApiKeyDraft(wanted.Name, tenant, scopes, wanted.ExpiresAt);
    }

    private static Scope ScopesOf(CreateApiKey wanted) => wanted switch
    {
        { Scopes: not null, Role: not null } => throw Invalid("role", "Give scopes or a role, not both."),
        { Role: { } role } => ScopeNames.TryParseRole(role, out var bundle)
            ? bundle
            : throw Invalid("role", $"This must be one of: {string.Join(", ", ScopeNames.AllRoles)}."),
        { Scopes: { Count: > 0 and <= MaxScopes } names } => names
            .Select((name, i) => name is not null && ScopeNames.TryParse(name, out var scope)
                ? scope
                : throw Invalid($"scopes[{i}]", $"There is no scope {LogText.Clean(name)}."))
            .Aggregate((all, scope) => all | scope),
        _ => throw Invalid("scopes", $"Name 1 to {MaxScopes} scopes, or give a role."),
    };

    private static ProblemException Invalid(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
