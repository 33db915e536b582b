using System.Text;

namespace Fleet.EchoModel;

/// <summary>Writes one answer: line by line, or all at its end.</summary>
internal sealed class OllamaAnswer(HttpContext context, EchoQuestion question, bool isChat)
{
    private readonly StringBuilder _said = new();
    private readonly StringBuilder _thought = new();
    private readonly List<object> _calls = [];
    private int _words;

    public async Task Think(string text)
    {
        _thought.Append(text);
        await Line("", text, null);
    }

    public async Task Say(string word)
    {
        _words++;
        _said.Append(word);
        await Line(word, null, null);
    }

    public async Task Call(string tool)
    {
        _words++;
        _calls.Add(new { Function = new { Name = tool, Arguments = new { question.Text } } });
        await Line("", null, _calls);
    }

    public async Task End(string reason, TimeSpan loaded, TimeSpan total)
    {
        var streams = question.Streams;
        var (said, thought) = streams ? ("", null) : (_said.ToString(), _thought.Length > 0 ? _thought.ToString() : null);
        await Write(new
        {
            question.Model,
            CreatedAt = Now(),
            Message = isChat ? Message(said, thought, streams || _calls.Count == 0 ? null : _calls) : null,
            Response = isChat ? null : said,
            Thinking = isChat ? null : thought,
            Done = true,
            DoneReason = reason,
            TotalDuration = Nanoseconds(total),
            LoadDuration = Nanoseconds(loaded),
            PromptEvalCount = question.PromptTokens,
            PromptEvalDuration = 1_000_000,
            EvalCount = _words,
            EvalDuration = Nanoseconds(total - loaded),
        });
    }

    private Task Line(string said, string? thought, List<object>? calls) => !question.Streams ? Task.CompletedTask : Write(new
    {
        question.Model,
        CreatedAt = Now(),
        Message = isChat ? Message(said, thought, calls) : null,
        Response = isChat ? null : said,
        Thinking = isChat ? null : thought,
        Done = false,
    });

    private static object Message(string said, string? thought, List<object>? calls) =>
        new { Role = "assistant", Content = said, Thinking = thought, ToolCalls = calls };

    private async Task Write(object line)
    {
        await context.Response.WriteAsync(EchoJson.Text(line) + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
