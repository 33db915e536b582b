using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>Marks a route whose answers may take days: they end with the key that asked for them.</summary>
internal sealed record EndsWithKey
{
    /// <summary>How often the key is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
}

/// <summary>Cuts a long answer off when its key is revoked or over. Who comes back is refused like anybody else.</summary>
internal static class KeyWatch
{
    /// <param name="identify">Null when the key is no longer good.</param>
    public static async Task Run(
        Task answer, Func<ValueTask<Caller?>> identify, HttpContext context, TimeProvider clock)
    {
        while (!answer.IsCompleted)
        {
            using var over = new CancellationTokenSource();
            await Task.WhenAny(answer, Task.Delay(EndsWithKey.Interval, clock, over.Token));
            await over.CancelAsync();
            if (!answer.IsCompleted && !await IsGood(identify))
                context.Abort();
        }

        await answer;
    }

    /// <summary>A database that is away says nothing about a key.</summary>
    private static async Task<bool> IsGood(Func<ValueTask<Caller?>> identify)
    {
        try
        {
            return await identify() is not null;
        }
        catch (Exception failure) when (failure is ProblemException or OperationCanceledException || DatabaseFailure.IsOutage(failure))
        {
            return true;
        }
    }
}
