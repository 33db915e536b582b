using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Who is to be told is told, whatever dies in between.</summary>
[Collection(TwoControls.Name)]
public sealed class WebhookTests(TwoControls fleet)
{
    private const int Jobs = 30;

    [Fact]
    public async Task Every_state_of_every_job_is_told_in_order_when_both_Controls_are_killed_in_the_middle_of_it()
    {
        await using var receiver = await WebhookReceiver.Start();
        try
        {
            var draft = JobDraft.Noop with { StateWebhookUrl = receiver.Url };
            var jobs = await fleet.Client.Submit(Enumerable.Repeat(draft, Jobs));
            await Eventually.True(() => receiver.Held > 0, "a call is under way");
            await Task.WhenAll(fleet.Scripts.Kill("control-1"), fleet.Scripts.Kill("control-2"));
            receiver.LetGo();
            await fleet.Scripts.Restart("control-2");
            foreach (var job in jobs)
                (await fleet.Client.End(job.JobId)).State.ShouldBe("succeeded");
            await Eventually.True(
                () => jobs.All(job => receiver.StatesOf(job.JobId) is [.., "succeeded"]), "all ends are told");
            foreach (var job in jobs)
                receiver.StatesOf(job.JobId).ShouldBe(await History(job.JobId));
        }
        finally
        {
            await fleet.Heal();
        }
    }

    /// <summary>The states that the job was in, by its journal.</summary>
    private async Task<string[]> History(string job) =>
        [.. (await fleet.Client.Journal(job)).Select(entry => entry.To).OfType<string>()];
}
