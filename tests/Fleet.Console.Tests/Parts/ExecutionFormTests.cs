using System.Text.Json;
using Fleet.Client;
using Fleet.Client.Manifests;
using Fleet.Console.Parts.Runs;

namespace Fleet.Console.Tests.Parts;

/// <summary>What a form of an execution means.</summary>
public sealed class ExecutionFormTests
{
    [Fact]
    public void Values_have_the_types_of_their_parameters()
    {
        var form = new ExecutionForm { Agents = "web-1, web-2", Waves = "1, 20%, canary", MaxFailures = 2 };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("topic", "disks"), ("depth", "7"), ("share", "0.5"), ("deep", "true")])
            form.Values[name] = value;
        form.TryRead(Report(), out var draft, out var wrong).ShouldBeTrue(wrong);
        JsonSerializer.Serialize(draft, FleetJson.Requests).ShouldBe(
            """{"manifest":"report","target":{"agents":["web-1","web-2"]},"""
            + """ "parameters":{"topic":"disks","depth":7,"share":0.5,"deep":true},"offline":"wait","""[1..]
            + """ "waves":[{"hosts":1},{"share":0.2},{"group":"canary"}],"brakes":{"max_failures":2}}"""[1..]);
    }

    [Theory]
    [InlineData("depth", "deep", "depth is of the type integer")]
    [InlineData("share", "Infinity", "share is of the type number")]
    [InlineData("deep", "yes", "deep is of the type boolean")]
    [InlineData("topic", "", "topic needs a value")]
    public void What_is_no_value_of_its_type_is_said(string name, string value, string words)
    {
        var form = new ExecutionForm { All = true };
        form.Values["topic"] = "disks";
        form.Values[name] = value;
        form.TryRead(Report(), out _, out var wrong).ShouldBeFalse();
        wrong.ShouldContain(words);
    }

    [Theory]
    [InlineData("loss<0.1 loss>=0.01", true)]
    [InlineData("", true)]
    [InlineData("loss", false)]
    [InlineData("<1", false)]
    [InlineData("loss<much", false)]
    public void Bounds_of_metrics_are_read(string text, bool isGood)
    {
        MetricBound.TryRead(text, out var bounds).ShouldBe(isGood);
        if (text.Contains('>', StringComparison.Ordinal))
            bounds!["loss"].ShouldBe(new(0.01, 0.1));
    }

    private static Manifest Report() => JsonSerializer.Deserialize<Manifest>(
        """
        {"name": "report", "parameters": [
          {"name": "topic", "type": "string", "choices": [], "required": true}, {"name": "depth", "type": "integer", "choices": []},
          {"name": "share", "type": "number", "choices": []}, {"name": "deep", "type": "boolean", "choices": []}]}
        """,
        FleetJson.Options)!;
}
