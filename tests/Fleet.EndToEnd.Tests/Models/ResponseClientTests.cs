using System.ClientModel;
using System.Text;
using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;
using OpenAI.Responses;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>Clients of the Responses API, as they are published, against the edge.</summary>
[Collection(ModelFleet.Name)]
public sealed class ResponseClientTests(ModelFleet fleet)
{
    private const string Words = "all is well that ends well";

    private readonly ResponsesClient _client = new(
        new ApiKeyCredential(fleet.Home.AdminKey),
        new ResponsesClientOptions { Endpoint = new Uri(fleet.Scripts.Ports.EdgeUrl, "/v1") });

    [Fact]
    public async Task OpenAIs_client_and_the_AI_SDK_for_JavaScript_ask_stream_wait_stop_and_call_tools()
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 250), "echo");
        var said = await StockClients.Run(fleet, "openai.mjs", fleet.Scripts.Ports.EdgeUrl.ToString(), fleet.Home.AdminKey);
        fleet.Echo.Script.Clear();
        said.ShouldContain("all is well");
    }

    [Fact]
    public async Task OpenAIs_client_for_NET_asks_follows_up_and_removes()
    {
        var first = (await _client.CreateResponseAsync("echo", Words).Within()).Value;
        (first.Status, first.GetOutputText()).ShouldBe((ResponseStatus.Completed, Words));
        var second = (await _client.CreateResponseAsync("echo", "and again", first.Id).Within()).Value;
        second.PreviousResponseId.ShouldBe(first.Id);
        (await _client.GetResponseAsync(second.Id).Within()).Value.GetOutputText().ShouldBe("and again");
        var items = new List<ResponseItem>();
        await foreach (var item in _client.GetResponseInputItemsAsync(second.Id))
            items.Add(item);
        items.ShouldHaveSingleItem().ShouldBeAssignableTo<MessageResponseItem>()!.Content[0].Text.ShouldBe("and again");
        (await _client.DeleteResponseAsync(second.Id).Within()).Value.Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<ClientResultException>(() => _client.GetResponseAsync(second.Id).Within())).Status.ShouldBe(404);
    }

    [Fact]
    public async Task OpenAIs_client_for_NET_streams_and_resumes()
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 30), "echo");
        var (text, numbers, id) = (new StringBuilder(), new List<int>(), "");
        await foreach (var update in await _client.CreateResponseStreamingAsync("echo", Words).Within())
        {
            numbers.Add(update.SequenceNumber);
            text.Append((update as StreamingResponseOutputTextDeltaUpdate)?.Delta);
            id = (update as StreamingResponseCompletedUpdate)?.Response.Id ?? id;
        }

        fleet.Echo.Script.Clear();
        text.ToString().ShouldBe(Words);
        numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
        var again = new List<int>();
        await foreach (var update in await _client.GetResponseStreamingAsync(
            new GetResponseOptions(id) { StartingAfter = 4, StreamingEnabled = true }).Within())
            again.Add(update.SequenceNumber);
        again.ShouldBe(numbers.Skip(5));
    }

    [Theory]
    [InlineData("control-1")]
    [InlineData("worker-1")]
    public async Task A_response_in_the_background_survives_the_death_of_a_process(string process)
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 100), "echo");
        var options = new CreateResponseOptions
        {
            Model = "echo",
            BackgroundModeEnabled = true,
            InputItems = { ResponseItem.CreateUserMessageItem(string.Join(' ', Enumerable.Repeat(Words, 10))) },
        };
        var response = (await _client.CreateResponseAsync(options).Within()).Value;
        response.Status.ShouldBe(ResponseStatus.Queued);
        await Eventually.True(
            async () => (await _client.GetResponseAsync(response.Id)).Value.GetOutputText()?.Length > 20, "a part of the answer came");
        await fleet.Scripts.Kill(process);
        await fleet.Scripts.Restart(process);
        await Eventually.True(
            async () => (await _client.GetResponseAsync(response.Id)).Value.Status == ResponseStatus.Completed, "it is complete");
        fleet.Echo.Script.Clear();
        (await _client.GetResponseAsync(response.Id).Within()).Value.GetOutputText()
            .ShouldBe(string.Join(' ', Enumerable.Repeat(Words, 10)));
    }
}
