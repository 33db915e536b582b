using System.Net;
using System.Text;
using Fleet.Client;
using Fleet.Console.Live;

namespace Fleet.Console.Tests.Live;

/// <summary>The log of a job that floods it, in a page that draws slower than the job writes.</summary>
public sealed class LogFeedTests
{
    private const int Flood = 60_000;

    /// <summary>What a page may have before it that is not drawn: what waits, what is being drawn, and what lies in buffers.</summary>
    private const int MostBehind = 2000 + 2000 + 200;

    [Fact]
    public async Task A_page_draws_a_bounded_part_of_a_flood_counts_the_rest_and_ends_with_its_last_line()
    {
        var events = new FloodStream(Flood);
        using var fleet = Client(events);
        var (drawn, dropped, largest, batches, last) = (0, 0, 0, 0, "");
        var behind = 0;
        using var feed = LogFeed.Begin(
            fleet, "01JT00000000000000000000J1", "",
            async batch =>
            {
                var lines = batch.Lines.Count(line => line.Class.Length == 0);
                batches++;
                behind = Math.Max(behind, events.Given - drawn - dropped);
                (drawn, dropped) = (drawn + lines, dropped + batch.Dropped);
                if (batches > 3) // the first ones fill an empty page
                    largest = Math.Max(largest, batch.Lines.Count);
                last = lines > 0 ? batch.Lines[^1].Pieces[0][0] : last;
                await Task.Yield();
            },
            (_, _) => { }, TimeProvider.System);
        await Eventually.True(() => drawn + dropped == Flood, "each line is drawn or counted");
        last.ShouldBe($"line {Flood}");
        largest.ShouldBeLessThanOrEqualTo(1001);
        behind.ShouldBeLessThanOrEqualTo(MostBehind);
    }

    [Fact]
    public async Task While_a_page_does_not_draw_no_more_than_it_may_be_behind_is_read()
    {
        var events = new FloodStream(Flood);
        using var fleet = Client(events);
        var gate = new TaskCompletionSource();
        var isDrawing = false;
        var status = "";
        using var feed = LogFeed.Begin(
            fleet, "01JT00000000000000000000J1", "",
            async _ =>
            {
                isDrawing = true;
                await gate.Task;
            },
            (_, said) => status = said, TimeProvider.System);
        await Eventually.True(() => isDrawing && events.IsIdle, "nothing more is read");
        events.Given.ShouldBeLessThanOrEqualTo(MostBehind);
        gate.SetResult();
        await Eventually.True(() => status == "complete", "it goes on");
        events.Given.ShouldBe(Flood);
    }

    private static FleetClient Client(FloodStream events) =>
        new(new FleetClientOptions { Url = new Uri("http://fleet.test"), StreamSilence = TimeSpan.FromHours(1) }, new Answering(events));

    private sealed class Answering(FloodStream events) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(events);
            content.Headers.ContentType = new("text/event-stream");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    /// <summary>Events of output, made when they are read, and the end.</summary>
    private sealed class FloodStream(int count) : Stream
    {
        private long _lastRead = Environment.TickCount64;
        private byte[] _rest = [];
        private int _given;
        private bool _isOver;

        public int Given => Volatile.Read(ref _given);

        /// <summary>Whether nobody has read for a while.</summary>
        public bool IsIdle => Environment.TickCount64 - Volatile.Read(ref _lastRead) > 500;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Volatile.Write(ref _lastRead, Environment.TickCount64);
            if (_rest.Length == 0)
                _rest = Next();
            var length = Math.Min(_rest.Length, buffer.Length);
            _rest.AsSpan(0, length).CopyTo(buffer.Span);
            _rest = _rest[length..];
            return ValueTask.FromResult(length);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private byte[] Next()
        {
            if (_given < count)
            {
                var number = Interlocked.Increment(ref _given);
                return Encoding.UTF8.GetBytes(
                    $"id: {number}\nevent: output\ndata: {{\"stream\":\"stdout\",\"text\":\"line {number}\\n\",\"attempt\":1,\"at\":\"2031-05-04T12:00:00Z\"}}\n\n");
            }

            if (_isOver)
                return [];
            _isOver = true;
            return Encoding.UTF8.GetBytes($"id: {count + 1}\nevent: end\ndata: null\n\n");
        }
    }
}
