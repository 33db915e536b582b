using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Outbox;

/// <summary>What a transaction wants to send, right after it.</summary>
public sealed class OutboxDeliveryTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly Uri Worker1 = AgentAddress.ExchangeOf("worker-1");
    private static readonly Uri Worker2 = AgentAddress.ExchangeOf("worker-2");

    [Fact]
    public async Task A_message_leaves_only_after_its_commit()
    {
        await using var control = await Start();
        var about = Guid.NewGuid();
        var stored = false;
        control.Post.OnTheWay = async letter => stored = await house.OutboxRow(letter.Id!.Value) is not null;
        await control.Commit(Send(Worker1, Stop(about)), []);
        await Eventually.True(() => control.Post.Delivered.Count == 1, "it was delivered");

        stored.ShouldBeTrue();
        var row = (await house.Outbox(about)).Single();
        row.MessageType.ShouldBe("Fleet.Contracts.Attempts.StopAttempt");
        var letter = control.Post.Delivered.Single();
        letter.ShouldBe(new SentMessages.Letter(row.Id, "agent-worker-1", Stop(about)));
    }

    [Fact]
    public async Task What_is_delivered_is_deleted_by_the_next_commit()
    {
        await using var control = await Start();
        var about = Guid.NewGuid();
        await control.Commit(Send(Worker1, Stop(about)), []);
        await Eventually.True(() => control.Get<DeliveredRows>().Count == 1, "it was confirmed");
        (await house.Outbox(about)).Count.ShouldBe(1);
        await control.Commit(_ => Task.CompletedTask);
        (await house.Outbox(about)).ShouldBeEmpty();
        control.Get<DeliveredRows>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_receipt_survives_a_commit_that_fails()
    {
        await using var control = await Start();
        var about = Guid.NewGuid();
        await control.Commit(Send(Worker1, Stop(about)), []);
        await Eventually.True(() => control.Get<DeliveredRows>().Count == 1, "it was confirmed");
        await Should.ThrowAsync<Exception>(control.Commit(unit =>
        {
            unit.Send(Worker1, Stop(about), about);
            unit.Sends.Add(unit.Sends[0]); // the same id twice
            return Task.CompletedTask;
        }));
        control.Get<DeliveredRows>().Count.ShouldBe(1);
        await control.Commit(_ => Task.CompletedTask);
        (await house.Outbox(about)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_leaves_together_fits_a_message_of_the_broker()
    {
        await using var control = await Start();
        var held = new TaskCompletionSource();
        control.Post.OnTheWay = letter => letter.Message is StopAttempt ? held.Task : Task.CompletedTask;
        var script = new string('x', 1_500_000);
        RunAttempt Run() => new(
            Guid.NewGuid(), JobKinds.Command, 1, Guid.Empty, SpecJson.Write(new CommandSpec(Script: script)));

        await control.Commit(Send(Worker1, Stop(Guid.NewGuid()))); // what follows gathers behind it
        for (var i = 0; i < 6; i++)
            await control.Commit(Send(Worker1, Run()));
        held.SetResult();
        await Eventually.True(() => control.Post.All<RunAttempts>().Sum(run => run.Attempts.Count) == 6, "all were delivered");
        control.Post.All<RunAttempts>().ShouldAllBe(run => run.Attempts.Count <= 2);
    }

    [Fact]
    public async Task A_commit_that_fails_sends_nothing()
    {
        await using var control = await Start();
        var about = Guid.NewGuid();
        await Should.ThrowAsync<InvalidOperationException>(control.Commit(async unit =>
        {
            await Send(Worker1, Stop(about))(unit);
            throw new InvalidOperationException("changed its mind");
        }));
        await control.Commit(Send(Worker1, Stop(Guid.NewGuid())));
        await Eventually.True(() => control.Post.Delivered.Count == 1, "the next one was delivered");
        control.Post.All<StopAttempt>().ShouldNotContain(Stop(about));
        (await house.Outbox(about)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_delivery_waits_and_says_why()
    {
        await using var control = await Start();
        var about = Guid.NewGuid();
        control.Post.OnTheWay = _ => throw new InvalidOperationException("no room in the inn");
        await control.Commit(Send(Worker1, Stop(about)));
        await Eventually.True(async () => (await house.Outbox(about)).Single().Attempts == 1, "the failure was noted");

        var row = (await house.Outbox(about)).Single();
        row.LastError!.ShouldContain("no room in the inn");
        row.ClaimedUntil.ShouldBeNull();
        (await house.Ask<bool>("select deliver_at > now() from outbox where id = $1", row.Id)).ShouldBeTrue();
        control.Get<DeliveredRows>().Count.ShouldBe(0);

        control.Post.OnTheWay = _ => Task.CompletedTask;
        await control.Start<OutboxSweep>();
        await Eventually.True(() => control.Post.Delivered.Count == 1, "it was delivered after the pause");
        control.Post.Delivered.Single().Id.ShouldBe(row.Id);
        await Eventually.True(async () => await house.OutboxRow(row.Id) is null, "the idle process deleted the row");
    }

    [Fact]
    public async Task A_destination_that_hangs_holds_up_no_other()
    {
        await using var control = await Start();
        var never = new TaskCompletionSource();
        control.Post.OnTheWay = letter => letter.To == "agent-worker-1" ? never.Task : Task.CompletedTask;
        await control.Commit(Send(Worker1, Stop(Guid.NewGuid())));
        await control.Commit(Send(Worker2, Stop(Guid.NewGuid())));
        await Eventually.True(() => control.Post.Delivered.Count == 1, "the other was delivered");
        control.Post.Delivered.Single().To.ShouldBe("agent-worker-2");
        never.SetResult();
    }

    [Fact]
    public async Task What_gathers_for_an_agent_leaves_together()
    {
        await using var control = await Start();
        await using (var first = await Road.Blocked(control))
        {
            foreach (var i in Enumerable.Range(1, 9))
                await control.Commit(Send(Worker1, Run(i)));
            var heard = new TaskCompletionSource(); // who commits is answered before those who listen hear of it
            await control.Commit(unit =>
            {
                unit.AfterCommit.Add(heard.SetResult);
                return Send(Worker1, Run(10))(unit);
            });
            await heard.Task.Within();
        }

        await Eventually.True(() => control.Post.Delivered.Count == 2, "all was delivered");
        control.Post.All<RunAttempts>().Single().Attempts.Select(job => job.Attempt).ShouldBe(Enumerable.Range(1, 10));
        await Eventually.True(() => control.Get<DeliveredRows>().Count == 11, "each has its receipt");
    }

    [Fact]
    public async Task An_agent_hears_things_in_the_order_in_which_they_were_committed()
    {
        await using var control = await Start();
        await using (await Road.Blocked(control))
        {
            await control.Commit(Send(Worker1, Stop(Guid.NewGuid())));
            await control.Commit(Send(Worker1, Run(1)));
            await control.Commit(Send(Worker1, Run(2)));
            await control.Commit(Send(Worker1, Stop(Guid.NewGuid())));
            await control.Commit(Send(Worker1, Run(3)));
        }

        await Eventually.True(() => control.Get<DeliveredRows>().Count == 6, "all was delivered");
        control.Post.Delivered.Skip(1).Select(letter => letter.Message switch
        {
            RunAttempts run => string.Join("+", run.Attempts.Select(job => job.Attempt)),
            _ => "stop",
        }).ShouldBe(["stop", "1+2", "stop", "3"]);
    }

    [Fact]
    public async Task No_more_than_500_rows_leave_in_one_message()
    {
        await using var control = await Start();
        await using (await Road.Blocked(control))
        {
            await control.Commit(async unit =>
            {
                for (var i = 1; i <= 1100; i++)
                    await Send(Worker1, Run(i))(unit);
            });
        }

        await Eventually.True(() => control.Get<DeliveredRows>().Count == 1101, "all was delivered");
        control.Post.All<RunAttempts>().Select(run => run.Attempts.Count).ShouldBe([500, 500, 100]);
        control.Post.All<RunAttempts>().SelectMany(run => run.Attempts).Select(job => job.Attempt)
            .ShouldBe(Enumerable.Range(1, 1100));
    }

    private static StopAttempt Stop(Guid job) => new(job, JobKinds.Noop, 1, 10);

    private static RunAttempt Run(int attempt) => new(Guid.NewGuid(), JobKinds.Noop, attempt, Guid.NewGuid(), SpecJson.Empty);

    private static Func<UnitOfWork, Task> Send(Uri to, object message) => unit =>
    {
        unit.Send(to, message, (message as StopAttempt)?.WorkId ?? ((RunAttempt)message).WorkId);
        return Task.CompletedTask;
    };

    private async Task<TestControl> Start()
    {
        var control = await TestControl.Start(house);
        await control.Start<MassTransitHostedService>();
        await control.Start<OutboxDelivery>();
        return control;
    }

    /// <summary>A message to the first worker is on its way until this is disposed.</summary>
    private sealed class Road(TestControl control, TaskCompletionSource free) : IAsyncDisposable
    {
        public static async Task<Road> Blocked(TestControl control)
        {
            var (begun, free) = (new TaskCompletionSource(), new TaskCompletionSource());
            control.Post.OnTheWay = _ =>
            {
                begun.TrySetResult();
                return free.Task;
            };
            await control.Commit(Send(Worker1, Stop(Guid.NewGuid())));
            await begun.Task.Within();
            return new Road(control, free);
        }

        public async ValueTask DisposeAsync()
        {
            free.SetResult();
            await Eventually.True(() => control.Post.Delivered.Count > 0, "the road is free");
        }
    }
}
