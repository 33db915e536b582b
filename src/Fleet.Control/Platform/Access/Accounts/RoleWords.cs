using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>Marks routes of a wire that speaks of roles and tokens, and not of scopes and keys.</summary>
internal sealed record SaysRoles;

/// <summary>Why not, in the words of such a wire.</summary>
internal static class RoleWords
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Admin = "admin";

    private const Scope Writes = Scope.JobsCreate | Scope.JobsUpdate | Scope.AgentsManage | Scope.SchedulesCreate | Scope.SchedulesUpdate;

    /// <summary>Of whoever has these scopes.</summary>
    public static string Of(Scope scopes) =>
        scopes.HasFlag(Scope.Admin) ? Admin : (scopes & Writes) != Scope.None ? Operator : Viewer;

    /// <summary>401; null where the route says nothing of tokens.</summary>
    public static ProblemResult? WhyUnknown(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<SaysRoles>() is null)
            return null;
        var why = context.Features.Get<LoginRefusal>()?.Why
            ?? (SecretText.OfBearer(context.Request).Length == 0 ? "missing bearer token" : "invalid token: InvalidToken");
        return Problem.Unauthorized() with { Detail = why };
    }

    /// <summary>403; null where the route says nothing of roles.</summary>
    public static ProblemResult? Lacking(Endpoint route, Scope needed, Caller caller) =>
        route.Metadata.GetMetadata<SaysRoles>() is null
            ? null
            : Problem.Forbidden($"{Of(needed)} role required (caller is {Of(caller.Scopes)})");
}

/// <summary>Why a login was not believed.</summary>
internal sealed record LoginRefusal(string Why);
