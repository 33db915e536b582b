using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// Whether each agent gets a user of the broker of its own: section <c>Broker</c>. Without a management URL agents log
/// in as their own settings say, and nothing keeps them apart at the broker.
/// </summary>
public sealed class BrokerSettings : IValidatableObject
{
    /// <summary>Where the management API of the broker answers, such as <c>http://127.0.0.1:15672</c>.</summary>
    public string ManagementUrl { get; set; } = "";

    /// <summary>A user with the tag <c>administrator</c>: only such may make users.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>How many connections one agent may have: two are needed, and a lost one may linger.</summary>
    [Range(2, 1000)]
    public int MaxConnections { get; set; } = 6;

    /// <summary>How many channels one agent may have in all its connections.</summary>
    [Range(4, 10_000)]
    public int MaxChannels { get; set; } = 64;

    /// <summary>How many messages may wait for one agent; what comes then waits in the database.</summary>
    [Range(100, 10_000_000)]
    public int MaxWaiting { get; set; } = 100_000;

    /// <summary>How many bytes may wait for one agent.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long MaxWaitingBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How many messages of one agent may wait to be read; the broker takes no more of that agent then.</summary>
    [Range(10, 1_000_000)]
    public int MaxReportsWaiting { get; set; } = 1000;

    /// <summary>How many bytes of one agent may wait to be read.</summary>
    [Range(1024 * 1024, 4L * 1024 * 1024 * 1024)]
    public long MaxReportBytesWaiting { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many messages of one agent a process holds at once. An agent has one report under way and its beats beside it,
    /// so that a beat waits for no report; what is more waits until the others had their turn.
    /// </summary>
    [Range(2, 100)]
    public int ReportsAtOnce { get; set; } = 4;

    /// <summary>How many messages of all agents a process handles at once.</summary>
    [Range(1, 1000)]
    public int ReportConcurrency { get; set; } = 64;

    /// <summary>How often a process looks for agents whose reports it does not read yet; it is also told of them. Seconds.</summary>
    [Range(0.1, 600)]
    public double ReportLookSeconds { get; set; } = 5;

    /// <summary>
    /// How many messages a second one agent may say in the long run; an agent puts all it has to say into one at a time.
    /// </summary>
    [Range(1, 1_000_000)]
    public double MessagesPerSecond { get; set; } = 1000;

    /// <summary>How many it may say at once after a rest.</summary>
    [Range(10, 10_000_000)]
    public double MessagesAtOnce { get; set; } = 5000;

    /// <summary>How long an agent that says more is kept out.</summary>
    [Range(1, 86_400)]
    public double FloodSeconds { get; set; } = 60;

    /// <summary>How long the management API may take for one answer, in seconds.</summary>
    [Range(1, 120)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>How often the broker is asked whether it takes messages, in seconds.</summary>
    [Range(0.1, 600)]
    public double AlarmSeconds { get; set; } = 3;

    /// <summary>For how many agents queues are declared at once; the others wait their turn.</summary>
    [Range(1, 100)]
    public int DeclareChannels { get; set; } = 8;

    internal bool OwnUsers => ManagementUrl.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!OwnUsers)
            yield break;
        if (!Uri.TryCreate(ManagementUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new($"Broker:ManagementUrl is '{ManagementUrl}'; give a URL such as http://127.0.0.1:15672.");
        if (User.Length == 0 || Password.Length == 0)
            yield return new("Broker:User and Broker:Password are needed where Broker:ManagementUrl is set.");
    }
}
