using Fleet.Control.Platform.Artifacts;

namespace Fleet.Control.Tests.Artifacts;

public sealed class ArtifactNameTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("dir/sub/file.txt", "dir/sub/file.txt")]
    [InlineData("dir%2Fsub%2ffile.txt", "dir/sub/file.txt")]
    [InlineData("...", "...")]
    [InlineData("..a", "..a")]
    [InlineData("100%", "100%")]
    [InlineData("50%25", "50%")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%252fb", "a%2fb")]
    [InlineData("a%25252Fb", "a%252Fb")]
    [InlineData("%2541", "%41")]
    [InlineData("a+b%2B", "a+b+")]
    [InlineData("%C3%BC", "ü")]
    [InlineData("ü &?#+;=.txt", "ü &?#+;=.txt")]
    [InlineData("C:", "C:")]
    public void These_are_names(string path, string name)
    {
        ArtifactName.TryReadPath(path, out var read).ShouldBeTrue();
        read.ShouldBe(name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/./b")]
    [InlineData("a/../b")]
    [InlineData("../a")]
    [InlineData("..%2fa")]
    [InlineData("..%2Fa")]
    [InlineData("%2e%2e/a")]
    [InlineData("%2e%2e%2fa")]
    [InlineData("%252e%252e%252fa")]
    [InlineData("%25252e%25252e%25252fa")]
    [InlineData("a/%2e")]
    [InlineData("..\\a")]
    [InlineData("a%5cb")]
    [InlineData("a%255cb")]
    [InlineData("a\0b")]
    [InlineData("a%00b")]
    [InlineData("a\nb")]
    [InlineData("a%0ab")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData("%ff")]
    [InlineData("%252Fetc")]
    public void These_are_not(string? path) => ArtifactName.TryReadPath(path, out _).ShouldBeFalse();

    [Fact]
    public void Length_is_counted_in_bytes()
    {
        ArtifactName.IsName(new string('a', 255)).ShouldBeTrue();
        ArtifactName.IsName(new string('a', 256)).ShouldBeFalse();
        ArtifactName.IsName(new string('ä', 127)).ShouldBeTrue();
        ArtifactName.IsName(new string('ä', 128)).ShouldBeFalse();
        ArtifactName.IsName(string.Join('/', Enumerable.Repeat(new string('a', 204), 5))).ShouldBeTrue();
        ArtifactName.IsName(string.Join('/', Enumerable.Repeat(new string('a', 205), 5))).ShouldBeFalse();
    }

    [Fact]
    public void A_name_survives_its_url() =>
        ArtifactName.ToPath("a b/ü#?.txt").ShouldBe("a%20b/%C3%BC%23%3F.txt");

    [Fact]
    public void No_two_names_have_one_url()
    {
        var random = new Random(20_261_130);
        string[] pieces = ["%", "2", "5", "F", "f", "/", "a", "A", "ü", " ", "+", "?", "#", ";", "%2F", "%25", "😀", "e\u0301", "."];
        for (var i = 0; i < 20_000; i++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!ArtifactName.IsName(name))
                continue;
            ArtifactName.TryReadPath(ArtifactName.ToPath(name), out var read).ShouldBeTrue(name);
            read.ShouldBe(name);
        }
    }
}
