using Fleet.Contracts.Platform;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Platform.Cluster;

/// <summary>What one Control tells the others.</summary>
public sealed class ClusterNotifierTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task A_change_of_agents_that_could_not_be_told_is_told_with_the_next_notice()
    {
        await using var control = await TestControl.Start(house);
        var refused = new TaskCompletionSource();
        control.Post.OnTheWay = letter => letter.Message is CommitNotice { AgentsChanged: true } && refused.TrySetResult()
            ? Task.FromException(new IOException("the broker is away"))
            : Task.CompletedTask;
        await control.Start<ClusterNotifier>();
        control.Get<ClusterNotifier>().TellAgentsChanged();
        await refused.Task.Within();
        await Eventually.True(() => control.Post.All<CommitNotice>().Any(notice => notice.AgentsChanged), "it is told");
    }

    /// <summary>Each change is awaited, so a single one that is lost between two notices is seen.</summary>
    [Fact]
    public async Task No_change_of_agents_is_lost_between_two_notices()
    {
        await using var control = await TestControl.Start(house);
        var notifier = control.Get<ClusterNotifier>();
        var told = 0;
        var isOver = false;
        var telling = Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                if (notifier.Gather().AgentsChanged)
                    Interlocked.Increment(ref told);
            }
        });
        for (var change = 1; change <= 20_000; change++)
        {
            notifier.TellAgentsChanged();
            for (var looks = 0; Volatile.Read(ref told) < change; looks++)
            {
                if (looks > 1000)
                    await Eventually.True(() => Volatile.Read(ref told) >= change, $"change {change} is told");
            }
        }

        Volatile.Write(ref isOver, true);
        await telling.Within();
    }
}
