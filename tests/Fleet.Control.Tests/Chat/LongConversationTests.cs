using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;

namespace Fleet.Control.Tests.Chat;

/// <summary>A conversation of a hundred turns.</summary>
public sealed class LongConversationTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    private const int Turns = 100;
    private const int Remembered = 20; // Chat:MemoryTurns

    [Fact]
    public async Task The_last_turn_is_told_no_more_than_the_thirtieth_and_pages_show_all_of_them_once()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        var told = new List<TurnSpec>();
        for (var number = 1; number <= Turns; number++)
        {
            await agent.Raw.Beat();
            await fleet.Ask(conversation, new { text = $"question {number}" });
            told.Add(await agent.Answer($"answer {number}"));
        }

        var last = fleet.Get($"/v1/conversations/{conversation}/turns?limit=1");
        await fleet.Get($"/v1/turns/{(await last).GetProperty("items")[0].GetProperty("turn_id").GetString()}?wait=60");
        foreach (var number in (int[])[30, Turns])
        {
            told[number - 1].History!.Select(message => message.Content).ShouldBe(
                Enumerable.Range(number - Remembered, Remembered)
                    .SelectMany(before => (string[])[$"question {before}", $"answer {before}"]));
        }

        var (numbers, cursor) = (new List<int>(), "");
        for (var pages = 1; ; pages++)
        {
            var page = await fleet.Get($"/v1/conversations/{conversation}/turns?limit=50{cursor}");
            foreach (var turn in page.GetProperty("items").EnumerateArray())
            {
                numbers.Add(turn.GetProperty("number").GetInt32());
                turn.GetProperty("answer").GetString().ShouldBe($"answer {numbers[^1]}");
            }

            if (page.GetProperty("next").GetString() is not { } next)
            {
                pages.ShouldBe(Turns / 50);
                break;
            }

            cursor = $"&cursor={next}";
        }

        numbers.ShouldBe(Enumerable.Range(1, Turns).Reverse());
    }
}
