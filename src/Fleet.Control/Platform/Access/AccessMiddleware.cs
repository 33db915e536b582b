using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Microsoft.AspNetCore.Authorization;

namespace Fleet.Control.Platform.Access;

/// <summary>
/// Asks every request for its key before its route runs. Whatever is wrong with the credentials, the answer is the
/// same.
/// </summary>
internal sealed class AccessMiddleware(
    RequestDelegate next, ApiKeyCache keys, AccountLogins logins, OpenDoor open, TimeProvider clock)
{
    public async Task Invoke(HttpContext context)
    {
        var route = context.GetEndpoint();
        if (route is not null && route.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            var hidden = route.Metadata.GetMetadata<HiddenRoute>();
            var known = await Identify(context);
            if (hidden is not null && (known is not { Agent: null } || !hidden.IsFor(known)))
            {
                await hidden.NotThere.ExecuteAsync(context);
                return;
            }

            if (known is not { } caller)
            {
                await (RoleWords.WhyUnknown(context) ?? Problem.Unauthorized()).ExecuteAsync(context);
                return;
            }

            context.Features.Set(caller); // also where he is refused: the audit names him
            if (WhyNot(route, caller) is { } refusal)
            {
                await refusal.ExecuteAsync(context);
                return;
            }

            if (route.Metadata.GetMetadata<EndsWithKey>() is not null)
            {
                await KeyWatch.Run(next(context), () => Identify(context), context, clock);
                return;
            }
        }

        await next(context);
    }

    private ValueTask<Caller?> Identify(HttpContext context)
    {
        var text = SecretText.OfBearer(context.Request);
        if (text.Length == 0 && context.GetEndpoint()?.Metadata.GetMetadata<HiddenRoute>() is { } hidden)
            text = hidden.KeyOf(context.Request);
        if (LoginToken.LooksLikeOne(text))
            return logins.Identify(text, context);
        return ApiKeyText.TryHash(text, out var hash) || SecretText.TryHash(text, SecretText.AgentToken, out hash)
            ? keys.Find(hash, context.RequestAborted)
            : ValueTask.FromResult(open.Admit(context));
    }

    private static ProblemResult? WhyNot(Endpoint route, Caller caller)
    {
        if (caller.MustChangePassword && route.Metadata.GetMetadata<BeforePasswordChange>() is null)
            return Problem.Forbidden("The account must choose a password of its own first: POST /api/auth/change-password.");
        var agents = route.Metadata.GetMetadata<OpenToAgents>();
        if (caller.Agent is not null)
            return agents is null ? Problem.Forbidden("An agent's token opens only what the agent itself needs.") : null;
        if (agents is { Only: true })
            return Problem.Forbidden("This needs the agent's own token; an API key does not open it.");
        if (route.Metadata.GetMetadata<OnlyForTheFleet>() is not null && caller.Tenant != Tenants.Default)
            return Problem.Forbidden("This is about the whole fleet; only keys of the default tenant open it.");
        return route.Metadata.GetMetadata<RequiredScope>() is { } required && !caller.May(required.Scope)
            ? RoleWords.Lacking(route, required.Scope, caller) ?? ScopeNames.Lacking(required.Scope)
            : null;
    }
}
