using System.Text.Json;
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

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_words_and_an_owner()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        using var reference = JsonDocument.Parse(await http.GetStringAsync("openapi/v1.json"));
        var operations = reference.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(one => (Where: $"{one.Name} {path.Name}", Operation: one.Value))).ToList();
        operations.Count.ShouldBeGreaterThan(150);
        operations.Where(one => !one.Operation.TryGetProperty("operationId", out _) || !one.Operation.TryGetProperty("summary", out _)
            || !one.Operation.TryGetProperty("security", out _)).Select(one => one.Where).ShouldBeEmpty();
        operations.GroupBy(one => one.Operation.GetProperty("operationId").GetString()).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => one.Where))}").ShouldBeEmpty();
        operations.SelectMany(one => Parameters(one.Operation).Where(parameter => !parameter.TryGetProperty("description", out _))
            .Select(parameter => $"{one.Where} {parameter.GetProperty("name")}")).ShouldBeEmpty();
        reference.RootElement.GetProperty("tags").EnumerateArray().Where(tag => !tag.TryGetProperty("description", out _))
            .Select(tag => tag.GetProperty("name").GetString()).ShouldBeEmpty();
    }

    private static JsonElement.ArrayEnumerator Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default;
}
