using Fleet.Contracts.Jobs;
using Fleet.Protocol.Ids;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Commands;

/// <summary>
/// What a child process finds in its environment: of this agent's only what is named here or in the settings, so that
/// nothing that configures the agent, or that whoever started it had there, is shown; then the job's, then what Fleet
/// tells it.
/// </summary>
internal sealed class CommandEnvironment(WorkerSettings settings, WorkDirectory home)
{
    private static readonly string[] _usual =
        ["PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    private static readonly string[] _ofTheUser = ["HOME", "USER", "LOGNAME", "SHELL"];

    private readonly string[] _secrets = [.. settings.Secrets];

    /// <summary>By these the processes of one attempt are known, wherever they went.</summary>
    public IReadOnlyList<string> MarksOf(AttemptKey key) =>
        [$"FLEET_JOB_ID={WireId.Format(key.WorkId)}", $"FLEET_ATTEMPT={key.Attempt}", .. home.Marks];

    /// <summary>By these the processes of this run of this agent are known, whatever they do.</summary>
    public IEnumerable<string> RunMarks => home.Marks.Append(home.RunMark);

    /// <summary>Those of an attempt with that of this run, as entries of an environment.</summary>
    public IEnumerable<string> RunMarksOf(AttemptKey key) => MarksOf(key).Append(home.RunMark);

    /// <exception cref="ChildStartException">A name or a value that no environment can hold.</exception>
    public IReadOnlyDictionary<string, string> Of(CommandSpec command, AttemptKey key, AttemptDirectory directory)
    {
        var all = Inherited(directory);
        foreach (var (name, value) in command.Env ?? new Dictionary<string, string>())
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value is null || value.Contains('\0'))
                throw new ChildStartException($"The environment variable '{name}' has a name or value that cannot be.");
            all[name] = value;
        }

        foreach (var mark in RunMarksOf(key))
            all[mark[..mark.IndexOf('=')]] = mark[(mark.IndexOf('=') + 1)..];
        all["FLEET_ARTIFACTS_DIR"] = directory.Artifacts;
        all["FLEET_RESULT_FILE"] = directory.ResultFile;
        return all;
    }

    private Dictionary<string, string> Inherited(AttemptDirectory directory)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in _usual.Concat(directory.User is null ? _ofTheUser : []).Concat(settings.ChildEnvironment))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value
                && !_secrets.Any(secret => value.Contains(secret, StringComparison.Ordinal)))
                all[name] = value;
        }

        if (directory.User is not null)
            all["HOME"] = directory.Work;
        all["TMPDIR"] = directory.Temporary;
        return all;
    }
}
