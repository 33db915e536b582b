using Fleet.Contracts.Backups;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Backups;

/// <summary>
/// What restic finds in its environment: what it needs of the host's, the secrets of the repository, and the marks by which its
/// processes are known.
/// </summary>
internal sealed class ResticEnvironment(CommandEnvironment commands, ResticProgram program)
{
    private static readonly string[] _kept =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSH_AUTH_SOCK", "HTTP_PROXY", "HTTPS_PROXY",
        "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CONFIG_HOME",
    ];

    public IReadOnlyList<string> Of(RepositoryCredentials credentials, AttemptKey key) =>
        Marked(With(credentials), commands.RunMarksOf(key));

    /// <summary>Of one that answers a question, and belongs to no attempt.</summary>
    public IReadOnlyList<string> OfQuestion(RepositoryCredentials credentials) => Marked(With(credentials), commands.RunMarks);

    /// <summary>Of a hook: what a job finds, and what it may want to know.</summary>
    public IReadOnlyList<string> OfHook(IReadOnlyDictionary<string, string> told, AttemptKey key, AttemptDirectory directory) =>
        Marked(commands.Of(new CommandSpec(Env: told), key, directory), []);

    public IReadOnlyList<string> MarksOf(AttemptKey key) => commands.MarksOf(key);

    private static Dictionary<string, string> Kept() => _kept
        .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
        .Where(variable => variable.Value is not null)
        .ToDictionary(variable => variable.Name, variable => variable.Value!);

    private static string[] Marked(IReadOnlyDictionary<string, string> all, IEnumerable<string> marks) =>
        [.. all.Select(variable => $"{variable.Key}={variable.Value}"), .. marks];

    private Dictionary<string, string> With(RepositoryCredentials credentials)
    {
        var all = Kept();
        foreach (var (name, value) in credentials.Env)
            all[name] = value;
        all["RESTIC_REPOSITORY"] = credentials.Url;
        all["RESTIC_PASSWORD"] = credentials.Password;
        all["RESTIC_PROGRESS_FPS"] = "1";
        all["RESTIC_CACHE_DIR"] = program.Cache;
        return all;
    }
}
