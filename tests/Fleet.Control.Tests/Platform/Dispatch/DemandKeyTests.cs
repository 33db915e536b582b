using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>The demands of work as one text, there and back.</summary>
public sealed class DemandKeyTests
{
    [Fact]
    public void Demands_come_back_as_they_were()
    {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var agent = random.Next(2) == 0 ? null : Text(random);
            var labels = new Dictionary<string, string>();
            for (var count = random.Next(5); count > 0; count--)
                labels["l" + Text(random)] = Text(random); // a label without a name is refused
            var lane = DemandKey.Read(DemandKey.Of("kind", "command", agent, labels));
            (lane.Kind, lane.Capability, lane.Agent).ShouldBe(("kind", "command", agent));
            lane.Labels.OrderBy(label => label.Key).ShouldBe(labels.OrderBy(label => label.Key));
        }
    }

    [Fact]
    public void The_same_demands_are_one_lane_in_whatever_order_they_are_written() =>
        DemandKey.Of("noop", "noop", "a", new Dictionary<string, string> { ["x"] = "1", ["b"] = "2", ["B"] = "3" }).ShouldBe(
            DemandKey.Of("noop", "noop", "a", new Dictionary<string, string> { ["B"] = "3", ["b"] = "2", ["x"] = "1" }));

    [Fact]
    public void Other_demands_are_another_lane()
    {
        string[] keys =
        [
            Of("noop", null), Of("command", null), Of("noop", "null"), Of("noop", ""), Of("noop", "a"), Of("noop", "a", ("b", "c")),
            Of("noop", null, ("b", "c")), Of("noop", null, ("b", "c\",\"d\",\"e")), Of("noop", null, ("b", "c"), ("d", "e")),
            Of("noop", null, ("b", ""), ("c", "d")), Of("noop", null, ("b", "d"), ("c", "")),
        ];
        keys.Distinct().Count().ShouldBe(keys.Length);
    }

    [Fact]
    public void A_lane_takes_agents_by_name_and_by_every_label()
    {
        var agent = new ReadyAgent(
            "worker-1", Guid.Empty, new Dictionary<string, int>(), new Dictionary<string, string> { ["gpu"] = "yes", ["os"] = "linux" });
        Accepts("worker-1").ShouldBeTrue();
        Accepts("worker-10").ShouldBeFalse();
        Accepts(null).ShouldBeTrue();
        Accepts(null, ("gpu", "yes")).ShouldBeTrue();
        Accepts(null, ("gpu", "yes"), ("os", "linux")).ShouldBeTrue();
        Accepts(null, ("gpu", "Yes")).ShouldBeFalse();
        Accepts(null, ("gpu", "yes"), ("ram", "much")).ShouldBeFalse();
        Accepts("worker-1", ("os", "windows")).ShouldBeFalse();

        bool Accepts(string? name, params (string Name, string Value)[] labels) =>
            DemandKey.Read(Of("noop", name, labels)).Accepts(agent);
    }

    private static string Of(string capability, string? agent, params (string Name, string Value)[] labels) =>
        DemandKey.Of("kind", capability, agent, labels.ToDictionary(label => label.Name, label => label.Value));

    private static string Text(Random random)
    {
        const string letters = "ab \"\\[],:{}'\0\n\té漢\u2028😀%_$";
        var text = new System.Text.StringBuilder();
        for (var count = random.Next(6); count > 0; count--)
        {
            var at = random.Next(letters.Length);
            text.Append(char.IsSurrogate(letters[at]) ? "😀" : letters[at].ToString());
        }

        return text.ToString();
    }
}
