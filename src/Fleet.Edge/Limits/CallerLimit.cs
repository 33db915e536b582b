using System.Threading.RateLimiting;
using Fleet.Edge.Controls;
using Microsoft.Extensions.Options;

namespace Fleet.Edge.Limits;

/// <summary>
/// So many requests a second of each caller, and so many wrong keys a second from each address. A key that was good
/// before is not held to account for its neighbours' wrong ones. One that is new is looked at all the same, only later, so
/// that a good one gets through and wrong ones come slowly.
/// </summary>
internal sealed class CallerLimit(
    RequestDelegate next, Allowances allowances, GoodKeys goodKeys, IOptions<EdgeSettings> settings)
{
    private int _looks;

    public async Task InvokeAsync(HttpContext http)
    {
        var address = CallerKey.OfAddress(http);
        var token = CallerKey.OfToken(http);
        using var request = allowances.Requests.Acquire(token ?? address);
        if (!request.IsAcquired)
        {
            await Refuse(http, request, "This caller sends more requests than it may.");
            return;
        }

        var known = token is { } key && goodKeys.Contains(key);
        using var patience = allowances.Refusals.Acquire(address, permits: 0); // asks, and takes nothing
        if (known || patience.IsAcquired)
            await Pass(http, token, address, known);
        else
            await Look(http, token, address, patience);
    }

    private async Task Look(HttpContext http, UInt128? token, UInt128 address, RateLimitLease patience)
    {
        try
        {
            if (Interlocked.Increment(ref _looks) > settings.Value.LooksAtOnce || token is null)
            {
                await Refuse(http, patience, "This address sends too many wrong keys.");
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(settings.Value.LookSeconds), http.RequestAborted);
            await Pass(http, token, address, known: false);
        }
        finally
        {
            Interlocked.Decrement(ref _looks);
        }
    }

    private async Task Pass(HttpContext http, UInt128? token, UInt128 address, bool known)
    {
        await next(http);
        Learn(http, token, address, known);
    }

    private static Task Refuse(HttpContext http, RateLimitLease refused, string detail)
    {
        var wait = refused.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.Zero;
        return Problem.TooMany(http, Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)), detail);
    }

    private void Learn(HttpContext http, UInt128? token, UInt128 address, bool known)
    {
        if (http.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            if (token is { } wrong)
                goodKeys.Remove(wrong);
            allowances.Refusals.Acquire(address).Dispose();
        }
        else if (!known && token is { } good && http.Response.StatusCode < 400 && ControlRoutes.NeedsKey(http))
        {
            goodKeys.Add(good);
        }
    }
}
