using Fleet.Contracts.Agents;
using Fleet.Contracts.Experiments;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Requests;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Jobs;

/// <summary>What a submission must look like. Each rule has a sentence that says what would be right.</summary>
internal sealed class JobRules(string prefix, IReadOnlyList<string> kinds, DateTimeOffset now) : FieldRules(prefix)
{
    private const int MostText = 200;
    private const int MostPath = 4096;
    private const int MostScript = 1024 * 1024;
    private const int MostArgs = 1000;
    private const int MostArg = 128 * 1024;
    private const int MostEntries = 64;
    private const int MostVariables = 500;
    private const int MostAttempts = 100;
    private const int MostUrl = 2000;
    private const int MostConcurrent = 100_000;
    private const int MostStarts = 1000;
    private const int LongestRate = 86_400;

    /// <summary>Of all texts of a command: as JSON, where one may take six bytes, a message of the broker holds them.</summary>
    private const int MostCommand = 2 * 1024 * 1024;

    private static readonly int LongestTimeout = (int)TimeSpan.FromDays(30).TotalSeconds;
    private static readonly string[] Shells = ["sh", "bash", "pwsh", "powershell", "cmd"];

    public void Check(JobRequest job)
    {
        if (job.Kind is null)
            Refuse("kind", $"This is needed: one of {string.Join(", ", kinds)}.");
        else if (!kinds.Contains(job.Kind))
            Refuse("kind", $"There is no such kind: use one of {string.Join(", ", kinds)}.");
        Text("name", job.Name, MostText);
        Entries("labels", job.Labels, MostEntries, MostText);
        LabelNames(job.Labels);
        Between("priority", job.Priority, 0, 9);
        if (job.MaxAttempts is { } attempts)
            Between("max_attempts", attempts, 1, MostAttempts);
        if (job.TimeoutS is { } timeout)
            Between("timeout_s", timeout, 1, LongestTimeout);
        if (job.ExpiresAt <= now || job.ExpiresAt > now + LatestExpiry)
            Refuse("expires_at", "This must lie in the future, and within 100 years.");
        Text("state_webhook_url", job.StateWebhookUrl, MostUrl);
        if (job.StateWebhookUrl is { } url && !HttpUrl.TryRead(url, out _))
            Refuse("state_webhook_url", "This must be an absolute http or https URL without a user.");
        if (job.Target?.Agent is { } agent && !AgentAddress.IsName(agent))
            Refuse("target.agent", "This is not a name that an agent can have.");
        Entries("target.labels", job.Target?.Labels, MostEntries, MostText);
        if (job.Target is { } target)
            Demands(target, job.Inference?.Model);
        Terms(job);
        if (job.Kind == JobKinds.Command)
            Check(job.Command);
        else if (job.Command is not null)
            Refuse("command", "Only jobs of the kind command have this.");
        if (job.Kind == InferenceSpec.Kind)
            Check(job.Inference);
        else if (job.Inference is not null)
            Refuse("inference", "Only jobs of the kind inference have this.");
        if (job.Kind == ExperimentSpec.Kind)
            Check(job.Experiment);
        else if (job.Experiment is not null)
            Refuse("experiment", "Only jobs of the kind experiment have this.");
    }

    private void Check(InferenceRequest? call)
    {
        if (call is null)
            Refuse("inference", "A job of the kind inference needs this.");
        else
            new InferenceRules((field, sentence) => Refuse($"inference.{field}".TrimEnd('.'), sentence)).Check(call);
    }

    private void Check(ExperimentRequest? run)
    {
        if (run is null)
            Refuse("experiment", "A job of the kind experiment needs this.");
        else
            new ExperimentRules((field, sentence) => Refuse($"experiment.{field}", sentence)).Check(run);
    }

    private void Terms(JobRequest job)
    {
        if (!OfflineTerms.All.Contains(job.Offline))
            Refuse("offline", $"Use one of {string.Join(", ", OfflineTerms.All)}.");
        if (job.QueueKey is null == (job.Offline == OfflineTerms.Newest))
            Refuse("queue_key", "This belongs to offline: newest, and newest needs it.");
        if (job.ConcurrencyKey is null != job.ConcurrencyLimit is null)
            Refuse("concurrency_limit", "Give concurrency_key and concurrency_limit together.");
        if (job.ConcurrencyLimit is { } limit)
            Between("concurrency_limit", limit, 1, MostConcurrent);
        if (job.NotBefore > now + LatestExpiry)
            Refuse("not_before", "This must lie within 100 years.");
        if (job.NotBefore >= job.ExpiresAt)
            Refuse("not_before", "This must lie before expires_at.");
        if (job.NotBefore > now && job.Offline == OfflineTerms.Skip)
            Refuse("not_before", "A job that is skipped when its agents are away starts now or never.");
        Key("queue_key", job.QueueKey);
        Key("concurrency_key", job.ConcurrencyKey);
        Key("sequence_key", job.SequenceKey);
        Key("fairness_key", job.FairnessKey);
        Rate(job);
    }

    private void Rate(JobRequest job)
    {
        Key("rate_key", job.RateKey);
        if (job.RateKey is null != job.RateLimit is null)
            Refuse("rate_limit", "Give rate_key and rate_limit together.");
        if (job.RateLimit is { } limit)
            Between("rate_limit", limit, 1, MostStarts);
        if (job.RateSeconds is { } seconds)
            Between("rate_seconds", seconds, 1, LongestRate);
        if (job.RateSeconds is not null && job.RateKey is null)
            Refuse("rate_seconds", "This belongs to a rate_key.");
    }

    private void Key(string field, string? key)
    {
        if (key is not null)
            Filled(field, key, MostText);
    }

    private void Check(CommandRequest? command)
    {
        if (command is null)
        {
            Refuse("command", "A job of the kind command needs this.");
            return;
        }

        if (command.Program is null == command.Script is null)
            Refuse("command", "Give either program (with args) or script (with shell).");
        if (command.Program is not null)
            Filled("command.program", command.Program, MostPath);
        if (command.Script is not null && command.Args is not null)
            Refuse("command.args", "A script takes no args; a program does.");
        Text("command.script", command.Script, MostScript);
        if (command.Shell is not null && !Shells.Contains(command.Shell))
            Refuse("command.shell", $"Use one of {string.Join(", ", Shells)}.");
        if (command.Shell is not null && command.Script is null)
            Refuse("command.shell", "Only a script has a shell.");
        if (command.Cwd is not null)
            Filled("command.cwd", command.Cwd, MostPath);
        Text("command.stdin", command.Stdin, MostScript);
        Args(command.Args ?? []);
        Entries("command.env", command.Env, MostVariables, MostArg);
        if (command.Env?.Keys.FirstOrDefault(name => name.Contains('=', StringComparison.Ordinal)) is not null)
            Refuse("command.env", "The name of a variable must not hold an equals sign.");
        if (Texts(command).Sum(text => (long)(text?.Length ?? 0)) > MostCommand)
            Refuse("command", $"All texts of a command together have at most {MostCommand} characters.");
    }

    private static IEnumerable<string?> Texts(CommandRequest command) =>
    [
        command.Program, command.Script, command.Cwd, command.Stdin,
        .. command.Args ?? [], .. command.Env?.SelectMany(variable => (string?[])[variable.Key, variable.Value]) ?? [],
    ];

    private void Demands(TargetRequest target, string? model)
    {
        if (model?.Length > InferenceRules.MostName)
            return; // refused already
        if (target.Labels is { Count: > 0 } labels && DemandKey.Of("", "", target.Agent, labels!, model).Length > DemandKey.Longest)
            Refuse("target.labels", $"All names and values together have at most {DemandKey.Longest} characters as JSON.");
    }

    private void Args(List<string?> args)
    {
        if (args.Count > MostArgs)
            Refuse("command.args", $"At most {MostArgs} arguments.");
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is null or { Length: > MostArg })
                Refuse($"command.args[{i}]", $"This must be a text of at most {MostArg} characters.");
        }
    }
}
