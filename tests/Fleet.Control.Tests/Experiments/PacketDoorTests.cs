using System.Net;
using System.Net.WebSockets;
using System.Text;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Tests.Experiments;

/// <summary>The door of the binary socket: who may come in, what is answered to nonsense, and in which order.</summary>
public sealed class PacketDoorTests(PacketFleet fleet) : IClassFixture<PacketFleet>
{
    [Fact]
    public async Task A_key_is_looked_at_before_scopes_and_scopes_before_the_body()
    {
        await using var client = await fleet.Client("jobs:read");
        var status = await client.Data("status", Opcode.Status);
        (status.GetProperty("status").GetString(), status.GetProperty("authenticated").GetBoolean()).ShouldBe(("ok", true));
        status.GetProperty("authenticated_user").GetString().ShouldBe("researcher");
        status.GetProperty("queue_length").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        (await client.Error(Opcode.CancelJob, (byte)0)).ShouldBe((PacketError.PermissionDenied, "permission denied", "jobs:update"));
        client.Use("fleet_" + new string('x', 43));
        (await client.Error(Opcode.Status)).ShouldBe((PacketError.AuthenticationFailed, "authentication failed", ""));
        (await client.Error(Opcode.Status, (byte)1)).Code.ShouldBe(PacketError.AuthenticationFailed);
    }

    [Fact]
    public async Task A_key_that_is_revoked_opens_nothing_any_more()
    {
        using var made = await fleet.Http.PostAsync(
            "/v1/api-keys", new StringContent("""{"name":"gone","scopes":["jobs:read"]}""", Encoding.UTF8, "application/json"));
        var key = await made.Json(201);
        await using var client = await PacketClient.Connect(fleet.Address, key.GetProperty("key").GetString()!);
        await client.Data("status", Opcode.Status);
        (await fleet.Http.DeleteAsync($"/v1/api-keys/{key.GetProperty("key_id").GetString()}")).EnsureSuccessStatusCode();
        await Eventually.True(
            async () => (await client.Ask(Opcode.Status)).Type == PacketType.Error, "the revoked key opens nothing");
    }

    [Fact]
    public async Task Every_opcode_asks_for_its_scope()
    {
        await using var client = await fleet.Client("webhooks:read");
        foreach (var operation in PacketTable.All)
            (await client.Error(operation.Opcode)).ShouldBe((PacketError.PermissionDenied, "permission denied", operation.Permission));
    }

    [Fact]
    public void Every_opcode_has_somebody_who_answers_it() =>
        fleet.Services.GetRequiredService<PacketDispatcher>().Handled.ShouldBe(
            PacketTable.All.Select(operation => operation.Opcode), ignoreOrder: true);

    [Fact]
    public async Task Nonsense_is_answered_with_an_error_each_and_the_connection_lives()
    {
        await using var client = await fleet.Client();
        foreach (var length in (int[])[0, 1, 16])
        {
            await client.SendRaw(new byte[length]);
            (await client.Receive()).Error().ShouldBe((PacketError.InvalidRequest, "payload too short", ""));
        }

        await client.SendRaw([0x05, .. new byte[16]]);
        (await client.Receive()).Error().ShouldBe((PacketError.InvalidRequest, "unknown opcode", "0x05"));
        await client.SendRaw(Encoding.UTF8.GetBytes(new string('t', 100_000)), WebSocketMessageType.Text);
        await client.SendRaw([], WebSocketMessageType.Text);
        (await client.Error(Opcode.Status, (byte)1)).ShouldBe((PacketError.InvalidRequest, "trailing bytes", "1"));
        await client.SendRaw(new byte[1_000_000]);
        (await client.Receive()).Error().Message.ShouldBe("payload too long");

        var request = client.Request(Opcode.Status);
        for (var i = 0; i < request.Length; i++)
            await client.SendRaw([request[i]], end: i == request.Length - 1);
        (await client.Receive()).Type.ShouldBe(PacketType.Data);
    }

    [Fact]
    public async Task Ten_thousand_random_frames_get_an_error_each()
    {
        await using var client = await fleet.Client();
        var random = new Random(20_261_202);
        var (sent, received) = (Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                var frame = new byte[random.Next(80)];
                random.NextBytes(frame);
                if (frame.Length > 17 && i % 2 == 0)
                    client.Request((Opcode)frame[0]).CopyTo(frame, 0); // the key is right
                await client.SendRaw(frame);
            }
        }), 0);
        for (; received < 10_000; received++)
            (await client.Receive()).Type.ShouldBeOneOf(PacketType.Error, PacketType.Success, PacketType.Data);
        await sent;
        (await client.Data("status", Opcode.Status)).GetProperty("status").GetString().ShouldBe("ok");
        fleet.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_requests_in_flight_are_answered_in_their_order()
    {
        await using var client = await fleet.Client();
        for (var i = 0; i < 500; i++)
        {
            if (i % 3 == 0)
                await client.Send(Opcode.Status);
            else if (i % 3 == 1)
                await client.Send(Opcode.LogMetric, "order", (double)i);
            else
                await client.Send(Opcode.DatasetInfo, $"d{i}");
        }

        for (var i = 0; i < 500; i++)
        {
            var packet = await client.Receive();
            if (i % 3 == 0)
                packet.Text(0).ShouldBe("status");
            else if (i % 3 == 1)
                packet.Success().GetProperty("value").GetDouble().ShouldBe(i);
            else
                packet.Error().Details.ShouldBe($"d{i}");
        }
    }

    [Theory]
    [InlineData("GET", null, 426)]
    [InlineData("POST", null, 426)]
    [InlineData("POST", "websocket", 405)]
    [InlineData("GET", "websocket", 400)]
    public async Task What_is_no_upgrade_is_refused(string method, string? upgrade, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/ws");
        if (upgrade is not null)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.ParseAdd(upgrade);
        }

        using var answer = await fleet.With(null).SendAsync(request);
        answer.StatusCode.ShouldBe((HttpStatusCode)status);
        answer.Headers.GetValues("Sec-WebSocket-Version").ShouldBe(["13"]);
    }

    [Fact]
    public async Task What_is_offered_packed_is_packed_each_message_for_itself()
    {
        await using var client = await PacketClient.Connect(fleet.Address, await fleet.Key(["admin"]), deflate: true);
        for (var i = 0; i < 3; i++)
            await client.Data("status", Opcode.Status);
        using var raw = new HttpRequestMessage(HttpMethod.Get, "/ws");
        raw.Headers.Connection.Add("Upgrade");
        raw.Headers.Upgrade.ParseAdd("websocket");
        raw.Headers.Add("Sec-WebSocket-Version", "13");
        raw.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        raw.Headers.Add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
        using var answer = await fleet.With(null).SendAsync(raw, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.SwitchingProtocols);
        var words = answer.Headers.GetValues("Sec-WebSocket-Extensions").Single().Split(';', StringSplitOptions.TrimEntries);
        words.ShouldBe(["permessage-deflate", "server_no_context_takeover", "client_no_context_takeover"], ignoreOrder: true);
    }

    [Fact]
    public async Task Writes_are_in_the_audit()
    {
        var dataset = $"d{Guid.NewGuid():N}";
        await using var client = await PacketClient.Connect(fleet.Address, await fleet.Key(["datasets:create"], "curator"));
        await client.Success(Opcode.DatasetRegister, dataset, PacketClient.Long("https://data.example/x.csv"));
        (await client.Error(Opcode.DatasetRegister, dataset, PacketClient.Long("https://data.example/x.csv"))).Code
            .ShouldBe(PacketError.AlreadyExists);
        var rows = (await fleet.Get("/v1/audit?key=curator")).GetProperty("items").EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("action").GetString()).ShouldBe(["dataset.register", "dataset.register"]);
        rows.Select(row => row.GetProperty("status").GetInt32()).ShouldBe([400, 200]);
        rows[0].GetProperty("path").GetString().ShouldBe("/ws");
    }
}
