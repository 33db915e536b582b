using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Freezes;

/// <summary>What is to stop: <c>PUT /v1/freezes/{name}</c>.</summary>
internal sealed class FreezeRequest
{
    /// <summary>Kinds of work; left out or empty means all.</summary>
    public List<string?>? Kinds { get; init; }

    /// <summary>For people; <c>explain</c> shows it.</summary>
    public string? Reason { get; init; }
}

/// <summary>A freeze as it stands.</summary>
/// <param name="Kinds">Empty means all.</param>
/// <param name="By">Name of the key that made it.</param>
/// <param name="Tenant">Whose work it holds; that of the default tenant holds everybody's.</param>
internal sealed record FreezeView(
    string Name, IReadOnlyList<string> Kinds, string? Reason, string By, DateTimeOffset At, string Tenant)
{
    public static FreezeView Of(Freeze freeze) => new(freeze.Name, freeze.Kinds, freeze.Reason, freeze.By, freeze.At, freeze.Tenant);
}
