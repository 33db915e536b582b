using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>The routes of backups, as a client uses them.</summary>
internal sealed class BackupClient(FleetClient client)
{
    public const string Password = "a-secret-that-nobody-shows";

    public Task<JsonElement> Create(string path, object body) =>
        client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, path, FleetJson.Write(body));

    public async Task<string> Submit(object body, string path = "/v1/backups") =>
        (await client.Ask<JsonElement>(HttpStatusCode.Accepted, HttpMethod.Post, path, FleetJson.Write(body)))
            .GetProperty("backup_id").GetString()!;

    public Task<JsonElement> Show(string id) => client.Get<JsonElement>($"/v1/backups/{id}");

    public Task<JsonElement> Get(string path) => client.Get<JsonElement>(path);

    public async Task<JsonElement> End(string id)
    {
        JsonElement backup = default;
        await Eventually.True(
            async () => (backup = await client.Get<JsonElement>($"/v1/backups/{id}?wait=20")).GetProperty("finished_at").ValueKind
                != JsonValueKind.Null,
            $"backup {id} ends");
        return backup;
    }

    /// <summary>Has to succeed.</summary>
    public async Task<JsonElement> Run(object body, string path = "/v1/backups")
    {
        var backup = await End(await Submit(body, path));
        backup.GetProperty("state").GetString().ShouldBe("succeeded", backup.GetRawText());
        return backup;
    }

    /// <summary>Has to fail, with this code.</summary>
    public async Task<JsonElement> Fail(object body, string code)
    {
        var backup = await End(await Submit(body));
        backup.GetProperty("state").GetString().ShouldBe("failed", backup.GetRawText());
        backup.GetProperty("error").GetProperty("code").GetString().ShouldBe(code, backup.GetRawText());
        return backup;
    }

    public Task Becomes(string id, Func<JsonElement, bool> condition, string what) =>
        Eventually.True(async () => condition(await Show(id)), $"backup {id}: {what}");

    public async Task<List<JsonElement>> Items(string path) =>
        [.. (await client.Get<JsonElement>(path)).GetProperty("items").EnumerateArray()];

    public async Task<byte[]> Bytes(string path)
    {
        using var answer = await client.Send(HttpMethod.Get, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Alerts of this kind about this source group or repository that have not resolved.</summary>
    public async Task<List<JsonElement>> Alerts(string kind, string about) =>
        (await Items($"/v1/alerts?state=open,acknowledged&kind={kind}&limit=200")).FindAll(alert =>
            alert.GetProperty("source_group").GetString() == about || alert.GetProperty("repository").GetString() == about);
}
