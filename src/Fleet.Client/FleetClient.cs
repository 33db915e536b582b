using Fleet.Client.Access;
using Fleet.Client.Agents;
using Fleet.Client.Backups;
using Fleet.Client.Chat;
using Fleet.Client.Events;
using Fleet.Client.Experiments;
using Fleet.Client.Http;
using Fleet.Client.Manifests;
using Fleet.Client.Models;
using Fleet.Client.Notebooks;
using Fleet.Client.Schedules;
using Fleet.Client.Upkeep;
using Fleet.Client.Webhooks;
using Fleet.Client.Work;

namespace Fleet.Client;

/// <summary>
/// A fleet, seen from outside. Safe for use by many threads at once. Every request that changes something carries an idempotency
/// key, so that what is sent twice is done once.
/// </summary>
/// <exception cref="FleetException">Of all methods: the fleet said no; the code says why.</exception>
/// <exception cref="FleetUnreachableException">Of all methods: nobody answered, however often it was tried.</exception>
public sealed class FleetClient : IDisposable
{
    private readonly FleetHttp _http;

    /// <exception cref="IOException">The file of authorities cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds no certificate.</exception>
    public FleetClient(FleetClientOptions options)
        : this(options, new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseProxy = !options.Url.IsLoopback,
            SslOptions = OwnAuthorities.Of(options.CaFile),
        })
    {
    }

    /// <param name="handler">What carries the requests, and believes certificates; disposed of with the client.</param>
    public FleetClient(FleetClientOptions options, HttpMessageHandler handler)
    {
        _http = new FleetHttp(options, handler);
        Jobs = new JobsClient(_http);
        Agents = new AgentsClient(_http);
        Schedules = new SchedulesClient(_http);
        Conversations = new ConversationsClient(_http);
        Turns = new TurnsClient(_http);
        Models = new ModelsClient(_http);
        Bulk = new BulkClient(_http);
        Keys = new KeysClient(_http);
        Audit = new AuditClient(_http);
        Events = new EventsClient(_http);
        Backups = new BackupsClient(_http);
        Webhooks = new WebhooksClient(_http);
        Upkeep = new UpkeepClient(_http);
        Manifests = new ManifestsClient(_http);
        Executions = new ExecutionsClient(_http);
        Experiments = new ExperimentsClient(_http);
        Notebooks = new NotebooksClient(_http);
    }

    public JobsClient Jobs { get; }

    public AgentsClient Agents { get; }

    public SchedulesClient Schedules { get; }

    public ConversationsClient Conversations { get; }

    public TurnsClient Turns { get; }

    public ModelsClient Models { get; }

    public BulkClient Bulk { get; }

    public KeysClient Keys { get; }

    public AuditClient Audit { get; }

    public EventsClient Events { get; }

    public BackupsClient Backups { get; }

    public WebhooksClient Webhooks { get; }

    public UpkeepClient Upkeep { get; }

    public ManifestsClient Manifests { get; }

    public ExecutionsClient Executions { get; }

    public ExperimentsClient Experiments { get; }

    public NotebooksClient Notebooks { get; }

    public void Dispose() => _http.Dispose();
}
