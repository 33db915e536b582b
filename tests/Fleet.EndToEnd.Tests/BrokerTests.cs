using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>The broker only carries: what it forgets, and whom it sends away, comes back.</summary>
[Collection(QuickLeases.Name)]
public sealed class BrokerTests(QuickLeases fleet)
{
    [Fact]
    public async Task Everything_accepted_is_done_although_the_broker_lost_all_its_data()
    {
        try
        {
            var ledger = new Ledger(fleet);
            await ledger.Submit(100);
            await fleet.Scripts.Kill("rabbitmq");
            var late = ledger.Submit(40);
            var data = new DirectoryInfo(fleet.Home.In("data", "rabbitmq"));
            var place = data.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? data.FullName;
            Directory.Delete(Path.Combine(place, "mnesia"), recursive: true);
            await fleet.Scripts.Restart("rabbitmq");
            await late;
            await ledger.MustBeKept(fleet.Client);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task Whoever_was_refused_at_the_door_comes_back_by_himself()
    {
        var before = ((string[])["control-1", FleetScripts.Wide, FleetScripts.Narrow]).Select(fleet.Home.Pid).ToList();
        var gate = new Gate(fleet.Home);
        var early = await fleet.Client.Submit(JobDraft.Script(gate.Wait) with { MaxAttempts = 5 });
        await fleet.Client.Becomes(early.JobId, "running");
        var watched = fleet.Client.End(early.JobId);
        try
        {
            await fleet.Rabbit.ChangePasswordOf(FleetScripts.Narrow, "another"); // Control sets it right again
            await fleet.Rabbit.ChangePasswords("another", "another");
            for (var second = 0; second < 4; second++)
            {
                (await fleet.Client.Show(early.JobId)).JobId.ShouldBe(early.JobId, "who asks gets answers meanwhile");
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
        finally
        {
            await fleet.Rabbit.ChangePasswords(fleet.Home.BrokerPassword("control"), fleet.Home.BrokerPassword("admin"));
        }

        gate.Open();
        (await watched).State.ShouldBe("succeeded");
        foreach (var agent in (string[])[FleetScripts.Wide, FleetScripts.Narrow])
            (await fleet.Client.Run(JobDraft.Noop.On(agent))).State.ShouldBe("succeeded");
        var after = ((string[])["control-1", FleetScripts.Wide, FleetScripts.Narrow]).Select(fleet.Home.Pid);
        after.ShouldBe(before, "nobody had to be started again");
        before.ShouldAllBe(pid => ProcFile.IsAlive(pid));
    }

    [Fact]
    public async Task A_broker_without_room_is_told_by_everybody_and_what_is_accepted_goes_on_afterwards()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        try
        {
            await fleet.Scripts.RabbitCtl("set_disk_free_limit", "900000GB");
            await Eventually.True(async () => (await Ready()).Contains("The broker takes no messages: its disk has"), "ready says why");
            var job = await fleet.Client.Submit(JobDraft.Script("echo done"));
            var explained = await fleet.Client.Get<ExplanationView>($"/v1/jobs/{job.JobId}/explain");
            explained.Reasons[0].Code.ShouldBe("broker_blocked");
            await fleet.Scripts.RabbitCtl("set_disk_free_limit", "50MB");
            await Eventually.True(async () => (await Ready()).Contains("\"status\":\"ok\""), "it is ready again");
            (await fleet.Client.End(job.JobId)).State.ShouldBe("succeeded");
        }
        finally
        {
            await fleet.Scripts.RabbitCtl("set_disk_free_limit", "50MB");
            await fleet.Heal();
        }

        async Task<string> Ready() => await (await http.GetAsync("health/ready")).Content.ReadAsStringAsync();
    }
}
