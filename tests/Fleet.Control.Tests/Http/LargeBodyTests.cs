using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Http;

/// <summary>Large bodies are read a few at a time; who dawdles in such a place loses it.</summary>
public sealed class LargeBodyTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private const int Large = 1024 * 1024;

    private static readonly Uri Body = new("/test/body", UriKind.Relative);

    [Fact]
    public async Task A_large_body_waits_for_a_place_and_a_small_one_does_not()
    {
        await using var door = await Open(seconds: 60);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var first = door.Http.PostAsync(Body, Json(pipe.Reader.AsStream()));
        await pipe.Writer.WriteAsync(Begun());
        await Eventually.True(() => door.Services.GetRequiredService<LargeBodies>().Free == 0, "the first has a place");
        var second = door.Http.PostAsync(Body, Json(new MemoryStream(Text(Large))));
        using var small = await door.Http.PostAsync(Body, Json(new MemoryStream(Text(1000))));
        small.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.StaysTrue(() => !second.IsCompleted, TimeSpan.FromMilliseconds(200), "the second waits");

        await pipe.Writer.WriteAsync("\"}"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_dawdles_with_a_large_body_loses_the_place()
    {
        await using var door = await Open(seconds: 60, ("Http:LargeBodyGraceSeconds", "5"));
        using var slow = new TcpClient();
        await slow.ConnectAsync(door.Address.Host, door.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Body} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {2 * Large}\r\n\r\n"));
        await slow.GetStream().WriteAsync(Begun());
        using var answer = new StreamReader(slow.GetStream());
        (await answer.ReadLineAsync()).ShouldBe("HTTP/1.1 408 Request Timeout");
        using var next = await door.Http.PostAsync(Body, Json(new MemoryStream(Text(Large))));
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_needs_no_key_sends_little()
    {
        await using var door = await ControlApp.Open(house, ("Http:MaxAnonymousBytes", "65536"));
        using var small = await door.Http.PostAsync(Body, Json(new MemoryStream(Text(60_000))));
        small.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var large = await door.Http.PostAsync(Body, Json(new MemoryStream(Text(70_000))));
        await large.Problem(413, "body_too_large");
    }

    [Fact]
    public async Task One_callers_bodies_leave_places_for_the_others()
    {
        using var places = new LargeBodies(new HttpSettings { LargeBodies = 2 });
        var held = await places.Take("acme", default);
        var second = places.Take("acme", default);
        var other = await places.Take("beta", default);
        second.IsCompleted.ShouldBeFalse("it waits for the first of the same caller");
        places.Return("acme", held);
        places.Return("acme", await second);
        places.Return("beta", other);
        places.Free.ShouldBe(2);
    }

    private static ReadOnlyMemory<byte> Begun() => Text(Large).AsMemory()[..^2];

    private static byte[] Text(int length) => Encoding.UTF8.GetBytes($$"""{"name":"{{new string('n', length)}}"}""");

    private static StreamContent Json(Stream body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private Task<ControlApp> Open(int seconds, params (string, string)[] more) => ControlApp.Open(
        house,
        [
            ("Http:LargeBodies", "1"), ("Http:LargeBodySeconds", seconds.ToString()),
            ("Http:LargeBodyBytesPerSecond", "1073741824"), .. more,
        ]);
}
