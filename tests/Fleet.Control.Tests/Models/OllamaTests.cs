using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Tests.Models.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Models;

public sealed class OllamaTests(ModelDoor door) : IClassFixture<ModelDoor>
{
    private const string Chat = """{"model": "echo", "messages": [{"role": "user", "content": "hi"}]}""";

    [Fact]
    public async Task A_chat_streams_a_line_for_each_piece_as_it_comes()
    {
        var call = await door.Taken(() => door.Post("/api/chat", Chat));
        await call.Say("Hel");
        using var answer = await call.Answer.Within();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/x-ndjson");
        answer.Headers.GetValues("Fleet-Job-Id").ShouldBe([WireId.Format(call.Job)]);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var first = await Line(lines);
        first.GetProperty("model").GetString().ShouldBe("echo");
        first.GetProperty("message").GetProperty("content").GetString().ShouldBe("Hel");
        first.GetProperty("message").GetProperty("role").GetString().ShouldBe("assistant");
        first.GetProperty("done").GetBoolean().ShouldBeFalse();
        await call.Write("thinking", "hm");
        (await Line(lines)).GetProperty("message").GetProperty("thinking").GetString().ShouldBe("hm");
        await call.Say("lo");
        (await Line(lines)).GetProperty("message").GetProperty("content").GetString().ShouldBe("lo");
        await call.End("Hello", thinking: "hm");
        var last = await Line(lines);
        last.GetProperty("done").GetBoolean().ShouldBeTrue();
        last.GetProperty("done_reason").GetString().ShouldBe("stop");
        last.GetProperty("total_duration").GetInt64().ShouldBe(2_500_000);
        last.GetProperty("load_duration").GetInt64().ShouldBe(500_000);
        last.GetProperty("prompt_eval_count").GetInt64().ShouldBe(7);
        last.GetProperty("eval_count").GetInt64().ShouldBe(3);
        last.GetProperty("eval_duration").GetInt64().ShouldBe(1_000_000);
        (await lines.ReadLineAsync().Within()).ShouldBeNull();
    }

    [Fact]
    public async Task A_chat_that_does_not_stream_is_one_object()
    {
        var call = await door.Taken(() => door.Post("/api/chat", Chat.Replace("{\"model\"", "{\"stream\": false, \"model\"")));
        await call.Say("Hello");
        await call.End("Hello", tools: """[{"function": {"name": "f", "arguments": {"a": 1}}}]""");
        var answer = await (await call.Answer.Within()).Json(200);
        answer.GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello");
        answer.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString()
            .ShouldBe("f");
        answer.GetProperty("done").GetBoolean().ShouldBeTrue();
        answer.GetProperty("prompt_eval_duration").GetInt64().ShouldBe(250_000);
    }

    [Fact]
    public async Task Everything_that_a_model_can_be_told_reaches_its_agent()
    {
        var call = await door.Taken(() => door.Post(
            "/api/chat",
            """
            {"model": "echo", "stream": false, "unknown": 1, "think": "high", "keep_alive": "5m", "format": {"type": "object"},
             "options": {"temperature": 0.5}, "tools": [{"type": "function", "function": {"name": "f"}}],
             "messages": [
                {"role": "user", "content": "see", "images": ["aGk="]},
                {"role": "assistant", "content": "", "thinking": "t", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]},
                {"role": "tool", "content": "42", "tool_name": "f"}]}
            """));
        await call.End("ok");
        using var answer = await call.Answer.Within();
        var spec = await door.Spec(call.Job);
        (spec.Operation, spec.Model, spec.ThinkJson, spec.KeepAliveJson).ShouldBe(("chat", "echo", "\"high\"", "\"5m\""));
        (spec.FormatJson, spec.OptionsJson).ShouldBe(("""{"type": "object"}""", """{"temperature": 0.5}"""));
        spec.ToolsJson!.ShouldContain("function");
        spec.Messages![0].Images.ShouldBe(["aGk="]);
        spec.Messages[1].ToolCallsJson!.ShouldContain("arguments");
        spec.Messages[2].ToolName.ShouldBe("f");
    }

    [Fact]
    public async Task A_completion_streams_what_it_responds()
    {
        var call = await door.Taken(() => door.Post("/api/generate", """{"model": "echo:latest", "prompt": "p", "system": "s"}"""));
        await call.Say("out");
        await call.End("out");
        var lines = (await (await call.Answer.Within()).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(line => line.GetProperty("response").GetString()).ShouldBe(["out", ""]);
        lines[1].GetProperty("done").GetBoolean().ShouldBeTrue();
        (await door.Spec(call.Job)).System.ShouldBe("s");
    }

    [Theory]
    [InlineData("/api/embed", """{"model": "echo", "input": ["a", "b"]}""", """{"model":"echo","embeddings":[[0.5,1],[2,3]],""")]
    [InlineData("/api/embeddings", """{"model": "echo", "prompt": "a"}""", """{"embedding":[0.5,1]}""")]
    public async Task Embeddings_are_lists_of_numbers(string path, string body, string begin)
    {
        var call = await door.Taken(() => door.Post(path, body));
        await call.End(new InferenceResult("echo:latest", default, Embeddings: [[0.5f, 1], [2, 3]], PromptTokens: 2));
        (await (await call.Answer.Within()).Content.ReadAsStringAsync()).ShouldStartWith(begin);
    }

    [Fact]
    public async Task Models_are_listed_with_what_is_known_of_them()
    {
        var models = (await (await door.Admin.GetAsync("/api/tags")).Json(200)).GetProperty("models");
        models.GetArrayLength().ShouldBe(2);
        models[0].GetProperty("name").GetString().ShouldBe("echo:latest");
        models[0].GetProperty("details").GetProperty("family").GetString().ShouldBe("echo");
        models[1].TryGetProperty("size", out _).ShouldBeFalse();
        var loaded = (await (await door.Admin.GetAsync("/api/ps")).Json(200)).GetProperty("models");
        loaded.GetArrayLength().ShouldBe(1);
        loaded[0].GetProperty("expires_at").GetDateTimeOffset().ShouldBe(DateTimeOffset.UnixEpoch.AddDays(30_000));
        var shown = await (await door.Post("/api/show", """{"model": "echo"}""")).Json(200);
        shown.GetProperty("details").GetProperty("family").GetString().ShouldBe("echo");
        shown.GetProperty("capabilities").EnumerateArray().Select(one => one.GetString()).ShouldBe(["completion", "tools"]);
        (await (await door.Admin.GetAsync("/api/version")).Json(200)).GetProperty("version").GetString().ShouldBe("0.12.6");
        (await door.Client().GetStringAsync("/")).ShouldBe("Ollama is running");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    public async Task What_the_body_is_said_to_be_does_not_matter(string type)
    {
        foreach (var path in (string[])["/api/chat", "/jobs", "/v1/chat/completions"])
        {
            using var content = new StringContent("{}", System.Text.Encoding.UTF8, type);
            (await (await door.Admin.PostAsync(path, content)).Json(400)).ToString().ShouldContain("model is required");
        }
    }

    [Theory]
    [InlineData("{", 400, "not valid JSON")]
    [InlineData("", 400, "missing request body")]
    [InlineData("""{"messages": []}""", 400, "model is required")]
    [InlineData("""{"model": "gone", "messages": []}""", 404, "model 'gone' not found")]
    [InlineData("""{"model": "echo", "messages": [{"role": "x"}]}""", 400, "messages[0].role")]
    [InlineData("""{"model": "echo", "messages": 5}""", 400, "messages")]
    [InlineData("""{"model": "echo", "options": []}""", 400, "options must be an object")]
    [InlineData("""{"model": "echo", "messages": [{"role": "user", "content": "\u0000"}]}""", 400, "NUL")]
    [InlineData("""{"model": "echo", "messages": [{"role": "user", "images": ["no base64!"]}]}""", 400, "messages[0].images")]
    [InlineData("""{"model": "echo", "messages": [], "tools": [{"type": "function"}]}""", 400, "tools[0].function.name")]
    public async Task A_wrong_call_is_refused_in_Ollamas_shape(string body, int status, string words)
    {
        var error = await (await door.Post("/api/chat", body)).Json(status);
        error.EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("error");
        error.GetProperty("error").GetString()!.ShouldContain(words);
    }

    [Theory]
    [InlineData("/api/generate", """{"model": "echo", "images": ["no base64!"]}""", "images")]
    [InlineData("/api/embed", """{"model": "echo", "input": "a", "dimensions": -1}""", "dimensions")]
    public async Task What_no_upstream_could_do_is_refused_by_name(string path, string body, string field) =>
        (await (await door.Post(path, body)).Json(400)).GetProperty("error").GetString()!.ShouldStartWith(field);

    [Fact]
    public async Task A_model_that_is_not_there_is_looked_for_each_time()
    {
        var misses = door.Models.Misses;
        for (var call = 1; call <= 2; call++)
        {
            await (await door.Post("/api/chat", """{"model": "away"}""")).Json(404);
            door.Models.Misses.ShouldBe(misses + call);
        }
    }

    [Theory]
    [InlineData("upstream_refused", 400)]
    [InlineData("model_not_found", 404)]
    [InlineData("upstream_error", 500)]
    public async Task A_failure_before_the_first_word_has_a_status(string code, int status)
    {
        door.Settings.MaxAttempts = 1;
        var call = await door.Taken(() => door.Post("/api/chat", Chat));
        await call.Fail(code, "It did not work.");
        (await (await call.Answer.Within()).Json(status)).GetProperty("error").GetString().ShouldBe("It did not work.");
    }

    [Fact]
    public async Task A_failure_after_the_first_word_is_the_last_line()
    {
        door.Settings.MaxAttempts = 1;
        var call = await door.Taken(() => door.Post("/api/chat", Chat));
        await call.Say("Hel");
        using var answer = await call.Answer.Within();
        await call.Fail("upstream_cut", "It broke off.");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^1].ShouldBe("""{"error":"It broke off."}""");
        lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_call_that_is_repeated_with_its_key_is_the_same_call_from_its_beginning()
    {
        var call = await door.Taken(() => door.Post("/api/chat", Chat, null, ("Idempotency-Key", "same")));
        await call.Say("Hello");
        await call.End("Hello");
        var first = await (await call.Answer.Within()).Content.ReadAsStringAsync();
        using var again = await door.Post("/api/chat", Chat, null, ("Idempotency-Key", "same")).Within();
        (await again.Content.ReadAsStringAsync()).ShouldBe(first);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        again.Headers.GetValues("Fleet-Job-Id").ShouldBe([WireId.Format(call.Job)]);
        using var other = await door.Post("/api/chat", Chat.Replace("hi", "ho"), null, ("Idempotency-Key", "same"));
        (await other.Json(422)).GetProperty("error").GetString()!.ShouldContain("Idempotency-Key");
    }

    [Theory]
    [InlineData(false, "Running")]
    [InlineData(true, "Cancelling")]
    public async Task A_call_whose_caller_goes_away_goes_on_unless_it_is_set_otherwise(bool cancels, string state)
    {
        door.Callers.CancelOnDisconnect = cancels;
        using var caller = door.Client();
        caller.DefaultRequestHeaders.Authorization = door.Admin.DefaultRequestHeaders.Authorization;
        var call = await door.Taken(() => door.Post("/api/chat", Chat, caller));
        await call.Say("Hel");
        (await call.Answer.Within()).Dispose();
        caller.Dispose();
        if (cancels)
            await Eventually.True(async () => (await door.House.Job(call.Job)).State == state, "the job is told to stop");
        await call.Say("lo");
        (await door.House.Job(call.Job)).State.ShouldBe(state);
        await call.End("Hello");
        (await door.House.Job(call.Job)).State.ShouldBe("Succeeded");
        door.Callers.CancelOnDisconnect = false;
    }

    private static async Task<JsonElement> Line(StreamReader lines) =>
        JsonDocument.Parse((await lines.ReadLineAsync().Within())!).RootElement;
}
