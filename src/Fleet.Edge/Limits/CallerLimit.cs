using Fleet.Edge.Controls;

namespace Fleet.Edge.Limits;

/// <summary>
/// So many requests a second of each caller, and so many wrong keys a second from each address. A key that was good
/// before is not held to account for its neighbours' wrong ones.
/// </summary>
internal sealed class CallerLimit(RequestDelegate next, Callers callers)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var address = callers.Find(CallerKey.OfAddress(http));
        var caller = CallerKey.OfToken(http) is { } token ? callers.Find(token) : address;
        if (!caller.Requests.TryTake())
        {
            await Problem.TooMany(http, caller.Requests.SecondsToWait, "This caller sends more requests than it may.");
            return;
        }

        if (!caller.WasGood && address.Refusals.IsEmpty)
        {
            await Problem.TooMany(http, address.Refusals.SecondsToWait, "This address sends too many wrong keys.");
            return;
        }

        await next(http);
        Learn(http, caller, address);
    }

    private static void Learn(HttpContext http, Caller caller, Caller address)
    {
        if (http.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            caller.WasGood = false;
            address.Refusals.TryTake();
        }
        else if (http.Response.StatusCode < 400 && caller != address && ControlRoutes.NeedsKey(http))
        {
            caller.WasGood = true;
        }
    }
}
