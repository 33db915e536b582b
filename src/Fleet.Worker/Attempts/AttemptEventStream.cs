using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Attempts;

/// <summary>The events of work that writes them from whatever threads it likes, as one stream.</summary>
internal static class AttemptEventStream
{
    /// <summary>
    /// The work begins when the first event is asked for, and waits while nobody takes what it wrote. What was stopped
    /// before does not begin at all.
    /// </summary>
    public static async IAsyncEnumerable<AttemptEvent> Of(
        StopSignal stop, Func<ChannelWriter<AttemptEvent>, Task<AttemptResult>> work)
    {
        if (stop.Asked.IsCompleted)
        {
            yield return new Ended(AttemptResults.StoppedBefore((await stop.Asked).Reason));
            yield break;
        }

        var events = Channel.CreateBounded<AttemptEvent>(1);
        _ = Task.Run(() => Perform(work, events.Writer));
        await foreach (var happened in events.Reader.ReadAllAsync())
            yield return happened;
    }

    private static async Task Perform(
        Func<ChannelWriter<AttemptEvent>, Task<AttemptResult>> work, ChannelWriter<AttemptEvent> events)
    {
        try
        {
            await events.WriteAsync(new Ended(await work(events)));
            events.Complete();
        }
        catch (Exception failure)
        {
            events.Complete(failure); // thrown where events are taken
        }
    }
}
