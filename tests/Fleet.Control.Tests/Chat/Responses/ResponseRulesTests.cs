using System.Text;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>What is refused, by which name and in OpenAI's shape.</summary>
public sealed class ResponseRulesTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Theory]
    [InlineData("""{}""", "input")]
    [InlineData("""{"input": 7}""", "input")]
    [InlineData("""{"input": []}""", "input")]
    [InlineData("""{"input": [7]}""", "input[0].type")]
    [InlineData("""{"input": [{"type": "computer_call"}]}""", "input[0].type")]
    [InlineData("""{"input": [{"role": "king", "content": "x"}]}""", "input[0].role")]
    [InlineData("""{"input": [{"role": "user"}]}""", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_file"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_text"}]}]}""", "input[0].content[0].text")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "http://x/y"}]}]}""", "input[0].content[0].image_url")]
    [InlineData("""{"input": [{"type": "function_call", "name": "x", "arguments": "{}"}]}""", "input[0].call_id")]
    [InlineData("""{"input": [{"type": "function_call", "call_id": "c", "name": "x", "arguments": "7"}]}""", "input[0].arguments")]
    [InlineData("""{"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]}""", "input[0].call_id")]
    [InlineData("""{"input": [{"type": "item_reference", "id": "msg_1"}]}""", "input[0].id")]
    [InlineData("""{"input": "x", "model": ""}""", "model")]
    [InlineData("""{"input": "x", "model": 7}""", "model")]
    [InlineData("""{"input": "x", "temperature": 3}""", "temperature")]
    [InlineData("""{"input": "x", "temperature": "hot"}""", "temperature")]
    [InlineData("""{"input": "x", "top_p": -1}""", "top_p")]
    [InlineData("""{"input": "x", "max_output_tokens": 0}""", "max_output_tokens")]
    [InlineData("""{"input": "x", "max_output_tokens": 1.5}""", "max_output_tokens")]
    [InlineData("""{"input": "x", "reasoning": {"effort": "much"}}""", "reasoning.effort")]
    [InlineData("""{"input": "x", "metadata": {"a": 7}}""", "metadata.a")]
    [InlineData("""{"input": "x", "metadata": {"a": null}}""", "metadata.a")]
    [InlineData("""{"input": "x", "tools": 7}""", "tools")]
    [InlineData("""{"input": "x", "tools": [{"type": "web_search"}]}""", "tools[0].type")]
    [InlineData("""{"input": "x", "tools": [{"type": "function"}]}""", "tools[0].name")]
    [InlineData("""{"input": "x", "tool_choice": "required"}""", "tool_choice")]
    [InlineData("""{"input": "x", "text": {"format": {"type": "xml"}}}""", "text.format.type")]
    [InlineData("""{"input": "x", "text": {"format": {"type": "json_schema"}}}""", "text.format.schema")]
    [InlineData("""{"input": "x", "background": true, "store": false}""", "store")]
    [InlineData("""{"input": "x", "conversation": "conv_1", "previous_response_id": "resp_1"}""", "conversation")]
    [InlineData("""{"input": "x", "conversation": 7}""", "conversation")]
    [InlineData("""{"input": "x", "prompt": {"id": "p"}}""", "prompt")]
    [InlineData("""{"input": "x", "truncation": "maybe"}""", "truncation")]
    [InlineData("""{"input": "x", "stream": "yes"}""", "stream")]
    [InlineData("""{"input": "a\ud800b"}""", "input")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_text", "text": "\udc00"}]}]}""", "input[0].content[0].text")]
    [InlineData("""{"input": "x", "instructions": "\ud800"}""", "instructions")]
    [InlineData("""{"input": "x", "unknown": {"deep": ["\ud83d"]}}""", "unknown.deep[0]")]
    [InlineData("""{"input": "x\u0000"}""", "input")]
    [InlineData("""{"input": "x" """, null)]
    [InlineData("""[]""", null)]
    [InlineData("""null""", null)]
    public async Task A_wrong_field_is_named(string body, string? param)
    {
        using var answer = await fleet.Http.PostAsync("/v1/responses", new StringContent(body, Encoding.UTF8, "application/json"));
        var error = (await answer.Json(400)).GetProperty("error");
        error.GetProperty("param").GetString().ShouldBe(param, error.GetRawText());
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_model_or_a_conversation_that_is_not_there_is_404()
    {
        using var model = await Post("""{"input": "x", "model": "nobody-has-it"}""");
        (await model.Json(404)).GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
        using var conversation = await Post("""{"input": "x", "conversation": {"id": "conv_1"}}""");
        (await conversation.Json(404)).GetProperty("error").GetProperty("param").GetString().ShouldBe("conversation");
    }

    [Theory]
    [InlineData("?stream=maybe", "stream")]
    [InlineData("?stream=true&starting_after=x", "starting_after")]
    [InlineData("?stream=true&starting_after=-1", "starting_after")]
    [InlineData("/input_items?limit=0", "limit")]
    [InlineData("/input_items?order=up", "order")]
    [InlineData("/input_items?after=x", "after")]
    public async Task A_wrong_query_is_named(string query, string param)
    {
        using var asked = await Post("""{"input": "x", "background": true}""");
        var id = (await asked.Json(200)).GetProperty("id").GetString();
        using var answer = await fleet.Http.GetAsync($"/v1/responses/{id}{query}");
        (await answer.Json(400)).GetProperty("error").GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task What_can_be_asked_of_responses_is_described()
    {
        var paths = (await fleet.Get("/openapi/v1.json")).GetProperty("paths");
        string[] expected = ["/v1/responses", "/v1/responses/{id}", "/v1/responses/{id}/cancel", "/v1/responses/{id}/input_items"];
        expected.ShouldBeSubsetOf(paths.EnumerateObject().Select(path => path.Name.TrimEnd('/')));
    }

    private Task<HttpResponseMessage> Post(string body) =>
        fleet.Http.PostAsync("/v1/responses", new StringContent(body, Encoding.UTF8, "application/json"));
}
