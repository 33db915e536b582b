using Fleet.Protocol.Patterns;

namespace Fleet.Protocol.Tests.Patterns;

public sealed class PatternTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("err", "an error here", true)]
    [InlineData("Err", "an error here", false)]
    [InlineData("(?i)Err", "an ERROR here", true)]
    [InlineData("^b", "a\nb", false)]
    [InlineData("(?m)^b$", "a\nb\nc", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData("(?m)a$", "a\n", true)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("(?s)a.b", "a\nb", true)]
    [InlineData("^.$", "\U0001F600", true)]
    [InlineData("^[^a]$", "\U0001F600", true)]
    [InlineData("^[\U0001F600-\U0001F64F]+$", "\U0001F600\U0001F610", true)]
    [InlineData("^[\U0001F600-\U0001F64F]+$", "\U0001F680", false)]
    [InlineData(@"^\p{Lu}\p{Ll}+$", "Ärger", true)]
    [InlineData(@"^\pL+$", "ärger", true)]
    [InlineData(@"^\PL+$", "123", true)]
    [InlineData(@"^\d$", "\u0663", false)]
    [InlineData(@"^\w+$", "ärger", false)]
    [InlineData(@"^\s$", "\v", false)]
    [InlineData(@"^[[:alpha:]]+$", "abc", true)]
    [InlineData(@"^[[:^digit:]]+$", "abc", true)]
    [InlineData(@"^[\d-]+$", "1-2", true)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[^]]$", "]", false)]
    [InlineData(@"a\Q.*\Eb", "a.*b", true)]
    [InlineData(@"\x41\x{1F600}", "A\U0001F600", true)]
    [InlineData(@"\101", "A", true)]
    [InlineData("^a{2,3}$", "aaaa", false)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("x{", "x{", true)]
    [InlineData("(?P<year>[0-9]{4})-(?<month>[0-9]{2})", "2030-01", true)]
    [InlineData("(?i:A)b", "ab", true)]
    [InlineData("(?i:A)b", "aB", false)]
    [InlineData("a(?i)b|c", "aC", true)]
    [InlineData(@"\bfoo\b", "a foo b", true)]
    [InlineData(@"\Afoo\z", "foo\n", false)]
    [InlineData("a|", "zzz", true)]
    [InlineData("(?U)a+?b", "aab", true)]
    [InlineData("[^\\x00-\\x{10FFFF}]", "a", false)]
    public void It_matches_what_RE2_matches(string pattern, string text, bool isMatch) =>
        Pattern.Parse(pattern).IsMatch(text).ShouldBe(isMatch);

    [Theory]
    [InlineData(@"(a)\1", "invalid escape sequence: \\1")]
    [InlineData("(?=a)", "invalid perl operator: (?=")]
    [InlineData("(?!a)", "invalid perl operator: (?!")]
    [InlineData("(?<=a)", "invalid perl operator: (?<=")]
    [InlineData("(?<!a)", "invalid perl operator: (?<!")]
    [InlineData("(?>a)", "invalid perl operator: (?>")]
    [InlineData("a**", "bad repetition operator: **")]
    [InlineData("a++", "bad repetition operator: ++")]
    [InlineData("*a", "no argument for repetition operator: *")]
    [InlineData("a|*", "no argument for repetition operator: *")]
    [InlineData("(a", "missing ): (a")]
    [InlineData("a)", "unexpected ): a)")]
    [InlineData("[a", "missing ]: [a")]
    [InlineData("[z-a]", "invalid character class range: z-a")]
    [InlineData("a{1001}", "invalid repetition size: {1001}")]
    [InlineData("(a{100}){100}", "invalid repetition size: {100}")]
    [InlineData("a{3,2}", "invalid repetition size: {3,2}")]
    [InlineData(@"\Z", "invalid escape sequence: \\Z")]
    [InlineData(@"\h", "invalid escape sequence: \\h")]
    [InlineData(@"\u00", "invalid escape sequence: \\u00")]
    [InlineData(@"a\", "trailing \\")]
    [InlineData(@"\p{Nonsense}", "invalid character class range: \\p{Nonsense}")]
    [InlineData("[[:nonsense:]]", "invalid character class range: [:nonsense:]")]
    [InlineData("(?x)a", "invalid perl operator: (?x")]
    [InlineData("(?<n>a)(?<n>b)", "duplicate capture group name: n")]
    public void What_RE2_does_not_know_is_refused_with_its_reason(string pattern, string reason) =>
        Should.Throw<PatternException>(() => Pattern.Parse(pattern)).Message.ShouldBe(reason);

    [Theory]
    [InlineData("connection refused", "connection refused")]
    [InlineData("^error: .* at line [0-9]+$", " at line ,error: ")]
    [InlineData("(?i)error", "error")]
    [InlineData("ab|cdef", "")]
    [InlineData("(abc)+d", "abc")]
    [InlineData("(abc)?def", "def")]
    [InlineData("(?i)disk full", "di, full")]
    public void Texts_that_every_match_holds_are_known(string pattern, string needed)
    {
        var known = Pattern.Parse(pattern).Needed;
        known.ShouldAllBe(text => needed.Contains(text, StringComparison.Ordinal) || text.Length >= 3);
        (known.Count == 0).ShouldBe(needed.Length == 0);
    }

    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|aa)+$")]
    [InlineData("(x+x+)+y")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[0-9]z")]
    public void No_text_makes_it_backtrack(string pattern) =>
        Pattern.Parse(pattern).IsMatch(new string('a', 100_000) + "!").ShouldBeFalse();

    [Fact]
    public void Nothing_is_too_deep_to_be_refused() =>
        Should.Throw<PatternException>(() => Pattern.Parse(new string('(', 900) + new string(')', 900)));
}
