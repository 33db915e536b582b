using System.ClientModel;
using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>OpenAI's own client library, as it is published, against the edge.</summary>
[Collection(ModelFleet.Name)]
public sealed class OpenAiClientTests(ModelFleet fleet)
{
    private const string Words = "all is well that ends well";

    private readonly OpenAIClient _client = new(
        new ApiKeyCredential(fleet.Home.AdminKey),
        new OpenAIClientOptions { Endpoint = new Uri(fleet.Scripts.Ports.EdgeUrl, "/v1") });

    [Fact]
    public async Task It_chats()
    {
        var answer = (await _client.GetChatClient("echo").CompleteChatAsync(Words).Within()).Value;
        answer.Content[0].Text.ShouldBe(Words);
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Usage.TotalTokenCount.ShouldBeGreaterThan(0);
        answer.Usage.OutputTokenCount.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task It_streams_a_chat_with_its_usage()
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 250), "echo");
        var pieces = new List<string>();
        ChatTokenUsage? usage = null;
        ChatFinishReason? reason = null;
        await foreach (var piece in _client.GetChatClient("echo").CompleteChatStreamingAsync(Words))
        {
            pieces.AddRange(piece.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            usage ??= piece.Usage;
            reason ??= piece.FinishReason;
        }

        fleet.Echo.Script.Clear();
        string.Concat(pieces).ShouldBe(Words);
        pieces.Count.ShouldBeGreaterThan(1);
        reason.ShouldBe(ChatFinishReason.Stop);
        usage!.TotalTokenCount.ShouldBe(usage.InputTokenCount + usage.OutputTokenCount);
    }

    [Fact]
    public async Task It_is_asked_to_call_tools_and_tells_what_they_said()
    {
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("look", "looks", BinaryData.FromString("""{"type": "object", "properties": {}}""")) },
        };
        var chat = _client.GetChatClient("echo");
        List<ChatMessage> messages = [new UserChatMessage("please call the tool look")];
        var answer = (await chat.CompleteChatAsync(messages, options).Within()).Value;
        answer.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        var call = answer.ToolCalls.ShouldHaveSingleItem();
        call.FunctionName.ShouldBe("look");
        messages.Add(new AssistantChatMessage(answer));
        messages.Add(new ToolChatMessage(call.Id, "nothing"));
        messages.Add(new UserChatMessage("and now"));
        (await chat.CompleteChatAsync(messages, options).Within()).Value.Content[0].Text.ShouldBe("and now");

        var names = new List<string>();
        await foreach (var piece in chat.CompleteChatStreamingAsync([messages[0]], options))
            names.AddRange(piece.ToolCallUpdates.Select(update => update.FunctionName).OfType<string>());
        names.ShouldBe(["look"]);
    }

    [Fact]
    public async Task It_gets_embeddings()
    {
        var vectors = (await _client.GetEmbeddingClient("echo").GenerateEmbeddingsAsync(["one", "two"]).Within()).Value;
        vectors.Count.ShouldBe(2);
        vectors[0].ToFloats().Length.ShouldBe(16);
        vectors[0].ToFloats().ToArray().ShouldNotBe(vectors[1].ToFloats().ToArray());
        vectors[0].ToFloats().ToArray().Sum(number => number * number).ShouldBe(1, 0.001);
    }

    [Fact]
    public async Task It_lists_models()
    {
        var models = (await _client.GetOpenAIModelClient().GetModelsAsync().Within()).Value;
        models.Select(model => model.Id).ShouldContain(id => id.StartsWith("echo", StringComparison.Ordinal));
        (await _client.GetOpenAIModelClient().GetModelAsync(models[0].Id).Within()).Value.Id.ShouldBe(models[0].Id);
    }

    [Fact]
    public async Task It_understands_why_it_is_refused()
    {
        var missing = await Should.ThrowAsync<ClientResultException>(
            () => _client.GetChatClient("nobody-has-it").CompleteChatAsync(Words).Within());
        missing.Status.ShouldBe(404);
        missing.Message.ShouldContain("nobody-has-it");
        var stranger = new OpenAIClient(
            new ApiKeyCredential("wrong"), new OpenAIClientOptions { Endpoint = new Uri(fleet.Scripts.Ports.EdgeUrl, "/v1") });
        var refused = await Should.ThrowAsync<ClientResultException>(
            () => stranger.GetChatClient("echo").CompleteChatAsync(Words).Within());
        refused.Status.ShouldBe(401);
    }
}
