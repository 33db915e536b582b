using System.Text.Json;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Model calls as clients may write them, and what is said about others.</summary>
public sealed class InferenceRulesTests
{
    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"operation":"chat","model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{}}}]},{"role":"tool","content":"1","tool_name":"f"}],"tools":[],"format":{"type":"object"},"options":{"seed":1},"think":"high","keep_alive":-1}""")]
    [InlineData("""{"operation":"generate","model":"m","prompt":"","suffix":"s","images":["aGk="],"format":"json","think":false,"keep_alive":"5m"}""")]
    [InlineData("""{"operation":"embed","model":"m","input":"x","dimensions":3,"truncate":false}""")]
    [InlineData("""{"operation":"embed","model":"m","input":["x","y"],"options":null}""")]
    public void What_Ollama_takes_is_taken(string call) => Wrong(call).ShouldBeEmpty();

    [Theory]
    [InlineData("""{}""", "model messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":[null,{"role":"robot","content":"x"},{"role":"user"}]}""", "messages[0] messages[1].role messages[2].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x","images":["no base64!"]}]}""", "messages[0].images")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x","tool_calls":[{"name":"f"}]}]}""", "messages[0].tool_calls")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"prompt":"y","input":"z"}""", "prompt input")]
    [InlineData("""{"operation":"sing","model":"m"}""", "operation")]
    [InlineData("""{"operation":"generate","model":"m","messages":[{"role":"user","content":"x"}]}""", "messages prompt")]
    [InlineData("""{"operation":"embed","model":"m"}""", "input")]
    [InlineData("""{"operation":"embed","model":"m","input":[1]}""", "input")]
    [InlineData("""{"operation":"embed","model":"m","input":"x","dimensions":0,"think":true}""", "think dimensions")]
    [InlineData("""{"operation":"generate","model":"m","prompt":"x","options":[],"format":1,"think":3,"keep_alive":true}""", "format options think keep_alive")]
    public void What_is_wrong_is_named(string call, string fields) =>
        Wrong(call).ShouldBe(fields.Split(' ').Select(field => "inference." + field), ignoreOrder: true);

    [Fact]
    public void The_section_and_the_kind_belong_together()
    {
        Wrong(new JobRequest { Kind = "inference" }).ShouldBe(["inference"]);
        Wrong(new JobRequest { Kind = "noop", Inference = new InferenceRequest { Model = "m" } }).ShouldBe(["inference"]);
    }

    [Fact]
    public void Texts_and_images_are_bounded()
    {
        Wrong(new JobRequest
        {
            Kind = "inference",
            Inference = new InferenceRequest { Operation = "generate", Model = "m", Prompt = new string('x', 2 * 1024 * 1024 + 1) },
        }).ShouldBe(["inference"]);
        Wrong(new JobRequest
        {
            Kind = "inference",
            Inference = new InferenceRequest { Operation = "generate", Model = new string('m', 201), Prompt = "" },
        }).ShouldBe(["inference.model"]);
    }

    [Fact]
    public void A_model_call_has_three_attempts_where_nothing_else_is_asked_for()
    {
        var call = """{"kind":"inference","inference":{"model":"m","messages":[{"role":"user","content":"x"}]}}""";
        Attempts(call).ShouldBe(3);
        Attempts(call[..^1] + ""","max_attempts":1}""").ShouldBe(1);
        Attempts("""{"kind":"noop"}""").ShouldBe(1);

        static int Attempts(string json) => new JobRequests(TestKinds.New()).Read(
            new OneOrMany<JobRequest>([JsonSerializer.Deserialize<JobRequest>(json, FleetJson.Requests)!], false),
            "default",
            TimeProvider.System.GetUtcNow()).Single().MaxAttempts;
    }

    private static List<string> Wrong(string call) => Wrong(new JobRequest
    {
        Kind = "inference",
        Inference = JsonSerializer.Deserialize<InferenceRequest>(call, FleetJson.Requests),
    });

    private static List<string> Wrong(JobRequest job)
    {
        var rules = new JobRules("", TestKinds.Names, TimeProvider.System.GetUtcNow());
        rules.Check(job);
        return [.. rules.Wrong.Keys];
    }
}
