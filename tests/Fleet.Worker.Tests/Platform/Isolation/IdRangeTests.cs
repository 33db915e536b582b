using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Tests.Platform.Isolation;

public sealed class IdRangeTests
{
    [Theory]
    [InlineData("200000-200999", 200_000u, 200_999u)]
    [InlineData("5-5", 5u, 5u)]
    public void A_range_has_both_its_ends(string text, uint first, uint last) =>
        IdRange.Parse(text).ShouldBe(new IdRange(first, last));

    [Theory]
    [InlineData("0-10")] // root
    [InlineData("10-5")]
    [InlineData("10")]
    [InlineData("1-2-3")]
    [InlineData("a-b")]
    [InlineData("1-4294967295")]
    [InlineData("-1-5")]
    public void What_is_no_range_is_none(string text) => IdRange.Parse(text).ShouldBeNull();

    [Fact]
    public void Halves_share_nothing_and_leave_nothing_out()
    {
        var (lower, upper) = (new IdRange(10, 20).Half(upper: false), new IdRange(10, 20).Half(upper: true));
        (lower.First, upper.Last).ShouldBe((10u, 20u));
        upper.First.ShouldBe(lower.Last + 1);
    }

    [Fact]
    public void Agents_of_one_host_have_different_ranges()
    {
        var ranges = Enumerable.Range(1, 20).Select(number => IdRange.Of($"worker-{number}")).ToList();
        ranges.Distinct().Count().ShouldBe(20);
        ranges.ShouldAllBe(range => range.First >= 1_900_000_000 && range.Last < int.MaxValue && range.Length == 10_000);
    }

    [Fact]
    public void Agents_of_one_name_in_different_homes_have_different_ranges_and_keep_them()
    {
        using var here = new ScratchHome();
        using var there = new ScratchHome();
        var range = here.RangeOf("worker-1");
        there.RangeOf("worker-1").ShouldNotBe(range);
        here.RangeOf("renamed").ShouldBe(range);
    }

    [Fact]
    public void A_home_that_has_given_numbers_by_the_name_alone_keeps_them()
    {
        using var home = new ScratchHome();
        File.WriteAllText(Path.Combine(home.Path, "tenants"), "");
        home.RangeOf("worker-1").ShouldBe(IdRange.Of("worker-1"));
    }

    /// <summary>An agent's home, without the agent. Needs the right to switch users.</summary>
    private sealed class ScratchHome : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("fleet-ids-").FullName;

        public IdRange RangeOf(string agent)
        {
            var users = new JobUsers(new WorkerSettings { Name = agent, WorkDirectory = Path });
            users.Switches.ShouldBeTrue("root is needed for this");
            users.Open(Path);
            return users.AllGroups;
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
