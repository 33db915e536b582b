using Fleet.Control.Jobs;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Filters;
using Microsoft.Extensions.Primitives;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Lists of jobs.</summary>
public sealed class JobListTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly Caller Admin = new(Guid.NewGuid(), "admin", "default", Scope.Admin);

    [Fact]
    public async Task A_page_of_large_jobs_ends_early_and_the_next_goes_on()
    {
        await using var control = TestControl.On(house);
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            var job = new Job
            {
                CorrelationId = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(i)),
                State = "Succeeded",
                Tenant = "default",
                Family = JobFamily.Job,
                Kind = "noop",
                Spec = "{}",
                Result = $"\"{new string('x', 3 * 1024 * 1024)}\"",
            };
            await house.Store(job);
            ids.Add(job.CorrelationId);
        }

        var pages = new List<WorkList<object>>();
        do
            pages.Add(await List(control, pages.LastOrDefault()?.Next));
        while (pages[^1].Next is not null);
        pages.Select(page => page.Items.Count).ShouldBe([3, 3, 1]);
        pages.SelectMany(page => page.Items).Cast<JobView>().Select(job => job.JobId).ShouldBe(Enumerable.Reverse(ids));
    }

    [Theory]
    [InlineData("kind", "noop")]
    [InlineData("agent", "worker-1")]
    [InlineData("name", "x")]
    [InlineData("filter", "name:x")]
    [InlineData("view", "x")]
    [InlineData("since", "2030-01-31T12:00:00Z")]
    public void A_filter_that_takes_one_value_is_given_once(string field, string value)
    {
        var query = new QueryCollection(new Dictionary<string, StringValues> { [field] = new([value, value]) });
        Should.Throw<ProblemException>(() => WorkListQuery.Of(query, new WorkVocabulary(TestKinds.New()))).Problem.Errors.Keys.ShouldBe([field]);
    }

    private static Task<WorkList<object>> List(TestControl control, string? cursor)
    {
        var http = new DefaultHttpContext();
        if (cursor is not null)
            http.Request.QueryString = QueryString.Create("cursor", cursor);
        return control.Get<WorkStore>().List(
            TestKinds.Family, Filter.Everything, Page.Of(http.Request), Admin, CancellationToken.None);
    }
}
