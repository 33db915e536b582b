using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Control.Webhooks;
using Fleet.Control.Webhooks.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Webhooks.Support;

/// <summary>
/// Per test: an engine that tells receivers, on a database of its own. Settings are quick, and loopback may be called.
/// </summary>
public abstract class WebhookFacts : IAsyncLifetime
{
    private protected static readonly string[] Told = ["queued", "assigned", "running", "succeeded"];

    private readonly List<IAsyncDisposable> _opened = [];

    private protected DatabaseFixture House { get; } = new();

    private protected TestControl Control { get; private set; } = null!;

    private protected WebhookSettings Settings => Control.Get<WebhookSettings>();

    public async Task InitializeAsync()
    {
        await House.InitializeAsync();
        Control = await NewControl("127.0.0.0/8");
    }

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
        await House.DisposeAsync();
    }

    /// <summary>Another process on the same database; it does not tell before its courier is started.</summary>
    private protected async Task<TestControl> NewControl(params string[] allowedNetworks)
    {
        var control = await TestControl.Start(House, services => services.PostConfigure<WebhookSettings>(settings =>
        {
            settings.AllowedNetworks = allowedNetworks;
            settings.PollSeconds = settings.RetrySeconds = settings.CacheSeconds = 0.05;
            settings.CircuitSeconds = 0.1;
        }));
        _opened.Add(control);
        return control;
    }

    private protected async Task<TestReceiver> Receiver(bool up = true)
    {
        var receiver = new TestReceiver();
        _opened.Add(receiver);
        if (up)
            await receiver.Up();
        return receiver;
    }

    /// <summary>An endpoint for all that happens to jobs.</summary>
    private protected async Task<WebhookEndpoint> Endpoint(string url, string tenant = "default")
    {
        var endpoint = new WebhookEndpoint
        {
            Id = Guid.CreateVersion7(),
            Tenant = tenant,
            Url = url,
            EventTypes = ["job.*"],
            Enabled = true,
            Secret = WebhookSecret.New(),
        };
        await using var db = House.Db();
        db.Add(endpoint);
        await db.SaveChangesAsync();
        await Control.Get<Subscriptions>().Settle(CancellationToken.None);
        return endpoint;
    }

    private protected async Task<Guid> Submit(string? url = null)
    {
        var id = Guid.CreateVersion7();
        await Control.Submit(TestJobs.Submission(id) with { StateWebhookUrl = url });
        return id;
    }

    /// <summary>A job that goes all its way, and is told of four times.</summary>
    private protected async Task<Guid> Succeed(string? url = null)
    {
        var id = await Submit(url);
        await Control.Raise(id, new AssignWork(id, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await Control.Raise(id, new AttemptStarted(id, JobKinds.Noop, 1, "worker-1"));
        await Control.Raise(id, new AttemptFinished(
            id, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: """{"lines": [5, null]}""")));
        return id;
    }

    private protected async Task<List<WebhookDelivery>> Deliveries(Guid about)
    {
        await using var db = House.Db();
        return await db.Set<WebhookDelivery>().AsNoTracking()
            .Where(row => row.About == about).OrderBy(row => row.Position).ToListAsync();
    }

    /// <summary>The first delivery about something, once it is so.</summary>
    private protected async Task<WebhookDelivery> Becomes(Guid about, Func<WebhookDelivery, bool> condition, string what)
    {
        WebhookDelivery first = null!;
        await Eventually.True(async () => condition(first = (await Deliveries(about))[0]), what);
        return first;
    }

    private protected Task NothingIsOwed() => Eventually.True(
        async () => await House.Ask<long>("select count(*) from webhook_queues") == 0, "nothing is owed any more");

    private protected static Task<Guid[]> Many(int count, Func<Task<Guid>> job) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => job()));
}
