using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Notebooks;
using Fleet.Worker.Agents.Events;
using Fleet.Worker.Backups;
using Fleet.Worker.Notebooks;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker;

/// <summary>What an agent process is told: section <c>Worker</c>.</summary>
public sealed class WorkerSettings : IValidatableObject
{
    internal const string InferenceSlots = "inference", EmbeddingSlots = "embedding";
    private const int ShortestSecret = 8; // a shorter key of an upstream is a word, and may be in any variable

    /// <summary>The name this host is known by.</summary>
    public string Name { get; set; } = AgentName.OfThisHost();

    /// <summary>URL under which the control plane answers.</summary>
    [Required]
    public string Control { get; set; } = "http://127.0.0.1:8080";

    /// <summary>A PEM file with the authorities to believe at Control instead of the host's; empty means the host's.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>
    /// A one-time token that makes this host an agent; or else <see cref="EnrolmentTokenFile"/> says where it lies.
    /// Without either, the host announces itself and waits for approval. Needed once: the agent's own token is kept in
    /// <c>agent.token</c> in the work directory.
    /// </summary>
    public string EnrolmentToken { get; set; } = "";

    /// <summary>A file that holds the one-time token and nothing else; it may be gone once it was used.</summary>
    public string EnrolmentTokenFile { get; set; } = "";

    /// <summary>The agent's own token, for hosts that are given it from outside; empty means that it is kept here.</summary>
    public string Token { get; set; } = "";

    /// <summary>Where attempts get their directories; empty means a directory of the user's state. One process each.</summary>
    public string WorkDirectory { get; set; } = "";

    /// <summary>How many attempts of each capability may run at once, 0 to 10,000; 0 takes none of that kind.</summary>
    public Dictionary<string, int> Slots { get; set; } = new()
    {
        ["command"] = 2 * Environment.ProcessorCount,
        ["noop"] = 512,
        ["experiment"] = Environment.ProcessorCount,
        [BackupKinds.Capability] = 2,
        [NotebookSpec.Kind] = 4,
    };

    /// <summary>Servers of models, by name; with none, this agent takes no model calls.</summary>
    public Dictionary<string, UpstreamSettings> Upstreams { get; set; } = [];

    /// <summary>How often upstreams are asked which models they have.</summary>
    [Range(0.1, 86_400)]
    public double UpstreamLookSeconds { get; set; } = 30;

    /// <summary>How often an upstream that was not there is looked for.</summary>
    [Range(0.1, 3600)]
    public double UpstreamProbeSeconds { get; set; } = 2;

    /// <summary>The longest text that a model call may answer with.</summary>
    [Range(1024, 2 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>The longest that an upstream may say nothing during a turn: neither a piece nor a heartbeat.</summary>
    [Range(0.1, 86_400)]
    public double TurnSilenceSeconds { get; set; } = 90;

    /// <summary>How long a turn may be quiet until it is noted that it lives.</summary>
    [Range(0.1, 3600)]
    public double TurnBeatSeconds { get; set; } = 5;

    /// <summary>How often an upstream is asked for an answer that it still works on; while it cannot say, less and less often.</summary>
    [Range(0.1, 3600)]
    public double TurnPollSeconds { get; set; } = 3;

    /// <summary>How long after a question an upstream that does not know it is asked again whether it does.</summary>
    [Range(0, 86_400)]
    public double TurnDoubtSeconds { get; set; } = 10;

    /// <summary>How backups are made here; without restic, this agent takes none.</summary>
    public ResticSettings Backups { get; set; } = new();

    /// <summary>How notebooks run here; without Jupyter, this agent has none.</summary>
    public NotebookHostSettings Notebooks { get; set; } = new();

    /// <summary>Who logs on here.</summary>
    public LogonSettings Logons { get; set; } = new();

    /// <summary>What jobs may ask for when they choose a host.</summary>
    public Dictionary<string, string> Labels { get; set; } = [];

    /// <summary>Time between SIGTERM and SIGKILL when an attempt has run too long.</summary>
    [Range(0, 3600)]
    public double KillGraceSeconds { get; set; } = 10;

    /// <summary>Time between SIGTERM and SIGKILL when this process is asked to stop: its work goes on elsewhere after that.</summary>
    [Range(0, 3600)]
    public double StopGraceSeconds { get; set; } = 1;

    /// <summary>How long a stopping process waits until its last words are confirmed.</summary>
    [Range(0, 3600)]
    public double StopPatienceSeconds { get; set; } = 5;

    /// <summary>
    /// How long before the end of its lease this agent ends what it has in hand, at most half of the lease; null means
    /// a fifth of the lease, and at least 3 seconds.
    /// </summary>
    [Range(0.1, 3600)]
    public double? LeaseMarginSeconds { get; set; }

    /// <summary>How much children give way to this agent and to the host, 0 to 19, as <c>nice</c> counts.</summary>
    [Range(0, 19)]
    public int ChildNice { get; set; } = 5;

    /// <summary>
    /// As whom jobs run: a range of ids such as <c>200000-209999</c>, of which each tenant gets a user and each attempt a
    /// group; the name or number of one user for all; <c>self</c> for this agent's own. Empty means a range of this agent's
    /// own where it may switch users, else itself.
    /// </summary>
    public string RunAs { get; set; } = "";

    /// <summary>How many processes the user of a job may have; counts only where jobs have users of their own.</summary>
    [Range(16, 4_194_304)]
    public int MaxProcesses { get; set; } = 4096;

    /// <summary>The most memory of one attempt, with its files in memory; 0: no bound. Needs a delegated control group.</summary>
    [Range(0, long.MaxValue)]
    public long MaxMemoryBytes { get; set; }

    /// <summary>How many processors one attempt may keep busy, such as 1.5; 0 means no bound. Counts as above.</summary>
    [Range(0, 10_000)]
    public double MaxCpus { get; set; }

    /// <summary>Variables of this process that children find in their environment beside the usual ones.</summary>
    public List<string> ChildEnvironment { get; set; } = [];

    /// <summary>Room of the log of attempts on disk; it is taken in advance, twice.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int AttemptLogBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a report may stay unconfirmed until it is sent again.</summary>
    [Range(0.01, 600)]
    public double ReportPatienceSeconds { get; set; } = 5;

    /// <summary>How long the upload of one artifact is tried again.</summary>
    [Range(0, 3600)]
    public double ArtifactPatienceSeconds { get; set; } = 120;

    /// <summary>The largest file that is uploaded as an artifact.</summary>
    [Range(0, long.MaxValue)]
    public long MaxArtifactBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>The largest dataset that is fetched for a run; the default is 16 GiB.</summary>
    public long MaxDatasetBytes { get; set; } = 16L << 30;

    /// <summary>Room for datasets that are kept for further runs; 0 keeps none.</summary>
    [Range(0, long.MaxValue)]
    public long DatasetCacheBytes { get; set; } = 16L << 30;

    /// <summary>The largest result file that is read.</summary>
    [Range(1, 16 * 1024 * 1024)]
    public int MaxResultBytes { get; set; } = 1024 * 1024;

    /// <summary>How much output one report carries.</summary>
    [Range(64 * 1024, 8 * 1024 * 1024)]
    public int MaxReportBytes { get; set; } = 1024 * 1024;

    /// <summary>Unconfirmed output held for all attempts together; when full, children wait until they may write on.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int OutputBufferBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long nothing must have been in hand until memory is given back to the host.</summary>
    [Range(1, 86_400)]
    public double IdleTrimSeconds { get; set; } = 30;

    /// <summary>Leave the directories of ended attempts, to look into them.</summary>
    public bool KeepAttemptDirectories { get; set; }

    /// <summary>The work directory as an absolute path.</summary>
    internal string Home => Path.GetFullPath(WorkDirectory.Length > 0 ? WorkDirectory : StateDirectory.Of(Name));

    /// <summary>Null when there is none.</summary>
    internal string? ReadEnrolmentToken() =>
        EnrolmentToken.Length > 0 ? EnrolmentToken.Trim()
        : EnrolmentTokenFile.Length > 0 ? new SecretFile(EnrolmentTokenFile).Read()
        : null;

    /// <summary>What no child process may find in its environment.</summary>
    internal IEnumerable<string> Secrets => new[] { Token, ReadEnrolmentToken() ?? "" }.Where(secret => secret.Length > 0)
        .Concat(Upstreams.Values.Select(upstream => upstream.ReadApiKey() ?? "").Where(key => key.Length >= ShortestSecret));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        WorkerSettingsRules.Wrongs(this).Select(sentence => new ValidationResult(sentence));
}
