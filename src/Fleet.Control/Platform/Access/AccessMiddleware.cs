using Fleet.Control.Platform.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Primitives;

namespace Fleet.Control.Platform.Access;

/// <summary>
/// Asks every request for its key before its route runs. Whatever is wrong with the credentials, the answer is the
/// same.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiKeyCache keys, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    public async Task Invoke(HttpContext context)
    {
        var route = context.GetEndpoint();
        if (route is not null && route.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            if (await Identify(context) is not { } caller)
            {
                await Problem.Unauthorized().ExecuteAsync(context);
                return;
            }

            if (route.Metadata.GetMetadata<RequiredScope>() is { } required && !caller.May(required.Scope))
            {
                await Lacking(required.Scope).ExecuteAsync(context);
                return;
            }

            context.Features.Set(caller);
            if (route.Metadata.GetMetadata<EndsWithKey>() is not null)
            {
                await KeyWatch.Run(next(context), () => Identify(context), context, clock);
                return;
            }
        }

        await next(context);
    }

    private ValueTask<Caller?> Identify(HttpContext context) =>
        TryReadKey(context.Request.Headers.Authorization, out var hash)
            ? keys.Find(hash, context.RequestAborted)
            : ValueTask.FromResult<Caller?>(null);

    private static bool TryReadKey(StringValues header, out KeyHash hash)
    {
        hash = default;
        return header is [{ } text]
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && ApiKeyText.TryHash(text.AsSpan(Scheme.Length), out hash);
    }

    private static ProblemResult Lacking(Scope needed) =>
        Problem.Forbidden($"The key lacks the scope {string.Join(' ', ScopeNames.Of(needed))}.");
}
