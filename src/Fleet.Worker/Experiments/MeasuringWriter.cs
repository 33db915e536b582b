using System.Threading.Channels;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Experiments;

/// <summary>Takes what was measured out of the events of an attempt; all others go on.</summary>
internal sealed class MeasuringWriter(ChannelWriter<AttemptEvent> events, MetricSender metrics) : ChannelWriter<AttemptEvent>
{
    public override bool TryWrite(AttemptEvent item) => item is not Measured && events.TryWrite(item);

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) =>
        events.WaitToWriteAsync(cancellationToken);

    public override async ValueTask WriteAsync(AttemptEvent item, CancellationToken cancellationToken = default)
    {
        if (item is not Measured measured)
        {
            await events.WriteAsync(item, cancellationToken);
            return;
        }

        foreach (var value in measured.Values)
            await metrics.Add(value);
    }
}
