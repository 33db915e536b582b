using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;
using Fleet.Protocol.Patterns;

namespace Fleet.EndToEnd.Tests.Patterns;

/// <summary>Patterns match where RE2 itself says so, and are refused where it does; what differs is here, with its reason.</summary>
[Collection(OneControl.Name)]
public sealed class PatternOracleTests(OneControl fleet)
{
    /// <summary>
    /// <c>\b</c> asks for letters of any script on its sides, as Rust's engine does, and RE2 for those of ASCII. A script is no
    /// general category, and is refused. <c>\C</c> means bytes, and a text here has none. <c>\cA</c> is of the package, not of RE2. The
    /// long s has no other case in .NET.
    /// </summary>
    private static readonly string[] Decided = [@"\bger", @"\p{Greek}", @"\C", @"\cA", "(?i)ſ"];

    private static readonly string[] Patterns =
    [
        "", "error", "Error", "(?i)ERROR", "^error", "error$", "(?m)^error$", "e.*r", "(?s)e.*r", "[a-z]+", "[^a-z]", "[[:upper:]]", "[[:^space:]]",
        @"\d+", @"\D", @"\w+$", @"\W", @"\s", @"\S{3}", @"\bfoo\b", @"\Bo", @"\Afoo", @"foo\z", @"\x66oo", @"\x{1F600}", @"\146oo",
        @"\Q.*\E", @"a\Q+", @"\pL", @"\p{Lu}", @"\P{Ll}", @"\p{^Lu}", @"\p{Nd}", @"[\p{L}\d]+", "a{2}", "a{2,}", "a{2,3}b", "a{,3}", "x{", "a{1001}",
        "(a+)+b", "(a|b|ab)*c", "(?:a|)b", "a||b", "()", "(|a)+", "a**", "a*+", "a*?", "a+?b", "a??", "(?U)a+", "(?i)straße", "(?i:a)B", "a(?i)b|c",
        "(?-i)a", "(?i-s:A.)", "(?P<n>a)b", "(?<n>a)b", "(?<n>a)(?<n>b)", "(?P=n)", "(?<1>a)", "(a", "a)", "[a", "[]a]", "[^]a]", "[a-]", "[-a]",
        "[z-a]", "[a-\\d]", "[\\d-z]", "[[:foo:]]", "[[.a.]]", "\\", "\\1", "(a)\\1", "\\8", "\\0", "\\012", "\\Z", "\\G", "\\K", "\\h", "\\R", "\\X",
        "\\u0041", "\\cA", "\\e", "\\-", "\\_", "\\é", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "(?#a)", "(?x)a", "(?z)", "(?i", "*", "+a", "?", "^*",
        "$*", "^+", "\\b+", "(?:^)*a", ".", "^.$", "^..$", "[^\\n]", "\U0001F600", "[\U0001F600-\U0001F64F]", "[^\U0001F600]", "ä", "(?i)Ä", "[à-ý]+",
        "(a{100}){10}", "(a{100}){11}", "((a{10}){10}){10}", "(?:a{1000}){1}", "a{3,2}", "a{-1}", "{", "}", "a{1", "a{1,", "a{1,2,3}", "|", "a|*",
        "(?s).", "(?s:.)", "(?m)$", "(?m)^$", "$", "^", "^$", @"\t", @"\f\v", @"[\b]", @"[\x00-\x1f]", "(?i)k", "(?i)ſ", @"\bger", @"\p{Greek}", @"\C",
    ];

    private static readonly string[] Texts =
    [
        "", "error", "an ERROR here\nerror\n", "foo", "a foo b", "foobar", "aaab", "aab\n", ".*", "a+", "STRASSE straße", "Ärger ä", "\u0663 7", "\t\f\v",
        "\U0001F600", "x\U0001F600y", "aBc", "ab", "-", "_", "\n", " ", "k K \u212a s \u017f", "{", "}", "a{,3}", "x{", "a{1", "a{-1}", "\u0001", "\0", "]", "[",
    ];

    [Fact]
    public async Task Patterns_are_those_of_RE2_but_for_what_was_decided()
    {
        var file = fleet.Home.NewFile();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(Patterns.Select(pattern => new object[] { pattern, Texts })));
        var printed = await new NodePackage(fleet.Home, "Patterns/Re2").Run("matches.mjs", file);
        var theirs = FleetJson.Read<string[]>(printed);
        Patterns.Zip(theirs).Where(one => Ours(one.First) != one.Second && !Decided.Contains(one.First))
            .Select(one => $"{one.First}: {Ours(one.First)} and not {one.Second}").ShouldBeEmpty();
    }

    private static string Ours(string pattern)
    {
        try
        {
            var read = Pattern.Parse(pattern);
            return string.Concat(Texts.Select(text => read.IsMatch(text) ? '1' : '0'));
        }
        catch (PatternException)
        {
            return "!";
        }
    }
}
