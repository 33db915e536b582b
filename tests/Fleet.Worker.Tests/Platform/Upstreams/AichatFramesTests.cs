using System.Text;
using Fleet.Worker.Platform.Upstreams;
using Fleet.Worker.Platform.Upstreams.Aichat;

namespace Fleet.Worker.Tests.Platform.Upstreams;

/// <summary>What comes from an upstream may be anything.</summary>
public sealed class AichatFramesTests
{
    private const string Stream =
        "\uFEFF: a comment\r\nid: 1\nretry: 10\n\nevent: heartbeat\ndata: {\"elapsed_seconds\":5}\n\n"
        + "data: {\"type\":\"chunk\",\ndata:\"content\":\"Grüße 🌍\"}\r\n\r\ndata: {\"type\":\"news\"}\n\n"
        + "data:{\"type\":\"done\",\"conversation_id\":\"c-1\"}\n\n";

    [Fact]
    public async Task Frames_are_the_same_wherever_they_are_cut()
    {
        var bytes = Encoding.UTF8.GetBytes(Stream);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var pieces = await Pieces(bytes[..cut], bytes[cut..]);
            pieces.ShouldBe(
                [new Lived(5), new Said("Grüße 🌍"), new Remarked(Conversation: "c-1"), new Answered("stop")], $"cut at {cut}");
        }

        (await Pieces([.. bytes.Select(one => new[] { one })])).Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("data: no")]
    [InlineData("data: []")]
    [InlineData("data: 7")]
    [InlineData("data: {}")]
    [InlineData("data: {\"type\":7}")]
    [InlineData("data: {\"type\":\"chunk\",\"content\":\"\\ud83d\"}")]
    [InlineData("data: {\"type\":\"chunk\",\"content\":\"\\u0000")]
    public async Task What_is_no_frame_is_rubbish(string line)
    {
        var failure = await Should.ThrowAsync<UpstreamException>(() => Pieces(Encoding.UTF8.GetBytes(line + "\n\n")));
        failure.Code.ShouldBe("upstream_rubbish");
    }

    [Theory]
    [InlineData("data: {\"type\":\"meta\",\"used_tools\":null,\"rows_seen\":null,\"classifier_tag\":null}")]
    [InlineData("data: {\"type\":\"meta\",\"used_tools\":\"search\",\"rows_seen\":{},\"classifier_tag\":[]}")]
    [InlineData("data: {\"type\":\"meta\"}")]
    public async Task What_is_not_told_or_makes_no_sense_is_not_known(string line) =>
        (await Pieces(Encoding.UTF8.GetBytes(line + "\n\n"))).ShouldBe([new Remarked()]);

    [Fact]
    public async Task Lists_and_names_are_bounded()
    {
        var tools = string.Join(',', Enumerable.Repeat("\"" + new string('t', 5000) + "\"", 1000));
        var line = $"data: {{\"type\":\"meta\",\"used_tools\":[{tools}],\"rows_seen\":[1,\"x\",99999999999]}}\n\n";
        var remark = (await Pieces(Encoding.UTF8.GetBytes(line))).ShouldHaveSingleItem().ShouldBeOfType<Remarked>();
        remark.UsedTools.ShouldNotBeNull().Count.ShouldBe(200);
        remark.UsedTools[0].Length.ShouldBe(200);
        remark.RowsSeen.ShouldBe([1, 0, 0]);
    }

    [Fact]
    public async Task A_frame_without_end_does_not_fill_the_memory()
    {
        var line = Encoding.UTF8.GetBytes("data: " + new string('x', 64 * 1024) + "\n");
        var parts = Enumerable.Repeat(line, 200).ToArray();
        var failure = await Should.ThrowAsync<UpstreamException>(() => Pieces(parts));
        failure.Code.ShouldBe("upstream_rubbish");
        failure.Message.ShouldContain("8388608");
    }

    private static async Task<List<ModelPiece>> Pieces(params byte[][] parts)
    {
        using var silence = new Silence("there", TimeSpan.FromMinutes(1), default);
        var frames = new EventFrames(new AnswerLines(new PartStream(parts), silence), "there");
        var pieces = new List<ModelPiece>();
        while (await frames.Next() is { } frame)
            pieces.AddRange(UpstreamJson.Read("there", () => AichatFrames.Pieces("there", frame)));
        return pieces;
    }

    /// <summary>Gives one part with each read.</summary>
    private sealed class PartStream(byte[][] parts) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == parts.Length)
                return ValueTask.FromResult(0);
            var part = parts[_next++];
            if (part.Length > buffer.Length)
            {
                parts[--_next] = part[buffer.Length..];
                part = part[..buffer.Length];
            }

            part.CopyTo(buffer);
            return ValueTask.FromResult(part.Length);
        }
    }
}
