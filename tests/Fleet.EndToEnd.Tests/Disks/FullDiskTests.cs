using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Disks;

/// <summary>Disks that fill while work comes in, and are freed again.</summary>
[Collection(SmallDisks.Name)]
public sealed class FullDiskTests(SmallDisks fleet)
{
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(SmallDisks.RabbitMq, 100_000_000, "The broker takes no messages: its disk has")]
    [InlineData(SmallDisks.Postgres, 0, "database")]
    public async Task A_full_disk_is_told_soon_and_what_was_accepted_ends_when_there_is_room_again(string server, long leaving, string why)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        var ledger = new Ledger(fleet);
        await ledger.Submit(100);
        var submitting = Task.CompletedTask;
        try
        {
            submitting = ledger.Submit(400);
            await fleet.Fill(server, leaving);
            var since = TimeProvider.System.GetTimestamp();
            await Eventually.True(
                async () => await Unready() is { } said && said.Contains(why, StringComparison.OrdinalIgnoreCase), $"ready says no: {why}");
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Notice);
        }
        finally
        {
            fleet.Free(server);
            await fleet.Heal(); // a database that could write nothing has ended
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
