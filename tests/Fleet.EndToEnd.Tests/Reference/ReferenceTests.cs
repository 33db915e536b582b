using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Reference;

/// <summary>The description of the API, as tools of others read it.</summary>
[Collection(OneControl.Name)]
public sealed class ReferenceTests(OneControl fleet)
{
    [Fact]
    public async Task A_linter_finds_no_error_and_a_typed_client_compiles()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        var file = fleet.Home.NewFile() + ".json";
        await File.WriteAllTextAsync(file, await http.GetStringAsync("openapi/v1.json"));
        (await new NodePackage(fleet.Home, "Reference").Run("check.mjs", ["client.ts"], file)).ShouldEndWith("right\n");
    }
}
