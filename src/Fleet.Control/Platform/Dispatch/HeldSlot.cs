namespace Fleet.Control.Platform.Dispatch;

/// <summary>A slot that an attempt holds.</summary>
/// <param name="Model">With model calls: what its upstream has in memory for it.</param>
internal sealed record HeldSlot(
    Guid Id, string Agent, string Capability, WorkKeys Keys = default, string? Upstream = null, string? Model = null);
