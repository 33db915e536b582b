using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;

namespace Fleet.Tests.Probe;

/// <summary>Reads its gauge as often as it is told, until it is stopped.</summary>
internal sealed class ProbeExecutor : IExecutor
{
    public string Kind => ProbeSpec.Kind;

    public async IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var spec = attempt.Spec<ProbeSpec>();
        yield return new Began(null);
        for (var reading = 1; reading <= spec.Readings; reading++)
        {
            if (attempt.Stop.Asked.IsCompleted)
            {
                yield return new Ended(new AttemptResult(AttemptOutcome.Cancelled));
                yield break;
            }

            yield return new Wrote(new OutputChunk("readings", Encoding.UTF8.GetBytes($"{spec.Gauge} {reading}\n")));
            yield return new Progressed(new ProgressReport((double)reading / spec.Readings, spec.Gauge));
            await Task.Yield();
        }

        yield return new Ended(new AttemptResult(AttemptOutcome.Succeeded));
    }
}
