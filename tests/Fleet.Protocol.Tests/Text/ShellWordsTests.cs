using Fleet.Protocol.Text;

namespace Fleet.Protocol.Tests.Text;

/// <summary>Lines, as a shell splits them.</summary>
public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  --lr 0.1\t--name x ", "--lr|0.1|--name|x")]
    [InlineData("--name 'a b' \"c d\"", "--name|a b|c d")]
    [InlineData("a\\ b c\\\"d", "a b|c\"d")]
    [InlineData("'' \"\" x", "||x")]
    [InlineData("a'b'\"c\"d", "abcd")]
    [InlineData("\"\\$HOME \\n \\\\\" '$x \\n'", "$HOME \\n \\|$x \\n")]
    [InlineData("$(id) `id` ; rm *", "$(id)|`id`|;|rm|*")]
    public void Quotes_and_backslashes_keep_words_together_and_nothing_is_expanded(string line, string words)
    {
        ShellWords.TrySplit(line, out var split).ShouldBeTrue();
        string.Join('|', split).ShouldBe(words);
    }

    [Theory]
    [InlineData("'a")]
    [InlineData("\"a")]
    [InlineData("a\\")]
    [InlineData("\"a\\")]
    public void What_is_not_closed_is_no_line(string line) => ShellWords.TrySplit(line, out _).ShouldBeFalse();
}
