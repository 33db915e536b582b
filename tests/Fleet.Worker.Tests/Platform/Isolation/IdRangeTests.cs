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
}
