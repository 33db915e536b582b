using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>What nobody could handle: it can be seen, sent again once, and thrown away.</summary>
[Collection(OneControl.Name)]
public sealed class DeadLetterTests(OneControl fleet)
{
    private readonly string _marker = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_dead_letter_is_listed_replayed_once_and_deleted()
    {
        await fleet.Rabbit.Publish("fleet-jobs", $"nonsense {_marker}");
        var letter = (await Letters(1)).Single();
        letter.Endpoint.ShouldBe("fleet-jobs");
        letter.Reason.ShouldNotBeNullOrWhiteSpace();
        letter.ReplayedAt.ShouldBeNull();

        var replayed = await fleet.Client.Ask<LetterView>(
            HttpStatusCode.OK, HttpMethod.Post, $"/v1/dead-letters/{letter.LetterId}/replay");
        replayed.ReplayedAt.ShouldNotBeNull();
        (await Letters(2)).Count(one => one.ReplayedAt is null).ShouldBe(1, "it came back as another");
        var twice = await fleet.Client.Ask<LetterView>(
            HttpStatusCode.OK, HttpMethod.Post, $"/v1/dead-letters/{letter.LetterId}/replay");
        twice.ReplayedAt.ShouldBe(replayed.ReplayedAt);
        await Task.Delay(500);
        (await Letters(2)).Count.ShouldBe(2);

        foreach (var one in await Letters(2))
        {
            using var deleted = await fleet.Client.Send(HttpMethod.Delete, $"/v1/dead-letters/{one.LetterId}");
            await deleted.Must(HttpStatusCode.NoContent);
        }

        using var gone = await fleet.Client.Send(HttpMethod.Get, $"/v1/dead-letters/{letter.LetterId}");
        await gone.MustRefuse(404, "not_found");
    }

    [Fact]
    public async Task Only_admins_see_dead_letters()
    {
        var key = await fleet.Client.NewKey("looker", role: "operator");
        using var client = fleet.ClientWith(key.Key);
        using var answer = await client.Send(HttpMethod.Get, "/v1/dead-letters");
        await answer.MustRefuse(403, "forbidden");
    }

    /// <summary>The letters of this test, when there are so many.</summary>
    private async Task<List<LetterView>> Letters(int count)
    {
        List<LetterView> letters = [];
        await Eventually.True(
            async () =>
            {
                letters = [];
                PageView<LetterView>? page = null;
                do
                {
                    var cursor = page is null ? "" : $"&cursor={page.Next}";
                    page = await fleet.Client.Get<PageView<LetterView>>($"/v1/dead-letters?limit=200{cursor}");
                    letters.AddRange(page.Items.Where(letter => letter.BodyPreview.Contains(_marker, StringComparison.Ordinal)));
                }
                while (page.Next is not null);
                return letters.Count >= count;
            },
            $"{count} dead letters");
        return letters;
    }

    private sealed record LetterView(
        string LetterId, string Endpoint, string Reason, string BodyPreview, DateTimeOffset? ReplayedAt);
}
