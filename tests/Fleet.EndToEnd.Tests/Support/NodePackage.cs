namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Scripts with the packages that they use, as these are published. Needs node and npm.</summary>
/// <param name="home">Of the fleet in whose scratch folder they are installed.</param>
/// <param name="folder">Where scripts, package.json and package-lock.json lie, beneath this project.</param>
internal sealed class NodePackage(FleetHome home, string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> Quietly = new()
    {
        ["NO_UPDATE_NOTIFIER"] = "1",
        ["NO_PROXY"] = "127.0.0.1,localhost",
    };

    private readonly string _source = Path.Combine(Checkout.Root, "tests/Fleet.EndToEnd.Tests", folder);
    private readonly string _installed = Path.Combine(home.Path, "scratch", folder.Replace('/', '-'));

    /// <summary>What the script printed.</summary>
    public Task<string> Run(string script, params string[] arguments) => Run(script, [], arguments);

    /// <param name="others">Files beside the script that it needs.</param>
    public async Task<string> Run(string script, IEnumerable<string> others, params string[] arguments)
    {
        await Install();
        foreach (var name in others.Append(script))
            File.Copy(Path.Combine(_source, name), Path.Combine(_installed, name), overwrite: true);
        return await Shell.Run("node", [Path.Combine(_installed, script), .. arguments], Quietly, Patience);
    }

    /// <summary>A file of one of the packages.</summary>
    /// <param name="path">As <c>axe-core/axe.min.js</c>.</param>
    public async Task<string> Read(string path)
    {
        await Install();
        return await File.ReadAllTextAsync(Path.Combine(_installed, "node_modules", path));
    }

    /// <summary>What the lock file names.</summary>
    private async Task Install()
    {
        if (Directory.Exists(Path.Combine(_installed, "node_modules")))
            return;
        Directory.CreateDirectory(_installed);
        foreach (var name in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(_source, name), Path.Combine(_installed, name), overwrite: true);
        await Shell.Run(
            "npm", ["ci", "--prefix", _installed, "--ignore-scripts", "--no-audit", "--no-fund"], Quietly, Patience);
    }
}
