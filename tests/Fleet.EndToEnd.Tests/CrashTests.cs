using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Whatever dies, what was accepted ends once, and nothing is lost.</summary>
public abstract class CrashTests(FleetUnderTest fleet)
{
    private const string Freeze = "/v1/freezes/crash";
    private const int Before = 200;
    private const int Meanwhile = 40;

    [Theory]
    [InlineData("control-1")]
    [InlineData("worker-1")]
    [InlineData("rabbitmq")]
    [InlineData("postgres")]
    public async Task Every_accepted_job_ends_once_when_one_process_is_killed(string process)
    {
        try
        {
            var ledger = await HalfDone();
            await fleet.Scripts.Kill(process);
            var late = ledger.Submit(Meanwhile);
            await fleet.Scripts.Restart(process);
            await late;
            ledger.Accepted.Count.ShouldBe(Before + Meanwhile);
            await ledger.MustBeKept(fleet.Client);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task Every_accepted_job_ends_once_when_all_is_killed_at_once()
    {
        try
        {
            var ledger = await HalfDone();
            await Task.WhenAll(fleet.Home.Processes().Select(fleet.Scripts.Kill));
            var late = ledger.Submit(Meanwhile);
            await fleet.Heal();
            await late;
            await ledger.MustBeKept(fleet.Client);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    /// <summary>Nothing begins until all are there, however long that takes.</summary>
    private Task<JsonElement> Hold() => fleet.Client.Ask<JsonElement>(
        HttpStatusCode.OK, HttpMethod.Put, Freeze, FleetJson.Write(new { kinds = new[] { "command" }, reason = "soon" }));

    /// <summary>Some have ended, all slots are busy, and the rest waits.</summary>
    private async Task<Ledger> HalfDone()
    {
        var ledger = new Ledger(fleet);
        await Hold();
        try
        {
            await ledger.Submit(Before);
        }
        finally
        {
            (await fleet.Client.Send(HttpMethod.Delete, Freeze)).Dispose();
        }

        await Eventually.True(() => ledger.Effects.Length >= FleetScripts.WideSlots, "some jobs ran");
        var queued = await fleet.Client.Walk($"label=run={ledger.Run}&state=queued");
        queued.Count.ShouldBeGreaterThan(0, "too late to disturb anything");
        return ledger;
    }
}

[Collection(OneControl.Name)]
public sealed class CrashWithOneControlTests(OneControl fleet) : CrashTests(fleet);

[Collection(TwoControls.Name)]
public sealed class CrashWithTwoControlsTests(TwoControls fleet) : CrashTests(fleet);
