using System.Text.Json;
using Fleet.Control.Jobs;
using Fleet.Control.Models;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Models.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Models;

/// <summary>Details that stock clients of the wires read.</summary>
public sealed class ModelWireTests(ModelDoor door) : IClassFixture<ModelDoor>
{
    private const string Tools = """[{"function": {"name": "f", "arguments": {"a": 1}}}]""";
    private const string Counted = """, "stream": true, "stream_options": {"include_usage": true}}""";
    private const string Ask = """{"model":"echo","messages":[{"role":"user","content":"x"}]""";

    [Theory]
    [InlineData("length", true, "length")]
    [InlineData("length", false, "length")]
    [InlineData("content_filter", true, "content_filter")]
    [InlineData("stop", true, "tool_calls")]
    [InlineData("tool_calls", true, "tool_calls")]
    [InlineData("stop", false, "stop")]
    [InlineData("load", false, "stop")]
    public async Task The_reason_to_end_is_that_of_the_model(string said, bool calls, string reason)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var call = await door.Taken(() => door.Post("/v1/chat/completions", Ask + (stream ? ",\"stream\":true}" : "}")));
            await call.End(calls ? "" : "Hello", tools: calls ? Tools : null, reason: said);
            using var answer = await call.Answer.Within();
            var text = await answer.Content.ReadAsStringAsync();
            text.ShouldContain($"\"finish_reason\":\"{reason}\"");
            text.Split("\"finish_reason\":\"").Length.ShouldBe(2);
        }
    }

    [Fact]
    public async Task A_message_that_only_calls_tools_says_that_it_has_no_content()
    {
        var call = await door.Taken(() => door.Post("/v1/chat/completions", Ask + "}"));
        await call.End("", tools: Tools);
        var message = (await (await call.Answer.Within()).Json(200)).GetProperty("choices")[0].GetProperty("message");
        message.GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        message.GetProperty("refusal").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_usage_is_asked_for_every_piece_has_it(bool asked)
    {
        var call = await door.Taken(() => door.Post(
            "/v1/chat/completions", Ask + (asked ? Counted : ",\"stream\":true}")));
        await call.Say("Hel");
        await call.End("Hello");
        using var answer = await call.Answer.Within();
        var pieces = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1]
            .Select(text => JsonDocument.Parse(text["data: ".Length..]).RootElement).ToList();
        pieces.Count(piece => piece.TryGetProperty("usage", out _)).ShouldBe(asked ? pieces.Count : 0);
        pieces.Count(piece => asked && piece.GetProperty("usage").ValueKind == JsonValueKind.Object).ShouldBe(asked ? 1 : 0);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"logit_bias":{"50256":-100}}""", "logit_bias")]
    [InlineData("/v1/chat/completions", """{"functions":[{"name":"f"}]}""", "functions")]
    [InlineData("/v1/chat/completions", """{"function_call":"auto"}""", "function_call")]
    [InlineData("/v1/chat/completions", """{"parallel_tool_calls":false,"tools":[{"function":{"name":"f"}}]}""", "parallel_tool_calls")]
    [InlineData("/v1/chat/completions", """{"modalities":["text","audio"]}""", "modalities")]
    [InlineData("/v1/chat/completions", """{"audio":{"voice":"x"}}""", "audio")]
    [InlineData("/v1/chat/completions", """{"web_search_options":{"a":1}}""", "web_search_options")]
    [InlineData("/v1/chat/completions", """{"top_logprobs":2}""", "top_logprobs")]
    [InlineData("/v1/chat/completions", """{"n":2}""", "n")]
    [InlineData("/v1/completions", """{"logit_bias":{"1":1}}""", "logit_bias")]
    [InlineData("/v1/completions", """{"logprobs":1}""", "logprobs")]
    public async Task What_cannot_be_done_is_refused_by_its_name(string path, string more, string field)
    {
        using var answer = await door.Post(path, """{"model":"echo","prompt":"x","messages":[{"role":"user","content":"x"}],""" + more[1..]);
        (await answer.Json(400)).GetProperty("error").GetProperty("param").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task What_asks_for_nothing_is_taken()
    {
        var call = await door.Taken(() => door.Post(
            "/v1/chat/completions",
            Ask + "," + """
            "logit_bias":{},"functions":[],"function_call":null,"parallel_tool_calls":true,"modalities":["text"],"audio":null,
            "top_logprobs":0,"n":1,"stop":null,"tools":null,"tool_choice":null,"response_format":null,"max_tokens":null}
            """));
        await call.End("Hello");
        (await call.Answer.Within()).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/api/generate", """{"model":"echo","prompt":null,"suffix":null,"system":null,"template":null,"raw":null,"images":null,"format":null,"options":null,"think":null,"keep_alive":null,"context":null,"stream":null}""")]
    [InlineData("/api/chat", """{"model":"echo","messages":[{"role":"user","content":null,"thinking":null,"images":null,"tool_calls":null,"tool_name":null,"tool_call_id":null}],"tools":null,"format":null,"options":null,"think":null,"keep_alive":null,"stream":null}""")]
    [InlineData("/api/embed", """{"model":"echo","input":"x","truncate":null,"dimensions":null,"options":null,"keep_alive":null}""")]
    [InlineData("/api/embeddings", """{"model":"echo","prompt":null,"options":null,"keep_alive":null}""")]
    public async Task Null_is_as_good_as_left_out(string path, string body)
    {
        var call = await door.Taken(() => door.Post(path, body));
        await call.End("Hello");
        (await call.Answer.Within()).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Nulls_of_foremans_wire_too()
    {
        using var answer = await door.Post(
            "/jobs",
            """{"model":"echo","messages":null,"state_webhook_url":null,"name":null,"priority":null,"max_attempts":null,"timeout_s":null,"expires_at":null}""");
        await answer.Json(202);
    }

    [Fact]
    public async Task An_empty_text_has_no_vector_and_one_in_a_list_has()
    {
        using var nothing = await door.Post("/api/embed", """{"model":"echo","input":""}""");
        (await nothing.Json(200)).GetProperty("embeddings").GetArrayLength().ShouldBe(0);
        var call = await door.Taken(() => door.Post("/api/embed", """{"model":"echo","input":[""]}"""));
        (await door.Spec(call.Job)).Input.ShouldBe([""]);
        await call.End("");
        await call.Answer.Within();
    }

    [Fact]
    public async Task A_context_of_an_earlier_answer_is_refused()
    {
        using var answer = await door.Post("/api/generate", """{"model":"echo","prompt":"x","context":[1,2]}""");
        (await answer.Json(400)).GetProperty("error").GetString()!.ShouldStartWith("context ");
    }

    [Theory]
    [InlineData("answer_too_long", 422)]
    [InlineData("upstream_refused", 400)]
    [InlineData("upstream_error", 500)]
    public void What_would_end_the_same_again_is_no_5xx(string code, int status) => CallFailure.Of(
        WorkStatus.Of(new Job { State = "Failed", Kind = "inference", ErrorCode = code })).Status.ShouldBe(status);

    [Theory]
    [InlineData("POST", "/v1/audio/speech", true)]
    [InlineData("GET", "/v1/files", true)]
    [InlineData("GET", "/v1/chat/completions", true)]
    [InlineData("POST", "/api/pull", false)]
    [InlineData("GET", "/api/chat", false)]
    public async Task An_unknown_path_is_refused_in_the_words_of_its_wire(string method, string path, bool isOpenAi)
    {
        using var answer = await door.Admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        ((int)answer.StatusCode).ShouldBeOneOf(404, 405);
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        error.ValueKind.ShouldBe(isOpenAi ? JsonValueKind.Object : JsonValueKind.String);
    }

    [Fact]
    public async Task Letters_that_JSON_could_write_longer_count_as_what_they_are()
    {
        var text = new string('漢', 2_200_000);
        var call = await door.Taken(() => door.Post("/api/chat", $$"""{"model":"echo","stream":false,"messages":[{"role":"user","content":"{{text}}"}]}"""));
        (await door.Spec(call.Job)).Messages![0].Content.Length.ShouldBe(text.Length);
        await call.End("Hello");
        (await call.Answer.Within()).IsSuccessStatusCode.ShouldBeTrue();
    }
}
