using System.Collections;
using Fleet.Contracts.Jobs;
using Fleet.Protocol.Ids;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Commands;

/// <summary>
/// What a child process finds in its environment: the host's, without anything that configures this worker and may
/// be secret or speaks to systemd for it, then the job's, then what Fleet tells it.
/// </summary>
internal sealed class CommandEnvironment(WorkerSettings settings, WorkDirectory home)
{
    private static readonly string[] _ownPrefixes =
        ["Worker__", "Rabbit__", "DOTNET_", "ASPNETCORE_", "FLEET_", "NOTIFY_SOCKET", "WATCHDOG_"];

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
        var all = Inherited();
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

    private Dictionary<string, string> Inherited()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var (name, value) = ((string)variable.Key, (string?)variable.Value ?? "");
            var isOurs = _ownPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            if (!isOurs && !_secrets.Any(secret => value.Contains(secret, StringComparison.Ordinal)))
                all[name] = value;
        }

        all.Remove("OLDPWD");
        return all;
    }
}
