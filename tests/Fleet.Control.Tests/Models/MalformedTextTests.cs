using System.Net.Http.Headers;
using System.Text;
using Fleet.Control.Tests.Models.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Models;

/// <summary>Half a surrogate pair, a NUL or a stray byte, wherever these wires take text or free JSON.</summary>
public sealed class MalformedTextTests(ModelDoor door) : IClassFixture<ModelDoor>
{
    private static readonly string[] Bad = [@"x\ud83d", @"\udc00", @"\ud83d\u0000", "a\u00e9z", "\u00ed\u00a0\u00bd", @"nul \u0000"];

    /// <summary>A path and a body in which <c>#</c> is the bad text.</summary>
    public static TheoryData<string, string> Places { get; } = new()
    {
        { "/v1/chat/completions", """{"model":"#","messages":[{"role":"user","content":"x"}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"#"}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":[{"type":"text","text":"#"}]}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"#"}}]}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"stop":"#"}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"stop":["a","#"]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"#"}}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f","description":"#"}}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f","parameters":{"#":1}}}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"tool_choice":"#"}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":{"title":"#"}}}}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"assistant","tool_calls":[{"id":"#","function":{"name":"f"}}]}]}""" },
        { "/v1/chat/completions", """{"model":"echo","messages":[{"role":"user","content":"x"}],"unknown":{"deep":["#"]}}""" },
        { "/v1/completions", """{"model":"echo","prompt":"#"}""" },
        { "/v1/completions", """{"model":"echo","prompt":["#"]}""" },
        { "/v1/embeddings", """{"model":"echo","input":"#"}""" },
        { "/v1/embeddings", """{"model":"echo","input":["a","#"]}""" },
        { "/api/chat", """{"model":"echo","messages":[{"role":"user","content":"#"}]}""" },
        { "/api/chat", """{"model":"echo","messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f","description":"#"}}]}""" },
        { "/api/generate", """{"model":"echo","prompt":"#"}""" },
        { "/api/generate", """{"model":"echo","prompt":"x","format":"#"}""" },
        { "/api/generate", """{"model":"echo","prompt":"x","format":{"a":"#"}}""" },
        { "/api/generate", """{"model":"echo","prompt":"x","think":"#"}""" },
        { "/api/generate", """{"model":"echo","prompt":"x","keep_alive":"#"}""" },
        { "/api/generate", """{"model":"echo","prompt":"x","options":{"stop":["#"]}}""" },
        { "/api/embed", """{"model":"echo","input":["#"]}""" },
        { "/api/embeddings", """{"model":"echo","prompt":"#"}""" },
        { "/api/show", """{"model":"#"}""" },
        { "/jobs", """{"model":"echo","messages":[{"role":"user","content":"#"}]}""" },
        { "/jobs", """{"model":"echo","messages":[{"role":"user","content":"x"}],"format":{"#":1}}""" },
        { "/jobs", """{"model":"echo","messages":[{"role":"user","content":"x"}],"name":"#"}""" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Is_refused_and_no_job_comes_of_it(string path, string body)
    {
        var before = await Count();
        foreach (var bad in Bad)
        {
            using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body.Replace("#", bad)));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await door.Admin.PostAsync(path, content);
            var text = await answer.Content.ReadAsStringAsync();
            ((int)answer.StatusCode).ShouldBe(400, $"{bad}: {text}");
            text.ShouldMatch("This (cannot be read as text|is no Unicode|is not valid UTF-8|must not hold a NUL)", customMessage: bad);
        }

        (await Count()).ShouldBe(before);
    }

    /// <summary>The arguments of tools are JSON in a text, whose escapes nobody has read yet.</summary>
    [Theory]
    [InlineData("""{\"a\":\"\\ud83d\"}""")]
    [InlineData("""{\"a\\u0000\":1}""")]
    [InlineData("""[]""")]
    public async Task Text_within_text_is_looked_at_too(string arguments)
    {
        const string Body =
            """{"model":"echo","messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"#"}}]}]}""";
        using var answer = await door.Post("/v1/chat/completions", Body.Replace("#", arguments));
        (await answer.Json(400)).GetProperty("error").GetProperty("param").GetString()
            .ShouldBe("messages[0].tool_calls[0].function.arguments");
    }

    private Task<long> Count() => door.House.Ask<long>("select (select count(*) from work)");
}
