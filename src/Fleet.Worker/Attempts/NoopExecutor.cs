using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;

namespace Fleet.Worker.Attempts;

/// <summary>Does nothing, and succeeds at once: it shows what everything else costs.</summary>
internal sealed class NoopExecutor : IExecutor
{
    public string Kind => JobKinds.Noop;

    public AttemptResult ResultAtOnce => AttemptResults.Succeeded;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt) =>
        new AttemptEvent[] { new Ended(ResultAtOnce) }.ToAsyncEnumerable();
}
