using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Packets;
using static Fleet.Control.Tests.Experiments.Support.PacketClient;

namespace Fleet.Control.Tests.Experiments;

/// <summary>How runs go, where no agent takes any.</summary>
public sealed class PacketPruneTests(PacketFleet fleet) : IClassFixture<PacketFleet>
{
    [Fact]
    public async Task Cancel_and_prune_take_runs_away()
    {
        await using var client = await PacketClient.Connect(fleet.Address, await fleet.Key(["admin"], tenant: "acme"));
        using var http = fleet.With(await fleet.Key(["admin"], tenant: "acme"));
        var commit = TestArchive.NewCommit();
        await (await http.Upload(commit, TestArchive.Hello)).Json(201);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var queued = await client.Success(Opcode.QueueJob, Convert.FromHexString(commit), (byte)5, $"c{i}");
            ids.Add(queued.GetProperty("job_id").GetString()!);
            await client.Success(Opcode.AnnotateRun, ids[i], "", Long("a note"));
            await client.Success(Opcode.LogMetric, Convert.FromHexString(commit), 1U, 1.0, "loss");
            (await client.Success(Opcode.CancelJob, $"c{i}")).GetProperty("job_id").GetString().ShouldBe(ids[i]);
        }

        (await client.Success(Opcode.Prune, (byte)1, 1U)).GetProperty("pruned").GetInt32().ShouldBe(0);
        (await client.Success(Opcode.Prune, (byte)0, 1U)).GetProperty("pruned").GetInt32().ShouldBe(2);
        (await client.Error(Opcode.QueryRun, ids[0])).Code.ShouldBe(PacketError.NotFound);
        (await client.Success(Opcode.QueryRun, ids[2])).GetProperty("job_name").GetString().ShouldBe("c2");
        using var gone = await http.DeleteAsync($"/v1/experiments/{commit}");
        ((int)gone.StatusCode).ShouldBe(204);
        (await client.Error(Opcode.QueryRun, ids[2])).Code.ShouldBe(PacketError.NotFound);
    }
}
