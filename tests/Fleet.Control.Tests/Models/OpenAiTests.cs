using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Tests.Models.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Models;

public sealed class OpenAiTests(ModelDoor door) : IClassFixture<ModelDoor>
{
    private const string Path = "/v1/chat/completions";
    private const string Tools = """[{"function": {"name": "f", "arguments": {"a": 1}}}]""";

    [Fact]
    public async Task A_chat_is_one_object_with_its_usage()
    {
        var call = await door.Taken(() => door.Post(Path, Chat()));
        await call.End("Hello");
        var answer = await (await call.Answer.Within()).Json(200);
        answer.GetProperty("object").GetString().ShouldBe("chat.completion");
        answer.GetProperty("id").GetString()!.ShouldStartWith("chatcmpl-");
        var choice = answer.GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello");
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        answer.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(10);
    }

    [Fact]
    public async Task A_chat_that_streams_ends_with_its_usage_and_DONE()
    {
        var call = await door.Taken(() => door.Post(Path, Chat(""", "stream": true, "stream_options": {"include_usage": true}""")));
        await call.Say("Hel");
        await call.Say("lo");
        await call.Write("tool_calls", Tools + "\n");
        await call.End("Hello", tools: Tools);
        using var answer = await call.Answer.Within();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.ShouldAllBe(text => text.StartsWith("data: "));
        events[^1].ShouldBe("data: [DONE]");
        var chunks = events[..^1].Select(text => JsonDocument.Parse(text["data: ".Length..]).RootElement).ToList();
        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        string.Concat(chunks.SelectMany(Contents)).ShouldBe("Hello");
        var tool = chunks.Select(Delta).First(delta => delta.TryGetProperty("tool_calls", out _)).GetProperty("tool_calls")[0];
        tool.GetProperty("index").GetInt32().ShouldBe(0);
        tool.GetProperty("id").GetString()!.ShouldStartWith("call_");
        tool.GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"a": 1}""");
        chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunks[^1].GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Everything_that_a_model_can_be_told_is_translated_for_its_agent()
    {
        var call = await door.Taken(() => door.Post(
            Path,
            """
            {"model": "echo", "temperature": 0.5, "top_p": 0.9, "seed": 4, "stop": "x", "max_completion_tokens": 9, "user": "u",
             "reasoning_effort": "low", "tool_choice": "auto", "tools": [{"type": "function", "function": {"name": "f"}}],
             "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
             "messages": [
                {"role": "developer", "content": "be brief"},
                {"role": "user", "content": [{"type": "text", "text": "see "}, {"type": "text", "text": "this"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}]},
                {"role": "assistant", "content": null,
                    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}"}}]},
                {"role": "tool", "tool_call_id": "c1", "content": "42"}]}
            """));
        await call.End("ok");
        using var answer = await call.Answer.Within();
        var spec = await door.Spec(call.Job);
        spec.OptionsJson.ShouldBe("""{"temperature":0.5,"top_p":0.9,"seed":4,"num_predict":9,"stop":["x"]}""");
        (spec.FormatJson, spec.ThinkJson).ShouldBe(("""{"type": "object"}""", "\"low\""));
        spec.Messages!.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        (spec.Messages![1].Content, spec.Messages[1].Images![0]).ShouldBe(("see this", "aGk="));
        spec.Messages[2].ToolCallsJson.ShouldBe("""[{"id":"c1","function":{"name":"f","arguments":{"a":1}}}]""");
        (spec.Messages[3].ToolName, spec.Messages[3].ToolCallId).ShouldBe(("f", "c1"));
    }

    [Fact]
    public async Task A_completion_has_text()
    {
        var call = await door.Taken(() => door.Post("/v1/completions", """{"model": "echo", "prompt": "p", "max_tokens": 5}"""));
        await call.End("out", reason: "length");
        var choice = (await (await call.Answer.Within()).Json(200)).GetProperty("choices")[0];
        choice.GetProperty("text").GetString().ShouldBe("out");
        choice.GetProperty("finish_reason").GetString().ShouldBe("length");
    }

    [Fact]
    public async Task Embeddings_are_numbers_or_their_bytes()
    {
        var result = new InferenceResult("echo:latest", default, Embeddings: [[0.5f, 1]], PromptTokens: 2);
        var call = await door.Taken(() => door.Post("/v1/embeddings", """{"model": "echo", "input": "a"}"""));
        await call.End(result);
        var numbers = (await (await call.Answer.Within()).Json(200)).GetProperty("data")[0].GetProperty("embedding");
        numbers.EnumerateArray().Select(number => number.GetSingle()).ShouldBe([0.5f, 1]);
        call = await door.Taken(() => door.Post(
            "/v1/embeddings", """{"model": "echo", "input": ["a"], "encoding_format": "base64"}"""));
        await call.End(result);
        var answer = await (await call.Answer.Within()).Json(200);
        var bytes = answer.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        (BitConverter.ToSingle(bytes, 0), BitConverter.ToSingle(bytes, 4)).ShouldBe((0.5f, 1f));
        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Models_are_listed_and_shown_with_slashes_in_their_names()
    {
        var list = await (await door.Admin.GetAsync("/v1/models")).Json(200);
        list.GetProperty("object").GetString().ShouldBe("list");
        list.GetProperty("data").GetArrayLength().ShouldBe(2);
        foreach (var path in (string[])["/v1/models/team/other:7b", "/v1/models/team%2Fother:7b"])
            (await (await door.Admin.GetAsync(path)).Json(200)).GetProperty("id").GetString().ShouldBe("team/other:7b");
        var missing = (await (await door.Admin.GetAsync("/v1/models/gone")).Json(404)).GetProperty("error");
        missing.GetProperty("code").GetString().ShouldBe("model_not_found");
    }

    [Theory]
    [InlineData(""", "n": 2""", "n")]
    [InlineData(""", "tool_choice": "required", "tools": []""", "tool_choice")]
    [InlineData(""", "response_format": {"type": "xml"}""", "response_format.type")]
    [InlineData(""", "logprobs": true""", "logprobs")]
    [InlineData(""", "temperature": "hot" """, "temperature")]
    [InlineData(""", "messages": []""", "messages")]
    [InlineData(""", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/y.png"}}]}]""",
        "messages[0].content[0].image_url")]
    [InlineData(""", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,@@"}}]}]""",
        "messages[0].content[0].image_url")]
    [InlineData(""", "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "function"}]""", "tools[1].function.name")]
    public async Task What_cannot_be_done_is_refused_by_name(string more, string field)
    {
        var error = (await (await door.Post(Path, Chat(more))).Json(400)).GetProperty("error");
        error.EnumerateObject().Select(property => property.Name).ShouldBe(["message", "type", "param", "code"]);
        error.GetProperty("param").GetString().ShouldBe(field);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
    }

    [Fact]
    public async Task Vectors_without_length_are_refused_by_name()
    {
        var answer = await door.Post("/v1/embeddings", """{"model": "echo", "input": "a", "dimensions": 0}""");
        (await answer.Json(400)).GetProperty("error").GetProperty("param").GetString().ShouldBe("dimensions");
    }

    [Fact]
    public async Task Without_a_key_nothing_is_answered_from_wherever()
    {
        using var stranger = door.Client();
        using var answer = await door.Post(Path, Chat(), stranger, ("Fleet-Caller", "127.0.0.1"));
        (await answer.Json(401)).GetProperty("error").GetProperty("type").GetString().ShouldBe("authentication_error");
    }

    [Fact]
    public async Task A_failure_in_the_middle_is_said_in_the_stream()
    {
        door.Settings.MaxAttempts = 1;
        var call = await door.Taken(() => door.Post(Path, Chat(""", "stream": true""")));
        await call.Say("Hel");
        using var answer = await call.Answer.Within();
        await call.Fail("upstream_cut", "It broke off.");
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("""data: {"error":{"message":"It broke off.","type":"server_error",""");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task An_attempt_that_is_repeated_goes_on_where_the_stream_is()
    {
        door.Settings.MaxAttempts = 3;
        var call = await door.Taken(() => door.Post(Path, Chat(""", "stream": true""")));
        await call.Say("one two ");
        using var answer = await call.Answer.Within();
        await call.BreakOff();
        await call.Say("one two three");
        await call.End("one two three");
        var chunks = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1]
            .Select(text => JsonDocument.Parse(text["data: ".Length..]).RootElement);
        string.Join('|', chunks.SelectMany(Contents)).ShouldBe("one two |three");
    }

    private static string Chat(string more = "") => more.Contains("\"messages\"")
        ? $$"""{"model": "echo"{{more}}}"""
        : $$"""{"model": "echo", "messages": [{"role": "user", "content": "hi"}]{{more}}}""";

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");

    private static IEnumerable<string> Contents(JsonElement chunk) =>
        chunk.GetProperty("choices").GetArrayLength() > 0 && Delta(chunk).TryGetProperty("content", out var content)
            && content.GetString() is { Length: > 0 } text ? [text] : [];
}
