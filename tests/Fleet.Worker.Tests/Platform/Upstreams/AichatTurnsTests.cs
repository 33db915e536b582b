using System.Text.Json;
using Fleet.Worker.Platform.Upstreams;
using Fleet.Worker.Platform.Upstreams.Aichat;

namespace Fleet.Worker.Tests.Platform.Upstreams;

/// <summary>What a list of turns says of a question, in whichever shape it comes.</summary>
public sealed class AichatTurnsTests
{
    private const string Question = """{"role":"user","content":"why?","created_at":"2030-01-01T10:00:00Z"}""";
    private const string Earlier = """{"role":"user","content":"why?","created_at":"2030-01-01T09:00:00Z"}""";
    private const string Answer = """{"role":"assistant","content":"so","created_at":"2030-01-01T10:00:09Z"}""";
    private const string Working = """{"role":"assistant","content":"s","status":"streaming","created_at":"2030-01-01T10:00:09Z"}""";
    private const string Failed = """{"role":"assistant","content":"","status":"failed","created_at":"2030-01-01T10:00:09Z"}""";
    private const string Next = """{"role":"user","content":"and?","created_at":"2030-01-01T10:01:00Z"}""";

    private const string JustBefore = """{"user_message":"why?","response":"old","started_at":"2030-01-01T09:59:57Z"}""";

    private static readonly DateTimeOffset Since = DateTimeOffset.Parse("2030-01-01T10:00:00.9Z", null);

    [Theory]
    [InlineData($"[{Question},{Answer}]", "so")]
    [InlineData($"[{Answer},{Question}]", "so")]
    [InlineData($"{{\"turns\":[{Question},{Answer}]}}", "so")]
    [InlineData($"[{Question},{Answer},{Next}]", "so")]
    [InlineData("""[{"user_message":"why? ","response":"so","started_at":"2030-01-01T10:00:00Z","status":"completed"}]""", "so")]
    [InlineData($"[{JustBefore},{Question},{Answer}]", "so")]
    [InlineData($"[{JustBefore},{Question}]", "in work")]
    [InlineData($"[{JustBefore},{Question},{Failed}]", "old")]
    [InlineData($"[{JustBefore}]", "old")]
    [InlineData($"[{Question}]", "in work")]
    [InlineData($"[{Question},{Working}]", "in work")]
    [InlineData($"[{Question},{Failed}]", "gone")]
    [InlineData($"[{Question},{Next}]", "gone")]
    [InlineData("""[{"user_message":"why?","started_at":"2030-01-01T10:00:00Z","status":"running"}]""", "in work")]
    [InlineData($"[{Earlier},{Answer}]", "unknown")]
    [InlineData($"[{Next}]", "unknown")]
    [InlineData("[]", "unknown")]
    [InlineData("{\"turns\":null}", "unknown")]
    [InlineData("""[7,null,{},{"role":"assistant","content":"so"},{"role":"user","content":"why?"}]""", "unknown")]
    public void An_answer_is_there_or_in_work_or_gone_or_unknown(string turns, string expected)
    {
        using var document = JsonDocument.Parse(turns);
        var former = AichatTurns.Find(document.RootElement, "c-1", "why?", Since);
        var said = former is FormerAnswerFound found ? found.Text
            : former == FormerAnswer.InWork ? "in work"
            : former == FormerAnswer.Gone ? "gone"
            : "unknown";
        said.ShouldBe(expected);
    }
}
