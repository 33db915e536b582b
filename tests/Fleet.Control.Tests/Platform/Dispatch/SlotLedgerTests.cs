using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>The slots of one round, and what happens to them until the next.</summary>
public sealed class SlotLedgerTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void The_agent_with_the_most_room_comes_first()
    {
        var slots = Ledger([Agent("a", 3), Agent("b", 5), Agent("c", 4)], Busy(("b", 3)));
        Enumerable.Range(0, 10).Select(_ => slots.Take(Lane(), Guid.NewGuid())?.Name)
            .ShouldBe(["c", "a", "c", "a", "b", "c", "a", "b", "c", null]);
    }

    [Fact]
    public void An_agent_that_has_too_much_gets_nothing()
    {
        var slots = Ledger([Agent("a", 2)], Busy(("a", 5)));
        slots.RoomFor(Lane()).ShouldBe(0);
        slots.Take(Lane(), Guid.NewGuid()).ShouldBeNull();
    }

    [Fact]
    public void An_overfull_agent_takes_no_room_from_others() =>
        Ledger([Agent("a", 2), Agent("b", 3)], Busy(("a", 9))).RoomFor(Lane()).ShouldBe(3);

    [Fact]
    public void A_capability_that_an_agent_does_not_have_is_no_room()
    {
        var slots = Ledger([Agent("a", 2)], Busy());
        slots.RoomFor(Lane("inference")).ShouldBe(0);
        slots.Take(Lane("inference"), Guid.NewGuid()).ShouldBeNull();
    }

    [Fact]
    public void Slots_of_agents_that_are_away_count_for_nothing() =>
        Ledger([Agent("a", 2)], Busy(("gone", 7))).RoomFor(Lane()).ShouldBe(2);

    [Fact]
    public void One_round_is_bounded() => Ledger([Agent("a", 10_000)], Busy()).RoomFor(Lane()).ShouldBe(1000);

    [Fact]
    public void No_agent_ever_gets_more_than_it_has()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            string[] capabilities = ["noop", "command"];
            var agents = Enumerable.Range(0, random.Next(1, 6)).Select(i => new ReadyAgent(
                $"agent-{i}",
                Guid.NewGuid(),
                capabilities.Where(_ => random.Next(3) > 0).ToDictionary(name => name, _ => random.Next(0, 6)),
                new Dictionary<string, string> { ["zone"] = random.Next(2).ToString() })).ToArray();
            var left = agents.SelectMany(agent => agent.Slots.Select(slot => (agent.Name, slot.Key, slot.Value)))
                .ToDictionary(slot => (slot.Name, slot.Key), slot => slot.Value);
            var busy = left.Keys.Where(_ => random.Next(2) == 0).ToDictionary(key => key, _ => random.Next(0, 4));
            foreach (var (key, taken) in busy)
                left[key] -= taken;

            var slots = Ledger(agents, busy);
            for (var i = 0; i < 60; i++)
            {
                var lane = new WorkLane(
                    "",
                    capabilities[random.Next(2)],
                    random.Next(3) == 0 ? $"agent-{random.Next(6)}" : null,
                    random.Next(2) == 0 ? Nothing : new Dictionary<string, string> { ["zone"] = random.Next(2).ToString() });
                var fitting = agents.Where(lane.Accepts).Where(agent => Left(agent) > 0).ToList();
                slots.RoomFor(lane).ShouldBe(fitting.Sum(Left));
                var taken = slots.Take(lane, Guid.NewGuid());
                if (taken is null)
                {
                    fitting.ShouldBeEmpty();
                    continue;
                }

                fitting.ShouldContain(taken);
                Left(taken).ShouldBe(fitting.Max(Left));
                left[(taken.Name, lane.Capability)]--;

                int Left(ReadyAgent agent) => left.GetValueOrDefault((agent.Name, lane.Capability));
            }

            left.Values.Zip(left.Keys).ShouldAllBe(slot => slot.First >= Math.Min(0, -busy.GetValueOrDefault(slot.Second)));
        }
    }

    private static SlotLedger Ledger(IReadOnlyList<ReadyAgent> agents, Dictionary<(string Agent, string Capability), int> busy)
    {
        var slots = new SlotLedger();
        slots.Refresh(slots.Now, agents, busy.SelectMany(one => Enumerable.Range(0, one.Value)
            .Select(_ => new HeldSlot(Guid.NewGuid(), one.Key.Agent, one.Key.Capability))));
        return slots;
    }

    private static ReadyAgent Agent(string name, int slots) =>
        new(name, Guid.Empty, new Dictionary<string, int> { ["noop"] = slots }, Nothing);

    private static WorkLane Lane(string capability = "noop") => new("", capability, null, Nothing);

    private static Dictionary<(string, string), int> Busy(params (string Agent, int Slots)[] busy) =>
        busy.ToDictionary(one => (one.Agent, "noop"), one => one.Slots);
}
