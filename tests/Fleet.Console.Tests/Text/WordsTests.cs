using Fleet.Console.Text;

namespace Fleet.Console.Tests.Text;

public sealed class WordsTests
{
    private static readonly DateTimeOffset Now = new(2031, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0L, "0 B")]
    [InlineData(1536L, "1.5 KiB")]
    [InlineData(5L << 40, "5 TiB")]
    public void Sizes_are_short(long? bytes, string said) => Words.Bytes(bytes).ShouldBe(said);

    [Theory]
    [InlineData(-2, "just now")]
    [InlineData(-90, "1 min ago")]
    [InlineData(90, "in 1 min")]
    [InlineData(-86_400 * 3, "3 d ago")]
    public void Times_are_said_as_people_do(int seconds, string said) => Words.Ago(Now.AddSeconds(seconds), Now).ShouldBe(said);

    [Theory]
    [InlineData("plain name", "plain name")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("a\u202eb\u0007", "a\\u202eb\u2407")]
    public void Names_stay_on_one_line_and_hide_nothing(string name, string shown) => Words.Plain(name).ShouldBe(shown);

    [Theory]
    [InlineData("a", "\"a\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    public void Values_of_filters_are_quoted(string value, string quoted) => Words.Quoted(value).ShouldBe(quoted);

    [Theory]
    [InlineData("0.1.0+48825db2e4364725e28d7", "0.1.0+48825db")]
    [InlineData("1.0", "1.0")]
    [InlineData(null, "")]
    public void A_version_has_the_beginning_of_its_revision(string? version, string shown) => Words.Version(version).ShouldBe(shown);
}
