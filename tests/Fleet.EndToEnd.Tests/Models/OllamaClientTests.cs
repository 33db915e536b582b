using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>Ollama's own JavaScript client, as it is published, against the edge. Needs node and npm.</summary>
[Collection(ModelFleet.Name)]
public sealed class OllamaClientTests(ModelFleet fleet)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> Quietly = new()
    {
        ["NO_UPDATE_NOTIFIER"] = "1",
        ["NO_PROXY"] = "127.0.0.1,localhost",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_lists_chats_streams_calls_tools_and_embeds(bool withKey)
    {
        var script = await Install();
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 30), "echo");
        string[] key = withKey ? [fleet.Home.AdminKey] : [];
        var said = await Shell.Run("node", [script, fleet.Scripts.Ports.EdgeUrl.ToString(), .. key], Quietly, Patience);
        fleet.Echo.Script.Clear();
        said.ShouldContain("all is well");
    }

    /// <summary>What the lock file names, beside a copy of the script.</summary>
    private async Task<string> Install()
    {
        var folder = Path.Combine(fleet.Home.Path, "scratch", "ollama-client");
        var script = Path.Combine(folder, "ollama.mjs");
        if (File.Exists(script))
            return script;
        Directory.CreateDirectory(folder);
        var source = Path.Combine(Checkout.Root, "tests/Fleet.EndToEnd.Tests/Models/Clients");
        foreach (var name in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(source, name), Path.Combine(folder, name), overwrite: true);
        await Shell.Run(
            "npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"], Quietly, Patience);
        File.Copy(Path.Combine(source, "ollama.mjs"), script);
        return script;
    }
}
