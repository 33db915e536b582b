namespace Fleet.Control.Platform.Dispatch;

/// <summary>A slot that an attempt holds.</summary>
/// <param name="Model">With model calls: what its upstream has in memory for it.</param>
internal sealed record HeldSlot(
    Guid Id, string Agent, string Capability, WorkKeys Keys = default, string? Upstream = null, string? Model = null)
{
    /// <param name="demand">See <see cref="DemandKey"/>.</param>
    public static HeldSlot Of(Guid id, string agent, string demand, WorkKeys keys, string? upstream)
    {
        var wanted = DemandKey.Read(demand);
        return new HeldSlot(id, agent, wanted.Capability, keys, upstream, wanted.Model);
    }
}
