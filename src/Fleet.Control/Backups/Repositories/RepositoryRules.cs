using System.Text.RegularExpressions;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Backups.Repositories;

/// <summary>What repositories must look like. Each rule has a sentence that says what would be right.</summary>
internal sealed partial class RepositoryRules() : FieldRules("")
{
    private const int MostUrl = 2000;
    private const int MostPassword = 1000;
    private const int MostVariables = 50;
    private const int MostValue = 16 * 1024;
    private const int Gentlest = 19;

    /// <summary>Variables that would make restic another program, or that Fleet sets itself.</summary>
    private static readonly string[] NotTheirs =
        ["RESTIC_REPOSITORY", "RESTIC_PASSWORD", "RESTIC_PASSWORD_COMMAND", "RESTIC_CACHE_DIR", "RESTIC_PROGRESS_FPS", "PATH"];

    private static readonly string[] NotTheirBeginnings = ["LD_", "FLEET_"];

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(RepositoryRequest wanted) => Check(rules =>
    {
        rules.NameOf(wanted.Name);
        rules.Slot("", wanted.Url, wanted.Password, wanted.Env);
        rules.Rest(wanted.Admin, wanted.Agent, wanted.UploadKibPerSecond, wanted.DownloadKibPerSecond, wanted.Nice);
    });

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(RepositoryChange wanted) => Check(rules =>
    {
        if (wanted.Name is { } name)
            rules.NameOf(name);
        rules.Slot("", wanted.Url, wanted.Password, wanted.Env);
        rules.Rest(wanted.Admin, wanted.Agent, wanted.UploadKibPerSecond, wanted.DownloadKibPerSecond, wanted.Nice);
    });

    private static void Check(Action<RepositoryRules> check)
    {
        var rules = new RepositoryRules();
        check(rules);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    private void NameOf(string name)
    {
        if (!BackupNames.IsName(name))
            Refuse("name", BackupNames.Rule);
    }

    private void Rest(AdminSlotRequest? admin, string? agent, int? upload, int? download, int? nice)
    {
        if (admin is not null)
            Slot("admin.", admin.Url, admin.Password, admin.Env);
        if (agent is not null && !AgentAddress.IsName(agent))
            Refuse("agent", "This is not a name that an agent can have.");
        if (upload is { } up)
            Between("upload_kib_per_second", up, 1, int.MaxValue);
        if (download is { } down)
            Between("download_kib_per_second", down, 1, int.MaxValue);
        if (nice is { } gentle)
            Between("nice", gentle, 0, Gentlest);
    }

    private void Slot(string prefix, string? url, string? password, Dictionary<string, string?>? env)
    {
        if (url is not null)
        {
            Line($"{prefix}url", url, MostUrl);
            if (RepositoryUrl.Trouble(url) is { } trouble)
                Refuse($"{prefix}url", trouble);
        }

        if (password is not null)
            Line($"{prefix}password", password, MostPassword);
        if (env is null)
            return;
        Entries($"{prefix}env", env, MostVariables, MostValue);
        foreach (var (name, value) in env)
        {
            if (!Variable().IsMatch(name) || value?.Contains('\0') == true)
                Refuse($"{prefix}env.{name}", "This is no variable: use letters, digits and underscores, and no NUL in the value.");
            else if (NotTheirs.Contains(name) || NotTheirBeginnings.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
                Refuse($"{prefix}env.{name}", "This variable cannot be set here.");
        }
    }

    private void Line(string field, string text, int most)
    {
        Filled(field, text, most);
        if (text.Any(char.IsControl))
            Refuse(field, "This must not hold control characters.");
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,199}\z")]
    private static partial Regex Variable();
}
