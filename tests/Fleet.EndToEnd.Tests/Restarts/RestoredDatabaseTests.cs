using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>
/// A backup of the database that was made under load, restored by the commands of the document, with a broker that knows nothing.
/// </summary>
[Collection(TwoDoors.Name)]
public sealed class RestoredDatabaseTests(TwoDoors fleet)
{
    private const string Freeze = "/v1/freezes/backup";

    [Fact]
    public async Task What_was_accepted_before_the_backup_ends_and_nothing_runs_twice_under_one_number()
    {
        var commands = Readme.CommandsBelow("compose/README.md", "## Backup and restore");
        commands.Count.ShouldBe(2, "one to back up, one to restore");
        var backup = new Dictionary<string, string> { ["BACKUP"] = fleet.Home.NewFile() };
        try
        {
            var before = new Ledger(fleet);
            await fleet.Client.Ask<JsonElement>(
                HttpStatusCode.OK, HttpMethod.Put, Freeze, FleetJson.Write(new { kinds = new[] { "command" }, reason = "soon" }));
            await before.Submit(200);
            using var begun = await fleet.Client.Send(HttpMethod.Delete, Freeze); // all of it waits, however slow the machine is
            var meanwhile = new Ledger(fleet);
            var submitting = meanwhile.Submit(100);
            var seen = before.Effects.Length;
            await fleet.Scripts.Type(commands[0], backup);
            await submitting;
            await Eventually.True(() => before.Effects.Length > seen + 100, "work goes on that the backup does not know of");
            await fleet.Scripts.Type($"{commands[0].Split("pg_dump")[0]}\n{commands[1]}", backup);

            await fleet.Client.AllEnd(before.Run, before.Accepted.Count);
            var jobs = await fleet.Client.Walk($"label=run={before.Run}");
            jobs.Select(job => job.JobId).ShouldBe(before.Accepted.Keys, ignoreOrder: true);
            jobs.Where(job => job.State != "succeeded").Select(job => $"{job.JobId} {job.State} {job.Attempt} {job.Error}")
                .ShouldBeEmpty();
            Repeated(before.Effects).ShouldBeEmpty("an attempt ran twice");
            var repeated = Repeated(before.Effects.Select(line => line.Split(' ')[0]));
            repeated.ShouldNotBeEmpty("what ran behind the backup's back ran again");
            jobs.Where(job => repeated.Contains(job.JobId)).ShouldAllBe(job => job.Attempt > 100);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    private static HashSet<string> Repeated(IEnumerable<string> lines) =>
        [.. lines.GroupBy(line => line).Where(same => same.Count() > 1).Select(same => same.Key)];
}
