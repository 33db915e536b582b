using Fleet.Control.Platform.Access;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Paliad;

/// <summary>Whose the wire is; for everybody else it is not there.</summary>
internal sealed class PaliadOwner(PaliadSettings settings)
{
    /// <summary>What a page sends instead of a header.</summary>
    public const string Cookie = "paliad";

    private const Scope Needed = Scope.ChatCreate | Scope.ChatRead;

    public bool Is(Caller caller) =>
        caller is { Agent: null, Tenant: Tenants.Default } && caller.May(Needed)
        && (string.IsNullOrEmpty(settings.Owner)
            || caller.Name == settings.Owner
            || (WireId.TryParse(settings.Owner, out var id) && id == caller.KeyId));
}
