using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Http;

public sealed class PageTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=+5", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=*", "cursor")]
    [InlineData("cursor=AA", "cursor")]
    [InlineData("cursor=_w", "cursor")]
    public async Task A_wrong_one_is_named(string query, string field)
    {
        using var answer = await (await house.Door()).Http.GetAsync($"/test/page?{query}");
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_list_is_cut_into_pages_that_follow_each_other()
    {
        var first = Read("?limit=2").Cut([5, 4, 3], row => $"row {row}", row => row * 10);
        first.Items.ShouldBe([50, 40]);
        Read($"?limit=2&cursor={first.Next}").After.ShouldBe("row 4");
        new Page(2, null).Cut([2, 1], row => $"row {row}", row => row).Next.ShouldBeNull();
    }

    [Fact]
    public void A_cursor_of_another_list_is_refused()
    {
        var cursor = On("/v1/jobs", "").CursorOf(Guid.CreateVersion7());
        On("/v1/jobs", $"?cursor={cursor}").AfterId.ShouldNotBeNull();
        On("/v1/jobs/", $"?cursor={cursor}").AfterId.ShouldNotBeNull();
        Should.Throw<ProblemException>(() => On("/v1/turns", $"?cursor={cursor}")).Problem.Errors.Keys.ShouldBe(["cursor"]);
    }

    [Fact]
    public void A_list_by_id_goes_on_after_the_last_one()
    {
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        var page = Read("?limit=1").Cut(ids, id => id, id => id);
        Read($"?cursor={page.Next}").AfterId.ShouldBe(ids[0]);
        (Read("").Limit, Read("").After).ShouldBe((50, null));
        Should.Throw<ProblemException>(() => new Page(1, "row 4").AfterId).Problem.Errors.Keys.ShouldBe(["cursor"]);
    }

    private static Page Read(string query) => On("", query);

    private static Page On(string path, string query) =>
        Page.Of(new DefaultHttpContext { Request = { Path = path, QueryString = new QueryString(query) } }.Request);
}
