using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Platform.Access;

namespace Fleet.Control.Manifests.Executions;

/// <summary>
/// Revokes a manifest, or one version of it: nothing of it starts any more, what waits for agents that are off included.
/// What runs already goes on.
/// </summary>
internal sealed class Revoking(RevocationStore revocations, ExecutionStore store, ExecutionOperations operations)
{
    /// <param name="version">Empty means all versions.</param>
    /// <param name="isRemoval">It holds until the manifest is posted again.</param>
    public async Task Revoke(string name, string version, Caller by, CancellationToken stop, bool isRemoval = false)
    {
        await revocations.Revoke(name, version, by, stop, isRemoval);
        foreach (var execution in await store.NotOver(by.Tenant, name, version, stop))
            await operations.Abort(execution, $"{name} was revoked by {by.Name}", endRunning: false, stop);
    }
}
