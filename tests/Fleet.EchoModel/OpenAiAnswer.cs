using System.Text;
using System.Text.Json;

namespace Fleet.EchoModel;

/// <summary>Writes one completion: as server-sent events, or all at its end.</summary>
internal sealed class OpenAiAnswer(HttpContext context, EchoQuestion question, bool tellsUsage)
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";
    private readonly StringBuilder _said = new();
    private readonly StringBuilder _thought = new();
    private object[]? _calls;
    private int _words;

    public Task Begin() => Chunk(new { Role = "assistant", Content = "" });

    public Task Think(string text)
    {
        _thought.Append(text);
        return Chunk(new { ReasoningContent = text });
    }

    public Task Say(string word)
    {
        _words++;
        _said.Append(word);
        return Chunk(new { Content = word });
    }

    /// <summary>In two pieces, as models stream the arguments.</summary>
    public async Task Call(string tool)
    {
        _words++;
        var arguments = JsonSerializer.Serialize(new { text = question.Text });
        var half = arguments.Length / 2;
        _calls = [new { Id = "call_1", Type = "function", Function = new { Name = tool, Arguments = arguments } }];
        await Chunk(new
        {
            ToolCalls = (object[])[new
            {
                Index = 0,
                Id = "call_1",
                Type = "function",
                Function = new { Name = tool, Arguments = arguments[..half] },
            }],
        });
        await Chunk(new { ToolCalls = (object[])[new { Index = 0, Function = new { Arguments = arguments[half..] } }] });
    }

    public async Task End(string reason)
    {
        var usage = new
        {
            question.PromptTokens,
            CompletionTokens = _words,
            TotalTokens = question.PromptTokens + _words,
        };
        if (question.Streams)
        {
            await Chunk(new { }, reason);
            if (tellsUsage)
                await Event(Chunk([], usage));
            await Event("[DONE]");
            return;
        }

        var message = new
        {
            Role = "assistant",
            Content = _said.ToString(),
            ReasoningContent = _thought.Length > 0 ? _thought.ToString() : null,
            ToolCalls = _calls,
        };
        await context.Response.WriteAsync(EchoJson.Text(new
        {
            Id = _id,
            Object = "chat.completion",
            Created = Now(),
            question.Model,
            Choices = (object[])[new { Index = 0, Message = message, FinishReason = reason }],
            Usage = usage,
        }), context.RequestAborted);
    }

    /// <summary>The reason is null until the last, and not left out.</summary>
    private Task Chunk(object delta, string? reason = null) => !question.Streams
        ? Task.CompletedTask
        : Event(Chunk([new Dictionary<string, object?> { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = reason }], null));

    private string Chunk(object[] choices, object? usage) => EchoJson.Text(new
    {
        Id = _id,
        Object = "chat.completion.chunk",
        Created = Now(),
        question.Model,
        Choices = choices,
        Usage = usage,
    });

    private async Task Event(string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
