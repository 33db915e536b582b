using System.Text.Json;

namespace Fleet.Worker.Platform.Upstreams.Aichat;

/// <summary>
/// The turns of a conversation, as its upstream keeps them: a row for the question and a row for the answer, told apart
/// by <c>role</c>, or one row for both.
/// </summary>
internal static class AichatTurns
{
    /// <summary>Times are told in whole seconds, by the clock of another host.</summary>
    private static readonly TimeSpan _vagueness = TimeSpan.FromSeconds(5);

    private static readonly string[] _inWork = ["pending", "queued", "running", "streaming", "working", "in_progress"];
    private static readonly string[] _givenUp = ["failed", "error", "cancelled", "expired", "lost"];

    /// <summary>What became of this question since then; when it was asked several times, of the last that was not given up.</summary>
    public static FormerAnswer Find(JsonElement turns, string conversation, string question, DateTimeOffset? since)
    {
        var all = Exchanges(Rows(turns, "turns"));
        var found = FormerAnswer.Unknown;
        foreach (var (index, asked) in all.Index().Reverse())
        {
            if (asked.Question.Trim() != question.Trim() || asked.At is not { } at || at < since - _vagueness)
                continue;
            if (asked is { Answer.Length: > 0, Answered: { } row } && !LacksAnswer(asked.State))
                return new FormerAnswerFound(asked.Answer, AichatFrames.RemarkOf(row) with { Conversation = conversation });
            if (IsInWork(asked, isLast: index == all.Count - 1))
                return FormerAnswer.InWork;
            found = FormerAnswer.Gone;
        }

        return found;
    }

    /// <summary>A list, or an object that has it under this name.</summary>
    public static IEnumerable<JsonElement> Rows(JsonElement list, string name)
    {
        if (list.ValueKind == JsonValueKind.Object && list.TryGetProperty(name, out var inside))
            list = inside;
        if (list.ValueKind == JsonValueKind.Null)
            return [];
        return list.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object);
    }

    /// <summary>A question that was followed by another one will not be answered any more.</summary>
    private static bool IsInWork(Exchange asked, bool isLast) => asked.State is { } state
        ? _inWork.Contains(state)
        : isLast;

    /// <summary>Whether a state says that there is no whole answer.</summary>
    private static bool LacksAnswer(string? state) => _inWork.Contains(state) || _givenUp.Contains(state);

    private static List<Exchange> Exchanges(IEnumerable<JsonElement> rows)
    {
        var exchanges = new List<Exchange>();
        foreach (var row in InOrder(rows))
        {
            var state = UpstreamJson.Text(row, "status") ?? UpstreamJson.Text(row, "state");
            switch (UpstreamJson.Text(row, "role"))
            {
                case "user":
                    exchanges.Add(new Exchange(TextOf(row) ?? "", AtOf(row), LacksAnswer(state) ? state : null));
                    break;
                case "assistant" when exchanges is [.., var asked]:
                    exchanges[^1] = asked with { Answer = TextOf(row) ?? "", Answered = row, State = state ?? asked.State };
                    break;
                case null when QuestionOf(row) is { } question:
                    exchanges.Add(new Exchange(question, AtOf(row), state, AichatFrames.AnswerOf(row) ?? "", row));
                    break;
            }
        }

        return exchanges;
    }

    /// <summary>Oldest first; rows of the same second stay as they came.</summary>
    private static IEnumerable<JsonElement> InOrder(IEnumerable<JsonElement> rows)
    {
        var all = rows.ToList();
        if (!all.TrueForAll(row => AtOf(row) is not null))
            return all;
        if (all.Count > 0 && AtOf(all[0]) > AtOf(all[^1]))
            all.Reverse();
        return all.OrderBy(row => AtOf(row));
    }

    private static string? TextOf(JsonElement row) =>
        UpstreamJson.Text(row, "content") ?? UpstreamJson.Text(row, "text") ?? UpstreamJson.Text(row, "message");

    private static string? QuestionOf(JsonElement row) =>
        UpstreamJson.Text(row, "user_message") ?? UpstreamJson.Text(row, "message") ?? UpstreamJson.Text(row, "question");

    private static DateTimeOffset? AtOf(JsonElement row)
    {
        foreach (var name in (string[])["created_at", "started_at", "asked_at"])
        {
            if (row.TryGetProperty(name, out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var time))
                return time;
        }

        return null;
    }

    private sealed record Exchange(
        string Question, DateTimeOffset? At, string? State, string Answer = "", JsonElement? Answered = null);
}
