using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Webhooks.Support;
using Fleet.Control.Webhooks;
using Fleet.Control.Webhooks.Deliveries;

namespace Fleet.Control.Tests.Webhooks;

/// <summary>What is owed, and who has it to tell.</summary>
public sealed class WebhookClaimTests : WebhookFacts
{
    [Fact]
    public async Task Where_nobody_is_told_nothing_is_stored()
    {
        var subscriptions = Control.Get<Subscriptions>();
        await Endpoint("http://127.0.0.1:9/", tenant: "another");
        Settings.CacheSeconds = 30;
        subscriptions.MayHave("default", "job.queued").ShouldBeTrue("it is not known yet");
        await Eventually.True(() => !subscriptions.MayHave("default", "job.queued"), "it is known that nobody subscribed");
        subscriptions.MayHave("another", "job.queued").ShouldBeTrue();
        subscriptions.MayHave("another", "backup.failed").ShouldBeFalse();
        await Succeed();
        (await House.Ask<long>("select count(*) from webhook_deliveries")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_owed_is_exact_however_little_is_known()
    {
        await Endpoint("http://127.0.0.1:9/", tenant: "another");
        var mine = await Endpoint("http://127.0.0.1:9/");
        await House.Do("update webhook_endpoints set event_types = '{job.failed,job.running}' where id = " + $"'{mine.Id}'");
        Settings.CacheSeconds = 0;
        var job = await Succeed();
        (await Deliveries(job)).ShouldHaveSingleItem().Type.ShouldBe("job.running");
    }

    [Fact]
    public async Task A_transition_that_is_not_committed_is_owed_to_nobody()
    {
        var job = await Submit("http://127.0.0.1:9/");
        await Should.ThrowAsync<InvalidOperationException>(Control.Commit(
            async unit =>
            {
                await unit.Raise(new CancelWork(job, JobKinds.Noop, "somebody"));
                throw new InvalidOperationException("no");
            },
            RowRef.Of<Job>(job)));
        (await Deliveries(job)).Select(delivery => delivery.Type).ShouldBe(["job.queued"]);
        await Control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        (await Deliveries(job)).Select(delivery => delivery.Type).ShouldBe(["job.queued", "job.cancelled"]);
    }

    [Fact]
    public async Task What_a_dead_process_had_is_taken_over_and_its_late_word_changes_nothing()
    {
        var receiver = await Receiver();
        var job = await Succeed(receiver.Url);
        var dead = await NewControl("127.0.0.0/8");
        var ledger = dead.Get<DeliveryQueues>();
        var queue = (await ledger.Claim(10, [], CancellationToken.None)).ShouldHaveSingleItem();
        var next = await ledger.Next(queue, CancellationToken.None);
        (await Control.Get<DeliveryQueues>().Claim(10, [], CancellationToken.None)).ShouldBeEmpty("it is taken");
        await House.Do("update webhook_queues set claimed_until = now() - interval '1 s'");

        await Control.Start<DeliveryWorker>();
        await NothingIsOwed();
        receiver.StatesOf(job).ShouldBe(Told);
        var call = new CallRecord(null, null, CallOutcome.Refused("too late"));
        await ledger.Settle(queue, next!.Delivery.Id, call, DeliverySql.Dead, CancellationToken.None);
        await ledger.Postpone(queue, next.Delivery.Id, call, TimeSpan.FromHours(1), CancellationToken.None);
        (await ledger.Next(queue, CancellationToken.None)).ShouldBeNull();
        (await Deliveries(job)).ShouldAllBe(delivery => delivery.State == "delivered");
    }

    [Fact]
    public async Task Several_processes_tell_everything_once_and_in_order()
    {
        var receiver = await Receiver();
        await Endpoint(receiver.Url);
        var other = await NewControl("127.0.0.0/8");
        await Control.Start<DeliveryWorker>();
        await other.Start<DeliveryWorker>();
        var jobs = await Many(40, () => Succeed());
        await NothingIsOwed();
        foreach (var job in jobs)
            receiver.StatesOf(job).ShouldBe(Told);
    }

    [Fact]
    public async Task A_receiver_gets_few_calls_at_once_and_keeps_no_other_waiting()
    {
        var (slow, quick) = (await Receiver(), await Receiver());
        var hold = new TaskCompletionSource();
        slow.Answer = (_, _) => hold.Task;
        Settings.AtOnceToOne = 3;
        await Many(20, () => Submit(slow.Url));
        await Control.Start<DeliveryWorker>();
        await Eventually.True(() => slow.Calls.Count == 3, "it is called");
        var job = await Succeed(quick.Url);
        await Eventually.True(() => quick.StatesOf(job).Length == 4, "the other one is told");
        slow.Calls.Count.ShouldBe(3);
        hold.SetResult();
        await NothingIsOwed();
        slow.Calls.Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_broken_circuit_spares_attempts()
    {
        var receiver = await Receiver(up: false);
        await Endpoint(receiver.Url);
        Settings.CircuitFailures = 3;
        Settings.CircuitSeconds = 30;
        Settings.AtOnceToOne = 1;
        await Many(10, () => Submit());
        await Control.Start<DeliveryWorker>();
        await Eventually.True(
            async () => await House.Ask<long>("select count(*) from webhook_deliveries where attempts > 0") == 3, "three failed");
        var circuits = Control.Get<Circuits>();
        await Eventually.True(() => circuits.Rooms().Single().Room == 0, "the circuit is broken");
        await Eventually.StaysTrue(
            async () => await House.Ask<long>("select sum(attempts)::bigint from webhook_deliveries") == 3,
            TimeSpan.FromMilliseconds(300), // six looks
            "no other attempt is made");
    }

    [Fact]
    public async Task What_is_too_old_is_given_up_and_what_was_settled_long_ago_forgotten()
    {
        var old = await Succeed("http://127.0.0.1:9/");
        var young = await Submit("http://127.0.0.1:9/");
        await House.Do("update webhook_deliveries set owed_at = now() - interval '73 hours' where about = " + $"'{old}'");
        await Control.Get<DeliveryCleanup>().Tidy(CancellationToken.None);
        (await Deliveries(old)).ShouldAllBe(delivery => delivery.State == "dead");
        (await Deliveries(young)).ShouldAllBe(delivery => delivery.State == "waiting");
        (await House.Ask<Guid>("select about from webhook_queues")).ShouldBe(young);
        await House.Do("update webhook_deliveries set settled_at = now() - interval '31 days' where about = " + $"'{old}'");
        await Control.Get<DeliveryCleanup>().Tidy(CancellationToken.None);
        (await Deliveries(old)).ShouldBeEmpty();
    }
}
