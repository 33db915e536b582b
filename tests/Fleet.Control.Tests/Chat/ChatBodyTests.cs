using System.Text;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat;

/// <summary>Bodies that conversations and turns refuse at once, as nothing later could keep or send them.</summary>
public sealed class ChatBodyTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Theory]
    [InlineData("/v1/conversations", """{"context":{"a":"\ud800"}}""", "context.a")]
    [InlineData("/v1/conversations", """{"context":{"a":[{"b":"\uDC00 "}]}}""", "context.a[0].b")]
    [InlineData("/v1/conversations", """{"context":{"a":1,"a":2}}""", "context.a")]
    [InlineData("/v1/conversations/{id}/turns", """{"text":"?","context":{"a":"\ud800"}}""", "context.a")]
    [InlineData("/v1/conversations/{id}/turns", """{"text":null}""", "text")]
    public async Task What_cannot_be_kept_is_refused_with_its_field(string path, string json, string field)
    {
        var conversation = await fleet.Conversation();
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await fleet.Http.PostAsync(path.Replace("{id}", conversation, StringComparison.Ordinal), body);
        var problem = await answer.Problem(400, "invalid_field");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
    }
}
