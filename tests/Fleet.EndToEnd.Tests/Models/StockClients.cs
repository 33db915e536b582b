using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>Client libraries for JavaScript, as they are published, and scripts that use them.</summary>
internal static class StockClients
{
    /// <summary>What the script printed.</summary>
    public static Task<string> Run(ModelFleet fleet, string script, params string[] arguments) =>
        new NodePackage(fleet.Home, "Models/Clients").Run(script, arguments);
}
