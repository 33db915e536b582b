using System.Net.Http.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Npgsql;
using static Fleet.Control.Tests.Chat.Responses.ResponseCalls;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>Responses over HTTP: stopped, left alone, and removed.</summary>
public sealed class ResponseEndTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    private readonly ResponseCalls _calls = new(fleet);

    [Fact]
    public async Task What_is_not_to_be_stored_is_gone_after_the_answer()
    {
        await using var agent = await _calls.Model();
        var response = await _calls.Answered(agent, new { model = agent.Model, input = "psst", store = false }, "Yes.");
        Said(response).ShouldBe("Yes.");
        await _calls.Missing(HttpMethod.Get, $"/v1/responses/{Id(response)}");
        using var turn = await fleet.Http.GetAsync($"/v1/turns/{Id(response)["resp_".Length..]}");
        ((int)turn.StatusCode).ShouldBe(404);
        (await fleet.Get("/v1/conversations?search=psst")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task It_is_cancelled_and_removed()
    {
        await using var agent = await _calls.Model();
        var id = Id(await _calls.Ask(new { model = agent.Model, input = "go", background = true }));
        var (run, _) = await agent.Begin();
        await agent.Say(run, "Hel");
        var cancelling = fleet.Http.PostAsync($"/v1/responses/{id}/cancel", null);
        var turns = fleet.Services.GetRequiredService<WorkStatuses>();
        await Eventually.True(async () => (await turns.Find(run.WorkId, default))!.State == "cancelling", "it is told to stop");
        await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        var cancelled = await (await cancelling.Within()).Json(200);
        (Text(cancelled, "status"), Said(cancelled)).ShouldBe(("cancelled", "Hel"));
        using var removed = await fleet.Http.DeleteAsync($"/v1/responses/{id}");
        (await removed.Json(200)).GetRawText().ShouldBe($$"""{"id":"{{id}}","object":"response","deleted":true}""");
        await _calls.Missing(HttpMethod.Get, $"/v1/responses/{id}");
    }

    [Fact]
    public async Task It_goes_on_when_its_caller_goes_away_unless_nobody_could_read_it_then()
    {
        await using var agent = await _calls.Model();
        foreach (var store in (bool[])[true, false])
        {
            using var patience = new CancellationTokenSource();
            var asked = fleet.Http.PostAsJsonAsync("/v1/responses", new { model = agent.Model, input = "go", store }, patience.Token);
            var (run, _) = await agent.Begin();
            await patience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(asked);
            var turns = fleet.Services.GetRequiredService<WorkStatuses>();
            if (store)
            {
                await agent.End(run, new TurnResult("Gone?", agent.Name, true));
                await Eventually.True(async () => (await turns.Find(run.WorkId, default))!.HasSucceeded, "it goes on");
                continue;
            }

            await Eventually.True(
                async () => (await turns.Find(run.WorkId, default))!.State == "cancelling", "it is told to stop");
            await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
            await Eventually.True(async () => await turns.Find(run.WorkId, default) is null, "nothing is left");
        }
    }

    [Fact]
    public async Task What_is_not_to_be_stored_goes_also_when_the_process_that_waited_for_it_died()
    {
        await using var agent = await _calls.Model();
        using var patience = new CancellationTokenSource();
        var asked = fleet.Http.PostAsJsonAsync("/v1/responses", new { model = agent.Model, input = "go", store = false }, patience.Token);
        var (run, _) = await agent.Begin();
        await using var hurry = fleet.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update conversations set deleted_at = now() where id = (select conversation_id from exchanges where turn_id = $1)");
        hurry.Parameters.AddWithValue(run.WorkId);
        (await hurry.ExecuteNonQueryAsync()).ShouldBe(1);
        var turns = fleet.Services.GetRequiredService<WorkStatuses>();
        await Eventually.True(async () => (await turns.Find(run.WorkId, default))!.State == "cancelling", "it is told to stop");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        await Eventually.True(async () => await turns.Find(run.WorkId, default) is null, "nothing is left");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task It_is_cancelled_when_its_caller_goes_away_where_that_is_set(bool stream, bool background)
    {
        var callers = fleet.Services.GetRequiredService<CallerSettings>();
        callers.CancelOnDisconnect = true;
        await using var agent = await _calls.Model();
        using var patience = new CancellationTokenSource();
        var body = JsonContent.Create(new { model = agent.Model, input = "go", stream = stream || background, background });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = body };
        var asked = fleet.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, patience.Token);
        var (run, _) = await agent.Begin();
        await agent.Say(run, "Hel");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        var turns = fleet.Services.GetRequiredService<WorkStatuses>();
        if (background)
        {
            await agent.End(run, new TurnResult("Hello", agent.Name, true));
            await Eventually.True(async () => (await turns.Find(run.WorkId, default))!.HasSucceeded, "it goes on");
        }
        else
        {
            await Eventually.True(async () => (await turns.Find(run.WorkId, default))!.State == "cancelling", "it is told to stop");
            await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        }

        callers.CancelOnDisconnect = false;
    }

    [Fact]
    public async Task What_was_read_of_it_once_is_not_put_together_out_of_its_journal_again()
    {
        await using var agent = await _calls.Model();
        var response = await _calls.Answered(agent, new { model = agent.Model, input = "go" }, "Kept.");
        var first = await fleet.Get($"/v1/responses/{Id(response)}");
        first.GetRawText().ShouldBe(response.GetRawText());
        WireId.TryParse(Id(response).AsSpan("resp_".Length), out var turn).ShouldBeTrue();
        const string erase = "with gone as (delete from journal where stream = $1 returning 1) select count(*) from gone";
        (await fleet.House.Ask<long>(erase, turn)).ShouldBeGreaterThan(0);
        (await fleet.Get($"/v1/responses/{Id(response)}")).GetRawText().ShouldBe(first.GetRawText());
        using var removed = await fleet.Http.DeleteAsync($"/v1/responses/{Id(response)}");
        ((int)removed.StatusCode).ShouldBe(200);
        const string left = "select count(*) from response_outputs where turn_id = $1";
        await Eventually.True(async () => await fleet.House.Ask<long>(left, turn) == 0, "it went too");
    }
}
