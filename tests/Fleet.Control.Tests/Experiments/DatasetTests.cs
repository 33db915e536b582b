using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Tests.Experiments;

/// <summary>Datasets, over HTTP and over the binary socket alike.</summary>
public sealed class DatasetTests(PacketFleet fleet) : IClassFixture<PacketFleet>
{
    [Fact]
    public async Task A_dataset_is_registered_once_found_and_counted()
    {
        var name = $"cifar-{Guid.NewGuid():N}";
        await using var client = await fleet.Client();
        (await client.Success(Opcode.DatasetRegister, name, PacketClient.Long("https://data.example/cifar.tgz")))
            .GetRawText().ShouldBe("""{"success":true,"message":"Dataset registered"}""");
        (await client.Error(Opcode.DatasetRegister, name, PacketClient.Long("https://other.example/")))
            .ShouldBe((PacketError.AlreadyExists, "dataset already exists", name));
        using var again = await fleet.Http.PostAsJsonAsync("/v1/datasets", new { name, url = "https://other.example/" });
        await again.Problem(409, "name_taken");

        var commit = Convert.ToHexStringLower(await fleet.Commit());
        await fleet.Submit(new { kind = "experiment", experiment = new { commit, datasets = (string[])[name] } });
        var shown = await client.Data("dataset_info", Opcode.DatasetInfo, name);
        (shown.GetProperty("url").GetString(), shown.GetProperty("uses").GetInt64()).ShouldBe(("https://data.example/cifar.tgz", 1));
        Names(await client.Data("datasets", Opcode.DatasetList)).ShouldContain(name);
        Names(await client.Data("datasets", Opcode.DatasetSearch, name[6..20].ToUpperInvariant())).ShouldBe([name]);
        Names((await fleet.Get($"/v1/datasets?text={name[6..20]}")).GetProperty("items")).ShouldBe([name]);
        (await fleet.Http.DeleteAsync($"/v1/datasets/{name}")).EnsureSuccessStatusCode();
        (await client.Error(Opcode.DatasetInfo, name)).ShouldBe((PacketError.NotFound, "dataset not found", name));
    }

    [Theory]
    [InlineData("""{"name":"../x","url":"https://a.example/"}""", "name")]
    [InlineData("""{"name":"x","url":"file:///etc/passwd"}""", "url")]
    [InlineData("""{"name":"x","url":"https://me:secret@a.example/"}""", "url")]
    [InlineData("""{"name":"x","url":"https://a.example/","sha256":"abc"}""", "sha256")]
    [InlineData("""{"name":"x","url":"https://a.example/","size":-1}""", "size")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var answer = await fleet.Http.PostAsync("/v1/datasets", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Other_tenants_datasets_are_not_there()
    {
        var name = $"d{Guid.NewGuid():N}";
        await using var acme = await PacketClient.Connect(fleet.Address, await fleet.Key(["admin"], tenant: "acme"));
        await acme.Success(Opcode.DatasetRegister, name, PacketClient.Long("https://data.example/"));
        await using var other = await fleet.Client();
        (await other.Error(Opcode.DatasetInfo, name)).Code.ShouldBe(PacketError.NotFound);
        var commit = Convert.ToHexStringLower(await fleet.Commit());
        using var refused = await fleet.Http.PostAsJsonAsync(
            "/v1/jobs", new { kind = "experiment", experiment = new { commit, datasets = (string[])[name] } });
        (await refused.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty("experiment.datasets", out _).ShouldBeTrue();
    }

    private static IEnumerable<string> Names(JsonElement list) =>
        list.EnumerateArray().Select(dataset => dataset.GetProperty("name").GetString()!);
}
