using Fleet.Contracts.Agents;
using Fleet.Control.Agents;

namespace Fleet.Control.Tests.Agents;

/// <summary>What a registration must look like.</summary>
public sealed class AgentRulesTests
{
    private static readonly AgentRegistration Good = new(
        Guid.NewGuid(), "1.0", "host", "linux", "x64", new Dictionary<string, int> { ["noop"] = 1 }, new Dictionary<string, string>());

    [Theory]
    [InlineData("worker-1")]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("out")]
    [InlineData("a-out-b")]
    [InlineData("123456789-123456789-123456789-123456789-123456789-1234567890")]
    public void A_good_name_is_taken(string name) => AgentRules.Check(name, Good).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("Worker")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("a-out")] // agent-a-out is what the agent called a writes to
    [InlineData("123456789-123456789-123456789-123456789-123456789-12345678901")]
    public void A_bad_name_is_refused(string name) => AgentRules.Check(name, Good).Keys.ShouldBe(["name"]);

    [Fact]
    public void Each_field_has_its_sentence()
    {
        Wrong(Good with { Session = Guid.Empty }).ShouldBe(["session"]);
        Wrong(Good with { Version = null! }).ShouldBe(["version"]);
        Wrong(Good with { Hostname = new string('h', 201) }).ShouldBe(["hostname"]);
        Wrong(Good with { Os = null! }).ShouldBe(["os"]);
        Wrong(Good with { Arch = null! }).ShouldBe(["arch"]);
        Wrong(Good with { Slots = new Dictionary<string, int>() }).ShouldBe(["slots"]);
        Wrong(Good with { Slots = new Dictionary<string, int> { ["noop"] = -1 } }).ShouldBe(["slots"]);
        Wrong(Good with { Slots = new Dictionary<string, int> { ["noop"] = 10_001 } }).ShouldBe(["slots"]);
        Wrong(Good with { Slots = new Dictionary<string, int> { [new string('c', 61)] = 1 } }).ShouldBe(["slots"]);
        Wrong(Good with { Labels = new Dictionary<string, string> { [""] = "x" } }).ShouldBe(["labels"]);
        Wrong(Good with { Labels = new Dictionary<string, string> { ["x"] = null! } }).ShouldBe(["labels"]);
        Wrong(Good with { Labels = new Dictionary<string, string> { ["x"] = new('v', 201) } }).ShouldBe(["labels"]);
        Wrong(Good with { Labels = Enumerable.Range(0, 65).ToDictionary(n => $"{n}", n => "") }).ShouldBe(["labels"]);
    }

    private static Dictionary<string, string[]>.KeyCollection Wrong(AgentRegistration registration) =>
        AgentRules.Check("worker-1", registration).Keys;
}
