using System.Text;
using Fleet.Contracts.Models;
using Fleet.Control.Models;
using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Tests.Models;

public sealed class AnswerReaderTests
{
    private readonly AnswerReader _reader = new(Guid.CreateVersion7());
    private long _seq;

    [Fact]
    public void What_is_said_comes_as_it_was_said()
    {
        Said(Read(1, "Hel"), Read(1, "lo")).ShouldBe("Hel|lo");
        End("Hello").ShouldHaveSingleItem().ShouldBeOfType<EndPiece>();
    }

    [Fact]
    public void A_character_that_is_cut_in_two_comes_whole()
    {
        var bytes = Encoding.UTF8.GetBytes("ä");
        Read(1, bytes[..1]).ShouldBeEmpty();
        Said(Read(1, bytes[1..])).ShouldBe("ä");
        End("ä").ShouldHaveSingleItem().ShouldBeOfType<EndPiece>();
    }

    [Fact]
    public void A_second_attempt_that_says_the_same_goes_on_where_the_first_broke_off()
    {
        Said(Read(1, "one two ")).ShouldBe("one two ");
        Read(2, "one ").ShouldBeEmpty();
        Said(Read(2, "two three")).ShouldBe("three");
        End("one two three").ShouldHaveSingleItem().ShouldBeOfType<EndPiece>();
    }

    [Fact]
    public void A_second_attempt_that_says_something_else_ends_the_answer()
    {
        Read(1, "one two ");
        Failure(Read(2, "one three")).Code.ShouldBe("attempt_diverged");
        Read(2, " more").ShouldBeEmpty();
        End("one three more").ShouldBeEmpty();
    }

    [Fact]
    public void A_second_attempt_that_says_less_ends_the_answer()
    {
        Read(1, "one two ");
        Read(2, "one ").ShouldBeEmpty();
        Failure(End("one ")).Code.ShouldBe("attempt_diverged");
    }

    [Fact]
    public void What_the_result_has_beyond_the_pieces_is_said_at_the_end()
    {
        Read(1, "one ");
        var pieces = End("one two");
        Said(pieces[..1]).ShouldBe("two");
        pieces[1].ShouldBeOfType<EndPiece>();
    }

    [Fact]
    public void Thoughts_and_words_are_told_apart_in_every_attempt()
    {
        Read(1, "hm", "thinking").ShouldHaveSingleItem().ShouldBeOfType<ThoughtPiece>().Text.ShouldBe("hm");
        Said(Read(1, "yes")).ShouldBe("yes");
        Read(2, "hm", "thinking").ShouldBeEmpty();
        Said(Read(2, "yes!")).ShouldBe("!");
        End("yes!", thinking: "hm").ShouldHaveSingleItem().ShouldBeOfType<EndPiece>();
    }

    [Fact]
    public void Calls_of_tools_come_when_their_line_is_whole_and_are_counted()
    {
        const string One = """[{"function": {"name": "a", "arguments": {"x": 1}}}]""";
        Read(1, One[..10], "tool_calls").ShouldBeEmpty();
        var first = Read(1, One[10..] + "\n", "tool_calls").ShouldHaveSingleItem().ShouldBeOfType<ToolsPiece>();
        (first.First, first.Calls[0].Name, first.Calls[0].Arguments.GetRawText()).ShouldBe((0, "a", """{"x": 1}"""));
        Read(2, One + "\n", "tool_calls").ShouldBeEmpty();
        Read(2, One + "\n", "tool_calls").ShouldHaveSingleItem().ShouldBeOfType<ToolsPiece>().First.ShouldBe(1);
        End("", tools: "[]").ShouldHaveSingleItem().ShouldBeOfType<EndPiece>();
    }

    [Fact]
    public void Calls_that_only_the_result_has_are_told_at_the_end()
    {
        var pieces = End("", tools: """[{"id": "c1", "function": {"name": "a", "arguments": {}}}]""");
        pieces[0].ShouldBeOfType<ToolsPiece>().Calls[0].Id.ShouldBe("c1");
        pieces[1].ShouldBeOfType<EndPiece>();
    }

    private static string Said(params IReadOnlyList<ModelPiece>[] pieces) =>
        string.Join('|', pieces.SelectMany(some => some).Cast<SaidPiece>().Select(piece => piece.Text));

    private static CallFailure Failure(List<ModelPiece> pieces) =>
        pieces.ShouldHaveSingleItem().ShouldBeOfType<FailurePiece>().Failure;

    private List<ModelPiece> Read(int attempt, string text, string stream = "content") =>
        Read(attempt, Encoding.UTF8.GetBytes(text), stream);

    private List<ModelPiece> Read(int attempt, byte[] bytes, string stream = "content") =>
        [.. _reader.Read(new JournalEntry(Guid.Empty, ++_seq, stream, attempt, default, null, bytes))];

    private List<ModelPiece> End(string content, string? thinking = null, string? tools = null) =>
    [
        .. _reader.End(
            new InferenceResult("m", default, new ChatMessage("assistant", content, thinking, ToolCallsJson: tools)), default),
    ];
}
