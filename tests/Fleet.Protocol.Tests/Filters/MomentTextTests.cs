using Fleet.Protocol.Filters;

namespace Fleet.Protocol.Tests.Filters;

public sealed class MomentTextTests
{
    private static readonly FilterVocabulary Words = new(new FilterField("created", FilterKind.Time));

    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T12:00", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00Z", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:05", "2026-01-31T12:00:05Z")]
    [InlineData("2026-01-31T12:00:05.25Z", "2026-01-31T12:00:05.25Z")]
    [InlineData("2026-01-31T12:00:05.123456789Z", "2026-01-31T12:00:05.1234567Z")]
    [InlineData("2026-01-31T12:00:05.00000000000000000000001+02:00", "2026-01-31T10:00:05Z")]
    [InlineData("2026-01-31t12:00:05z", "2026-01-31T12:00:05Z")]
    [InlineData("2026-01-31T12:00:05+02:00", "2026-01-31T10:00:05Z")]
    [InlineData("2026-01-31T12:00:05-07:30", "2026-01-31T19:30:05Z")]
    public void These_are_times(string text, string utc)
    {
        MomentText.TryRead(text, out var moment).ShouldBeTrue();
        moment.ShouldBe(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("12:00")]
    [InlineData("2026")]
    [InlineData("2026-11")]
    [InlineData("1/2/2026")]
    [InlineData("31.01.2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-01-31 12:00")]
    [InlineData("2026-01-31T12:00:00 02:00")]
    [InlineData("Sat, 31 Jan 2026 12:00:00 GMT")]
    [InlineData("1769860800")]
    public void These_are_not(string text) => MomentText.TryRead(text, out _).ShouldBeFalse();

    [Fact]
    public void An_offset_whose_plus_sign_was_lost_on_the_way_gets_a_hint() =>
        Should.Throw<FilterException>(() => FilterText.Parse("created>2026-01-31T12:00:00 02:00", Words)).Message.ShouldContain("%2B");
}
