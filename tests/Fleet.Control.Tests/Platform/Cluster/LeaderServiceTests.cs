using System.Diagnostics.Metrics;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Cluster;

/// <summary>What becomes of a loop of the leader whose rounds fail.</summary>
public sealed class LeaderServiceTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly DatabaseFixture _house = new();
    private readonly ManualClock _clock = new();
    private TestControl _control = null!;
    private Loop _loop = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
        await _control.Start<Leadership>();
        await Eventually.True(() => _control.Get<Leadership>().IsMine, "it leads");
        _loop = new Loop(_control.Get<Leadership>(), _clock);
        await _loop.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None);
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    public void Dispose() => _loop?.Dispose();

    [Fact]
    public async Task It_is_told_as_an_error_counted_and_tried_again_ever_later_up_to_a_minute()
    {
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name == "fleet.leader.failures")
                meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags[0].Value as string == nameof(Loop))
                Interlocked.Add(ref counted, count);
        });
        listener.Start();
        _loop.Failure = new InvalidOperationException("a bug");

        foreach (var seconds in (int[])[1, 1, 2, 4, 8, 16, 32, 60, 60])
            await NextRoundIsAfter(seconds);
        Interlocked.Read(ref counted).ShouldBe(9);
        var told = _control.Log.Lines.Where(line => line.Contains(nameof(Loop))).ToList();
        told.Count.ShouldBe(9);
        told.ShouldAllBe(line => line.StartsWith("Error") && line.Contains("a bug"));

        _loop.Failure = null;
        await NextRoundIsAfter(60);
        await NextRoundIsAfter(1);
        Interlocked.Read(ref counted).ShouldBe(9);
    }

    [Fact]
    public async Task While_the_database_is_away_each_round_tries_again()
    {
        _loop.Failure = new NpgsqlException("away", new IOException());
        for (var round = 1; round <= 3; round++)
            await NextRoundIsAfter(1);
        await Waiting();
        _loop.Passing.ShouldBe(3);
        _control.Log.Lines.ShouldNotContain(line => line.Contains(nameof(Loop)));
    }

    private async Task NextRoundIsAfter(int seconds)
    {
        await Waiting();
        var before = _loop.Rounds;
        _clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
        _loop.Rounds.ShouldBe(before);
        _clock.Advance(Tick);
        await Eventually.True(() => _loop.Rounds == before + 1, $"it is tried after {seconds} s");
        await Waiting();
    }

    private Task Waiting() => Eventually.True(() => _clock.Waiting == 1, "it waits for its next round");

    private sealed class Loop(Leadership leadership, TimeProvider clock)
        : LeaderService(leadership, TimeSpan.FromSeconds(1), clock)
    {
        public Exception? Failure { get; set; }

        public int Rounds { get; private set; }

        public int Passing { get; private set; }

        protected override Task Round(CancellationToken stop)
        {
            Rounds++;
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }

        protected override void RoundFailed(Exception failure) => Passing++;
    }
}
