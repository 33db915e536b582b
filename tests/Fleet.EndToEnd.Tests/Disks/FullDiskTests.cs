using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Disks;

/// <summary>The broker's disk fills while work comes in, and is freed again.</summary>
[Collection(SmallDisk.Name)]
public sealed class FullDiskTests(SmallDisk fleet)
{
    private const string Why = "The broker takes no messages: its disk has";

    [Fact]
    public async Task A_full_disk_is_told_soon_and_what_was_accepted_ends_when_there_is_room_again()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        var ledger = new Ledger(fleet);
        await ledger.Submit(100);
        var submitting = Task.CompletedTask;
        try
        {
            submitting = ledger.Submit(400);
            await fleet.Fill();
            await Eventually.True(async () => await Unready() is { } said && said.Contains(Why), "ready says no, and why");
        }
        finally
        {
            fleet.Free();
        }

        await submitting;
        await Eventually.True(async () => await Unready() is null, "it is ready again");
        ledger.Accepted.Count.ShouldBe(500);
        await ledger.MustBeKept(fleet.Client);

        async Task<string?> Unready()
        {
            using var answer = await http.GetAsync("health/ready");
            return answer.StatusCode == HttpStatusCode.OK ? null : await answer.Content.ReadAsStringAsync();
        }
    }
}
