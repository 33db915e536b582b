using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>Client libraries for JavaScript, as they are published, and scripts that use them. Needs node and npm.</summary>
internal static class StockClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> Quietly = new()
    {
        ["NO_UPDATE_NOTIFIER"] = "1",
        ["NO_PROXY"] = "127.0.0.1,localhost",
    };

    /// <summary>What the script printed.</summary>
    public static async Task<string> Run(ModelFleet fleet, string script, params string[] arguments)
    {
        var folder = await Install(fleet);
        File.Copy(Path.Combine(Source, script), Path.Combine(folder, script), overwrite: true);
        return await Shell.Run("node", [Path.Combine(folder, script), .. arguments], Quietly, Patience);
    }

    private static string Source => Path.Combine(Checkout.Root, "tests/Fleet.EndToEnd.Tests/Models/Clients");

    /// <summary>What the lock file names.</summary>
    private static async Task<string> Install(ModelFleet fleet)
    {
        var folder = Path.Combine(fleet.Home.Path, "scratch", "stock-clients");
        if (Directory.Exists(Path.Combine(folder, "node_modules")))
            return folder;
        Directory.CreateDirectory(folder);
        foreach (var name in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(Source, name), Path.Combine(folder, name), overwrite: true);
        await Shell.Run("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"], Quietly, Patience);
        return folder;
    }
}
