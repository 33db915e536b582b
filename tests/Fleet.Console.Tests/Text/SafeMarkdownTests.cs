using Fleet.Console.Text;

namespace Fleet.Console.Tests.Text;

/// <summary>What models say is drawn, and does nothing.</summary>
public sealed class SafeMarkdownTests
{
    [Theory]
    [InlineData("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>")]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")]
    [InlineData("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>")]
    [InlineData("[x](javascript:alert(1))", "<p>x (javascript:alert(1))</p>")]
    [InlineData("[x](data:text/html,y)", "<p>x (data:text/html,y)</p>")]
    [InlineData("[x](//evil.example)", "<p>x (//evil.example)</p>")]
    [InlineData("![pixel](http://evil.example/p.png)", "<p>pixel (http://evil.example/p.png)</p>")]
    [InlineData("<javascript:alert(1)>", "<p>javascript:alert(1)</p>")]
    [InlineData("[x](https://a.example)",
        "<p><a href=\"https://a.example\" rel=\"noopener noreferrer nofollow\" target=\"_blank\" title=\"https://a.example\">x</a></p>")]
    [InlineData("a\u202eb", "<p>a\\u202eb</p>")]
    [InlineData(null, "")]
    public void It_is_markup_of_ours_alone(string? said, string drawn) => SafeMarkdown.Of(said).Value.Trim().ShouldBe(drawn);
}
