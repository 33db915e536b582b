using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Experiments.Support;

/// <summary>Per test class: a Control with the binary socket, and clients of it.</summary>
public class PacketFleet : TestFleet
{
    public Uri Address => Http.BaseAddress!;

    internal async Task<PacketClient> Client(params string[] scopes) =>
        await PacketClient.Connect(Address, await Key(scopes.Length == 0 ? ["admin"] : scopes));

    public async Task<string> Key(string[] scopes, string name = "researcher", string tenant = "default")
    {
        using var answer = await Http.PostAsJsonAsync("/v1/api-keys", new { name, scopes, tenant });
        return (await answer.Json(201)).GetProperty("key").GetString()!;
    }

    /// <summary>A commit that is stored.</summary>
    internal async Task<byte[]> Commit(byte[]? archive = null)
    {
        var commit = TestArchive.NewCommit();
        using var answer = await Http.Upload(commit, archive ?? TestArchive.Hello);
        await answer.Json(201);
        return Convert.FromHexString(commit);
    }
}
