using System.Globalization;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>Who holds which slot, as the process that dispatches knows it.</summary>
public sealed class SlotLedgerTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly SlotLedger _slots = TestSlots.New();

    [Fact]
    public void Nothing_is_free_before_the_first_look()
    {
        _slots.RoomFor(Lane()).ShouldBe(0);
        Take().ShouldBeNull();
    }

    [Fact]
    public void The_agent_with_the_most_room_comes_first()
    {
        See([Agent("a", 3), Agent("b", 5), Agent("c", 4)], Held("b", 3));
        Enumerable.Range(0, 10).Select(_ => Take()).ShouldBe(["c", "a", "c", "a", "b", "c", "a", "b", "c", null]);
    }

    [Fact]
    public void An_agent_that_does_not_come_into_question_gets_nothing()
    {
        See([Agent("a", 9), Agent("b", 1)]);
        Enumerable.Range(0, 2).Select(_ => _slots.Take(Lane(), Guid.NewGuid(), not: "a")?.Name).ShouldBe(["b", null]);
    }

    [Fact]
    public void An_agent_that_has_too_much_gets_nothing()
    {
        See([Agent("a", 2)], Held("a", 5));
        _slots.RoomFor(Lane()).ShouldBe(0);
        Take().ShouldBeNull();
    }

    [Fact]
    public void An_overfull_agent_takes_no_room_from_others()
    {
        See([Agent("a", 2), Agent("b", 3)], Held("a", 9));
        _slots.RoomFor(Lane()).ShouldBe(3);
    }

    [Fact]
    public void A_capability_that_an_agent_does_not_have_is_no_room()
    {
        See([Agent("a", 2)]);
        _slots.RoomFor(Lane("inference")).ShouldBe(0);
        _slots.Take(Lane("inference"), Guid.NewGuid()).ShouldBeNull();
    }

    [Fact]
    public void Slots_of_agents_that_are_away_count_for_nothing()
    {
        See([Agent("a", 2)], Held("gone", 7));
        _slots.RoomFor(Lane()).ShouldBe(2);
    }

    [Fact]
    public void One_round_is_bounded()
    {
        See([Agent("a", 10_000)]);
        _slots.RoomFor(Lane()).ShouldBe(1000);
    }

    [Fact]
    public void Behind_a_key_there_is_room_where_its_own_work_has_the_slots()
    {
        var key = Guid.NewGuid();
        var own = new HeldSlot(Guid.NewGuid(), "a", "noop", new WorkKeys(Guid.Empty, key, Limit: 9));
        Behind([Agent("a", 1)]).ShouldBeTrue();
        Behind([Agent("a", 1)], own).ShouldBeTrue();
        Behind([Agent("a", 1)], Held("a", 1)).ShouldBeFalse("work of another key has it");
        Behind([Agent("a", 1)], [own, .. Held("a", 1)]).ShouldBeFalse("it has more than it offers");
        Behind([Agent("a", 2)], [own, .. Held("a", 1)]).ShouldBeTrue();
        Behind([Agent("a", 1), Agent("b", 1)], Held("a", 1)).ShouldBeTrue();
        Behind([], own).ShouldBeFalse();

        bool Behind(ReadyAgent[] agents, params HeldSlot[] held)
        {
            See(agents, held);
            return _slots.HasRoomBehind(key, Lane());
        }
    }

    [Fact]
    public void A_slot_that_is_given_back_can_be_taken_again()
    {
        See([Agent("a", 1)]);
        var id = Guid.NewGuid();
        _slots.Take(Lane(), id)!.Name.ShouldBe("a");
        Take().ShouldBeNull();
        _slots.Committed(id, new HeldSlot(id, "a", "noop"));
        Take().ShouldBeNull();
        _slots.Committed(id, null);
        Take().ShouldBe("a");
    }

    [Fact]
    public void The_same_work_holds_one_slot_however_often_it_is_said()
    {
        See([Agent("a", 2), Agent("b", 1)]);
        var id = Guid.NewGuid();
        for (var i = 0; i < 3; i++)
            _slots.Take(Lane(), id);
        _slots.Committed(id, new HeldSlot(id, "b", "noop"));
        _slots.Committed(id, new HeldSlot(id, "b", "noop"));
        _slots.RoomFor(Lane()).ShouldBe(2);
        _slots.Committed(id, null);
        _slots.Committed(id, null);
        _slots.RoomFor(Lane()).ShouldBe(3);
    }

    [Fact]
    public void What_was_committed_while_the_database_was_asked_counts()
    {
        See([Agent("a", 3)]);
        var (taken, given) = (Guid.NewGuid(), Guid.NewGuid());
        var since = _slots.Now;
        _slots.Committed(taken, new HeldSlot(taken, "a", "noop"));
        _slots.Committed(given, null);
        _slots.Refresh(since, [Agent("a", 3)], [new HeldSlot(given, "a", "noop")]);
        _slots.RoomFor(Lane()).ShouldBe(2);
    }

    [Fact]
    public void What_was_committed_before_the_database_was_asked_is_known_from_there()
    {
        See([Agent("a", 3)]);
        _slots.Committed(Guid.NewGuid(), new HeldSlot(Guid.NewGuid(), "a", "noop"));
        _slots.Refresh(_slots.Now, [Agent("a", 3)], []);
        _slots.RoomFor(Lane()).ShouldBe(3);
    }

    [Fact]
    public void What_is_taken_and_not_yet_committed_outlives_a_look()
    {
        See([Agent("a", 1)]);
        var id = Guid.NewGuid();
        _slots.Take(Lane(), id).ShouldNotBeNull();
        See([Agent("a", 1)]); // the database does not know of it yet
        Take().ShouldBeNull();
        _slots.Committed(id, null);
        Take().ShouldBe("a");
    }

    [Fact]
    public void Work_does_not_overtake_what_waits_for_the_same_capability()
    {
        See([Agent("a", 1)]);
        _slots.WouldOvertake(Lane()).ShouldBeFalse();
        _slots.HasWaiting.ShouldBeFalse();
        _slots.Waits(Lane());
        _slots.HasWaiting.ShouldBeTrue();
        _slots.WouldOvertake(Lane()).ShouldBeTrue();
        _slots.WouldOvertake(Lane("inference")).ShouldBeFalse();
        See([Agent("a", 1)]);
        _slots.WouldOvertake(Lane()).ShouldBeFalse();
    }

    [Fact]
    public void A_process_that_does_not_dispatch_knows_of_no_slot()
    {
        See([Agent("a", 1)]);
        _slots.Waits(Lane());
        _slots.Clear();
        _slots.RoomFor(Lane()).ShouldBe(0);
        _slots.HasWaiting.ShouldBeFalse();
    }

    [Fact]
    public void A_slot_that_comes_free_concerns_those_who_wait_for_its_capability()
    {
        See([Agent("a", 2)]);
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        _slots.Committed(one, new HeldSlot(one, "a", "noop")).ShouldBeFalse();
        _slots.Committed(other, new HeldSlot(other, "a", "noop")).ShouldBeFalse();
        _slots.Waits(Lane("inference"));
        _slots.Committed(one, null).ShouldBeFalse();
        _slots.Waits(Lane());
        _slots.Committed(other, null).ShouldBeTrue();
        _slots.Committed(Guid.NewGuid(), null).ShouldBeTrue("nobody knows what it was");
    }

    [Fact]
    public void What_is_asked_about_each_piece_of_work_allocates_nothing()
    {
        See([Agent("a", 1)]);
        _slots.Waits(Lane("inference"));
        var (lane, keys) = (Lane(), new WorkKeys(Guid.NewGuid(), Guid.NewGuid(), Limit: 1, Guid.NewGuid()));
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Ask();
        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);

        void Ask()
        {
            _slots.HasRoom(keys);
            _slots.HeldBy("noop", keys.Share);
            _slots.WouldOvertake(lane);
        }
    }

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
                Zone(random))).ToArray();
            var held = agents.SelectMany(agent => agent.Slots.Keys.SelectMany(capability => Enumerable
                .Range(0, random.Next(4)).Select(_ => new HeldSlot(Guid.NewGuid(), agent.Name, capability)))).ToList();
            var left = agents.SelectMany(agent => agent.Slots.Select(slot => (agent.Name, slot.Key, slot.Value))).ToDictionary(
                slot => (slot.Name, slot.Key),
                slot => slot.Value - held.Count(one => (one.Agent, one.Capability) == (slot.Name, slot.Key)));
            var slots = TestSlots.New();
            slots.Refresh(slots.Now, agents, held);
            for (var i = 0; i < 60; i++)
            {
                if (held.Count > 0 && random.Next(4) == 0)
                {
                    var gone = held[random.Next(held.Count)];
                    held.Remove(gone);
                    left[(gone.Agent, gone.Capability)]++;
                    slots.Committed(gone.Id, null);
                }

                var lane = new DemandClass(
                    "",
                    "",
                    capabilities[random.Next(2)],
                    random.Next(3) == 0 ? $"agent-{random.Next(6)}" : null,
                    random.Next(2) == 0 ? Nothing : Zone(random));
                var fitting = agents.Where(lane.Accepts).Where(agent => Left(agent) > 0).ToList();
                slots.RoomFor(lane).ShouldBe(fitting.Sum(Left));
                var id = Guid.NewGuid();
                var taken = slots.Take(lane, id);
                if (taken is null)
                {
                    fitting.ShouldBeEmpty();
                    continue;
                }

                fitting.ShouldContain(taken);
                Left(taken).ShouldBe(fitting.Max(Left));
                left[(taken.Name, lane.Capability)]--;
                held.Add(new HeldSlot(id, taken.Name, lane.Capability));

                int Left(ReadyAgent agent) => left.GetValueOrDefault((agent.Name, lane.Capability));
            }
        }
    }

    private static Dictionary<string, string> Zone(Random random) =>
        new() { ["zone"] = random.Next(2).ToString(CultureInfo.InvariantCulture) };

    private static ReadyAgent Agent(string name, int slots) =>
        new(name, Guid.Empty, new Dictionary<string, int> { ["noop"] = slots }, Nothing);

    private static DemandClass Lane(string capability = "noop") => new(capability, capability, capability, null, Nothing);

    private static HeldSlot[] Held(string agent, int slots) =>
        [.. Enumerable.Range(0, slots).Select(_ => new HeldSlot(Guid.NewGuid(), agent, "noop"))];

    private void See(ReadyAgent[] agents, params HeldSlot[] held) => _slots.Refresh(_slots.Now, agents, held);

    private string? Take() => _slots.Take(Lane(), Guid.NewGuid())?.Name;
}
