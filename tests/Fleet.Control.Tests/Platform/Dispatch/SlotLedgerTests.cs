using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>The slots of one round.</summary>
public sealed class FreeSlotsTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void The_agent_with_the_most_room_comes_first()
    {
        var slots = new FreeSlots([Agent("a", 3), Agent("b", 5), Agent("c", 4)], Busy(("b", 3)));
        Enumerable.Range(0, 10).Select(_ => slots.Take(Lane())?.Name)
            .ShouldBe(["c", "a", "c", "a", "b", "c", "a", "b", "c", null]);
    }

    [Fact]
    public void An_agent_that_has_too_much_gets_nothing()
    {
        var slots = new FreeSlots([Agent("a", 2)], Busy(("a", 5)));
        slots.RoomFor(Lane()).ShouldBe(0);
        slots.Take(Lane()).ShouldBeNull();
    }

    [Fact]
    public void An_overfull_agent_takes_no_room_from_others() =>
        new FreeSlots([Agent("a", 2), Agent("b", 3)], Busy(("a", 9))).RoomFor(Lane()).ShouldBe(3);

    [Fact]
    public void A_capability_that_an_agent_does_not_have_is_no_room()
    {
        var slots = new FreeSlots([Agent("a", 2)], Busy());
        slots.RoomFor(Lane("inference")).ShouldBe(0);
        slots.Take(Lane("inference")).ShouldBeNull();
    }

    [Fact]
    public void Slots_of_agents_that_are_away_count_for_nothing() =>
        new FreeSlots([Agent("a", 2)], Busy(("gone", 7))).RoomFor(Lane()).ShouldBe(2);

    [Fact]
    public void One_round_is_bounded() => new FreeSlots([Agent("a", 10_000)], Busy()).RoomFor(Lane()).ShouldBe(1000);

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

            var slots = new FreeSlots(agents, busy);
            for (var i = 0; i < 60; i++)
            {
                var lane = new WorkLane(
                    "",
                    capabilities[random.Next(2)],
                    random.Next(3) == 0 ? $"agent-{random.Next(6)}" : null,
                    random.Next(2) == 0 ? Nothing : new Dictionary<string, string> { ["zone"] = random.Next(2).ToString() });
                var fitting = agents.Where(lane.Accepts).Where(agent => Left(agent) > 0).ToList();
                slots.RoomFor(lane).ShouldBe(fitting.Sum(Left));
                var taken = slots.Take(lane);
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

    private static ReadyAgent Agent(string name, int slots) =>
        new(name, Guid.Empty, new Dictionary<string, int> { ["noop"] = slots }, Nothing);

    private static WorkLane Lane(string capability = "noop") => new("", capability, null, Nothing);

    private static Dictionary<(string, string), int> Busy(params (string Agent, int Slots)[] busy) =>
        busy.ToDictionary(one => (one.Agent, "noop"), one => one.Slots);
}
