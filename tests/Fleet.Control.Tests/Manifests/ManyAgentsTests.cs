using System.Net.Http.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

public sealed class ManyAgentsTests(PatientFleet fleet) : IClassFixture<PatientFleet>
{
    private const int Many = 200;
    private const int AtOnce = 20;

    [Fact]
    public async Task Counts_are_exact_whatever_is_told_twice_and_whichever_Control_goes()
    {
        using var second = await fleet.Control(("Manifests:RolloutSeconds", "0.1"), PatientFleet.Lease);
        var agents = new List<TestAgent>();
        while (agents.Count < Many)
            agents.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => fleet.NewName()).ToList().Select(name => fleet.Agent(name, "many"))));
        await Task.WhenAll(agents.Select(agent => agent.Beat()));
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "many"));
        foreach (var group in (string[])["first", "again"]) // half of them are in both, and run once
        {
            using var put = await fleet.Http.PutAsJsonAsync(
                $"/v1/groups/{group}", new { agents = agents.Take(Many / 2).Select(agent => agent.Name) });
            await put.Json(200);
        }

        var wanted = new
        {
            manifest = "many",
            target = new { labels = new { pool = "many" }, groups = new[] { "first", "again" } },
            waves = new object[] { new { group = "first" }, new { share = 0.25 } },
        };
        var confirm = (await fleet.Tell("/v1/executions?dry_run=true", 200, wanted)).GetProperty("confirm").GetString();
        var execution = (await fleet.Tell("/v1/executions", 202, new { wanted.manifest, wanted.target, wanted.waves, confirm }, second))
            .GetProperty("execution_id").GetString()!;
        var runs = await Task.WhenAll(agents.Select(ManifestFleet.Begin));
        var leaving = fleet.StopLast();
        await Task.WhenAll(agents.Zip(runs).Select(async (one, number) =>
        {
            var (agent, run) = one;
            var end = new AttemptReport(
                run.WorkId, JobKinds.Command, run.Attempt, Output: [new OutputChunk("stdout", "done\n"u8.ToArray())],
                Finished: number % 4 == 0
                    ? new AttemptResult(AttemptOutcome.Failed, 9, ErrorCode: AttemptErrors.Failed, ErrorMessage: "exit code 9")
                    : new AttemptResult(AttemptOutcome.Succeeded, 0));
            await agent.Report(end);
            await agent.Report(end);
        }));
        await leaving;
        await fleet.Until(execution, $"0 0 {Many * 3 / 4} {Many / 4} 0");
        (await fleet.State(execution)).ShouldBe("completed");
        agents.Sum(agent => agent.Runs.Count).ShouldBe(0);
        var rows = await fleet.Get("/v1/results?manifest=^many$&limit=200");
        rows.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("agent").GetString()).Distinct().Count().ShouldBe(Many);
        rows.GetProperty("items").GetArrayLength().ShouldBe(Many);
        foreach (var agent in agents)
            await agent.DisposeAsync();
    }
}
