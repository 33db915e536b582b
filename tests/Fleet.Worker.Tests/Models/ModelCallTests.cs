using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;
using Fleet.EchoModel;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Models;

/// <summary>Calls of models that go well, in both protocols.</summary>
public sealed class ModelCallTests
{
    private const string Tools =
        """[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}},{"type":"function","function":{"name":"time"}}]""";

    [Theory]
    [InlineData("ollama")]
    [InlineData("openai")]
    [InlineData("")]
    public async Task A_chat_is_heard_word_by_word_and_kept_whole(string protocol)
    {
        await using var calls = await ModelCalls.Start(protocol);
        var pieces = new List<string>();
        calls.WhenSaid = pieces.Add;
        var heard = await calls.Ask("Grüße, 世界 🌍\nund alle");

        heard.Result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        heard.Content.ShouldBe("Grüße, 世界 🌍\nund alle");
        pieces.Count.ShouldBeGreaterThan(1);
        var answer = heard.Answer.ShouldNotBeNull();
        answer.Message.ShouldNotBeNull().Content.ShouldBe(heard.Content);
        answer.Message.Role.ShouldBe("assistant");
        answer.DoneReason.ShouldBe("stop");
        answer.Upstream.ShouldBe("there");
        answer.PromptTokens.ShouldBe(5);
        answer.CompletionTokens.ShouldBe(5);
        answer.TotalMs.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(answer.FirstTokenMs.ShouldNotBeNull());
    }

    [Theory]
    [InlineData("ollama")]
    [InlineData("openai")]
    public async Task A_call_of_a_tool_is_a_line_of_its_stream(string protocol)
    {
        await using var calls = await ModelCalls.Start(protocol);
        var heard = await calls.Ask(ModelCalls.Chat("please call the tool time now") with { ToolsJson = Tools });

        var line = heard.Said["tool_calls"];
        line.ShouldEndWith("\n");
        var function = JsonDocument.Parse(line).RootElement[0].GetProperty("function");
        function.GetProperty("name").GetString().ShouldBe("time");
        function.GetProperty("arguments").GetProperty("text").GetString().ShouldBe("please call the tool time now");
        heard.Answer.ShouldNotBeNull().Message.ShouldNotBeNull().ToolCallsJson.ShouldNotBeNull().ShouldContain("time");
    }

    [Theory]
    [InlineData("ollama", "true")]
    [InlineData("openai", "\"high\"")]
    public async Task Thoughts_have_a_stream_of_their_own(string protocol, string think)
    {
        await using var calls = await ModelCalls.Start(protocol);
        var heard = await calls.Ask(ModelCalls.Chat("hello") with { ThinkJson = think });

        heard.Said["thinking"].ShouldBe("The user says: hello");
        heard.Content.ShouldBe("hello");
        heard.Answer.ShouldNotBeNull().Message.ShouldNotBeNull().Thinking.ShouldBe("The user says: hello");
    }

    [Theory]
    [InlineData("ollama")]
    [InlineData("openai")]
    public async Task A_prompt_is_completed_and_options_count(string protocol)
    {
        await using var calls = await ModelCalls.Start(protocol);
        var heard = await calls.Ask(new InferenceSpec(
            "generate", "echo", Prompt: "one two three four", System: "be brief", OptionsJson: """{"num_predict":2,"top_k":3}"""));

        heard.Content.ShouldBe("one two");
        heard.Answer.ShouldNotBeNull().DoneReason.ShouldBe("length");
    }

    [Theory]
    [InlineData("ollama")]
    [InlineData("openai")]
    public async Task Vectors_come_in_the_order_of_the_texts(string protocol)
    {
        await using var calls = await ModelCalls.Start(protocol);
        var heard = await calls.Ask(new InferenceSpec("embed", "echo-embed", Input: ["first", "second"], Dimensions: 5));

        heard.Result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        var vectors = heard.Answer.ShouldNotBeNull().Embeddings.ShouldNotBeNull();
        vectors[0].ShouldBe(EchoWords.Embed("first", 5));
        vectors[1].ShouldBe(EchoWords.Embed("second", 5));
        heard.Answer.PromptTokens.ShouldBe(2);
        heard.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_conversation_with_tools_and_images_keeps_its_shape_in_either_protocol()
    {
        foreach (var protocol in (string[])["ollama", "openai"])
        {
            await using var calls = await ModelCalls.Start(protocol);
            var heard = await calls.Ask(new InferenceSpec("chat", "echo",
            [
                new ChatMessage("system", "be kind"),
                new ChatMessage("user", "what is it?", Images: ["iVBORw0KGgo="]),
                new ChatMessage("assistant", "", ToolCallsJson: """[{"function":{"name":"look","arguments":{"at":1}}}]"""),
                new ChatMessage("tool", "a picture", ToolName: "look"),
                new ChatMessage("user", "thanks"),
            ]));
            heard.Content.ShouldBe("thanks", protocol);
            heard.Answer.ShouldNotBeNull().PromptTokens.ShouldBe(8, protocol);
        }
    }

    [Fact]
    public async Task An_upstream_gets_its_key_and_a_long_answer_comes_in_pieces_that_fit()
    {
        await using var calls = await ModelCalls.Start("ollama", upstream => upstream.ApiKey = "the-key-of-the-upstream");
        var word = new string('ü', 100_000);
        var heard = await calls.Ask(word);

        heard.Content.ShouldBe(word);
        calls.Echo.Counts.Authorization.ShouldBe("Bearer the-key-of-the-upstream");
    }
}
