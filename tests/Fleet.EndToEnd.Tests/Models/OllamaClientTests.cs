using Fleet.EchoModel;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>Ollama's own JavaScript client, as it is published, against the edge.</summary>
[Collection(ModelFleet.Name)]
public sealed class OllamaClientTests(ModelFleet fleet)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_lists_chats_streams_calls_tools_and_embeds(bool withKey)
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 250), "echo");
        string[] key = withKey ? [fleet.Home.AdminKey] : [];
        var said = await StockClients.Run(fleet, "ollama.mjs", [fleet.Scripts.Ports.EdgeUrl.ToString(), .. key]);
        fleet.Echo.Script.Clear();
        said.ShouldContain("all is well");
    }
}
