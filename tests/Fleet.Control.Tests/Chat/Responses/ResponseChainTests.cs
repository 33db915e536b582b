using System.Net.Http.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;
using static Fleet.Control.Tests.Chat.Responses.ResponseCalls;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>Responses over HTTP: what a model is told, alone and after other responses.</summary>
public sealed class ResponseChainTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    private readonly ResponseCalls _calls = new(fleet);

    [Fact]
    public async Task A_response_follows_another_and_branches_where_something_else_follows_already()
    {
        await using var agent = await _calls.Model();
        var first = await _calls.Answered(agent, new { model = agent.Model, input = "one?" }, "1");
        var (second, memory) = await _calls.Told(agent, new { input = "two?", previous_response_id = Id(first) }, "2");
        memory.History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        Conversation(second).ShouldBe(Conversation(first));
        var (other, same) = await _calls.Told(agent, new { input = "other?", previous_response_id = Id(first) }, "3");
        same.History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        Conversation(other).ShouldNotBe(Conversation(first));
        Text(other, "previous_response_id").ShouldBe(Id(first));
        var (_, chain) = await _calls.Told(agent, new { input = "and?", previous_response_id = Id(other) }, "4");
        chain.History!.Select(message => message.Content).ShouldBe(["one?", "1", "other?", "3"]);
        var (named, _) = await _calls.Told(agent, new { model = agent.Model, input = "here?", conversation = Conversation(first) }, "5");
        Conversation(named).ShouldBe(Conversation(first));
    }

    [Fact]
    public async Task A_function_is_called_and_what_it_gave_is_told_with_the_question()
    {
        await using var agent = await _calls.Model();
        var tools = new[] { new { type = "function", name = "look", parameters = new { type = "object" } } };
        var asked = _calls.Ask(new { model = agent.Model, input = "What is there?", tools });
        var (run, spec) = await agent.Begin();
        spec.ToolsJson.ShouldBe("""[{"type":"function","function":{"name":"look","description":"","parameters":{"type":"object"}}}]""");
        await agent.End(run, new TurnResult(
            "", agent.Name, true, ToolCallsJson: """[{"id":"c1","function":{"name":"look","arguments":{"at":1}}}]"""));
        var call = (await asked.Within()).GetProperty("output")[0];
        (Text(call, "type"), Text(call, "call_id"), Text(call, "arguments")).ShouldBe(("function_call", "c1", """{"at":1}"""));
        var output = new { type = "function_call_output", call_id = "c1", output = "a tree" };
        var (said, told) = await _calls.Told(agent, new { input = new[] { output }, previous_response_id = Id(await asked) }, "A tree.");
        Said(said).ShouldBe("A tree.");
        told.Question.Select(message => (message.Role, message.Content, message.ToolName)).ShouldBe(
            [("user", "What is there?", null), ("assistant", "", null), ("tool", "a tree", "look")]);
        var reference = new { type = "item_reference", id = Text(call, "id") };
        var (_, alone) = await _calls.Told(
            agent, new { model = agent.Model, input = new object[] { new { role = "user", content = "Well?" }, reference, output } }, "A tree.");
        alone.Question.Select(message => message.Role).ShouldBe(["user", "assistant", "tool"]);
        alone.Question[1].ToolCallsJson.ShouldBe("""[{"id":"c1","function":{"name":"look","arguments":{"at":1}}}]""");
    }

    [Fact]
    public async Task Two_that_follow_the_same_response_at_once_part_there()
    {
        await using var agent = await _calls.Model();
        var first = await _calls.Answered(agent, new { model = agent.Model, input = "one?" }, "1");
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(number => _calls.Ask(
            new { input = $"{number}?", previous_response_id = Id(first), background = true })));
        foreach (var _ in both)
            (await agent.Answer("2")).History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        both.Count(one => Conversation(one) == Conversation(first)).ShouldBe(1);
        both.Select(Conversation).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_response_does_not_branch_while_its_answer_is_not_known()
    {
        await using var agent = await _calls.Model();
        var first = await _calls.Ask(new { model = agent.Model, input = "one?", background = true });
        await _calls.Ask(new { input = "two?", previous_response_id = Id(first), background = true });
        using var third = await fleet.Http.PostAsJsonAsync("/v1/responses", new { input = "x", previous_response_id = Id(first) });
        (await Error(third, 409)).ShouldBe(("previous_response_unfinished", "previous_response_id"));
    }

    [Fact]
    public async Task A_model_is_told_all_that_the_request_says()
    {
        await using var agent = await _calls.Model();
        var (response, spec) = await _calls.Told(agent, new
        {
            model = agent.Model,
            input = new object[]
            {
                new { role = "developer", content = "Be kind." },
                new { role = "assistant", content = new[] { new { type = "output_text", text = "Hello." } } },
                new { type = "reasoning", id = "rs_1", summary = Array.Empty<object>() },
                new
                {
                    type = "message",
                    role = "user",
                    content = new object[]
                    {
                        new { type = "input_text", text = "What is it?" },
                        new { type = "input_image", image_url = "data:image/png;base64,aGk=" },
                    },
                },
            },
            temperature = 0.5,
            top_p = 0.9,
            reasoning = new { effort = "minimal" },
            text = new { format = new { type = "json_schema", name = "n", schema = new { type = "object" } } },
        }, "{}");
        spec.Question.Select(message => (message.Role, message.Content)).ShouldBe(
            [("system", "Be kind."), ("assistant", "Hello."), ("user", "What is it?")]);
        spec.Question[2].Images.ShouldBe(["aGk="]);
        (spec.OptionsJson, spec.ThinkJson, spec.FormatJson).ShouldBe(
            ("""{"temperature":0.5,"top_p":0.9}""", "\"low\"", """{"type":"object"}"""));
        Text(response.GetProperty("text").GetProperty("format"), "name").ShouldBe("n");
        Text(response.GetProperty("reasoning"), "effort").ShouldBe("minimal");
    }
}
