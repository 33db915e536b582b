using System.Text;
using Fleet.Contracts.Work;
using Fleet.Tests.Probe;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Tests.Attempts;

/// <summary>Another kind of work needs one executor, found by its kind.</summary>
public sealed class ProbeExecutorTests
{
    private readonly AttemptKey _key = new(Guid.CreateVersion7(), ProbeSpec.Kind, 1);

    [Fact]
    public async Task It_is_found_and_run_by_its_kind_with_its_own_words()
    {
        var executor = new Executors([new NoopExecutor(), new ProbeExecutor()]).Find(ProbeSpec.Kind)!;
        var events = await executor.Run(Attempt(SpecJson.Write(new ProbeSpec("g", 2)), new StopSignal())).ToListAsync();
        events.OfType<Wrote>().Select(wrote => Encoding.UTF8.GetString(wrote.Chunk.Bytes)).ShouldBe(["g 1\n", "g 2\n"]);
        events[^1].ShouldBeOfType<Ended>();
    }

    [Fact]
    public async Task Words_of_another_kind_are_refused() =>
        await Should.ThrowAsync<UnreadableSpecException>(
            async () => await new ProbeExecutor().Run(Attempt("{}", new StopSignal())).ToListAsync());

    private AttemptContext Attempt(string spec, StopSignal stop) =>
        new(_key, spec, null, null, AttemptDirectory.At("/not/there", _key), stop);
}
