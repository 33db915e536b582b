using Fleet.EchoModel;

namespace Fleet.EndToEnd.Tests.Chat;

/// <summary>Whatever dies while an answer comes, the turn ends as something, and its stream once.</summary>
[Collection(ChatFleet.Name)]
public sealed class PaliadCrashTests(ChatFleet fleet)
{
    private const int Words = 60;

    [Theory]
    [InlineData("worker-1")]
    [InlineData("control-1")]
    [InlineData("edge-1")]
    [InlineData("rabbitmq")]
    [InlineData("postgres")]
    [InlineData("upstream")]
    public async Task A_turn_ends_once_when_something_is_killed_in_the_middle_of_its_answer(string process)
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 100, Words: Words), ChatFleet.Persona);
        try
        {
            var paliad = fleet.Paliad;
            var turn = await paliad.Ask("tell me", $"killed-{process}");
            var contents = 0;
            var events = await paliad.Follow(turn, async happened =>
            {
                if (happened.Type == "content" && ++contents == 5)
                    await Kill(process);
            });
            events.Select(one => one.Id).ShouldBe(events.Select(one => one.Id).Distinct().Order());
            events.Count(PaliadClient.IsTerminal).ShouldBe(1);
            var row = await paliad.Recover(turn);
            row.GetProperty("recovery_state").GetString().ShouldBeOneOf("recovered", "lost");
            if (events[^1].Type == "end")
                row.GetProperty("response").GetString().ShouldBe(PaliadClient.TextOf(events));
            (await paliad.Rest(turn, after: null)).Select(one => (one.Id, one.Type)).ShouldBe(events.Select(one => (one.Id, one.Type)));
            (await paliad.Rest(turn, events[^1].Id)).ShouldBeEmpty();
        }
        finally
        {
            fleet.Echo.Script.Clear();
            await fleet.Heal();
        }
    }

    private async Task Kill(string process)
    {
        if (process == "upstream")
        {
            await fleet.Echo.Down();
            await fleet.Echo.Up();
            return;
        }

        await fleet.Scripts.Kill(process);
        await fleet.Scripts.Restart(process);
    }
}
