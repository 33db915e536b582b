using System.Text.RegularExpressions;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Backups.SourceGroups;

/// <summary>What source groups must look like. Each rule has a sentence that says what would be right.</summary>
internal sealed partial class SourceGroupRules() : FieldRules("")
{
    private const int MostPaths = 1000;
    private const int MostTags = 50;
    private const int MostPath = 4096;
    private const int MostTag = 100;
    private const int MostScript = 64 * 1024;
    private const int LongestHook = 86_400;
    private const int MostKept = 100_000;

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(SourceGroupRequest wanted)
    {
        var rules = new SourceGroupRules();
        rules.Look(wanted);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    private void Look(SourceGroupRequest wanted)
    {
        if (!BackupNames.IsName(wanted.Name))
            Refuse("name", BackupNames.Rule);
        if (!AgentAddress.IsName(wanted.Agent))
            Refuse("agent", "This is not a name that an agent can have.");
        Filled("repository", wanted.Repository, MostTag);
        if (wanted.Includes.Count is 0 or > MostPaths)
            Refuse("includes", $"1 to {MostPaths} paths are needed.");
        Each("includes", wanted.Includes, IsAbsolute, "This must be an absolute path, without line breaks.");
        if (wanted.Excludes is { Count: > MostPaths })
            Refuse("excludes", $"At most {MostPaths} patterns.");
        Each("excludes", wanted.Excludes ?? [], IsLine, "This must be a pattern of one line.");
        if (wanted.Tags is { Count: > MostTags })
            Refuse("tags", $"At most {MostTags} tags.");
        Each("tags", wanted.Tags ?? [], IsTag, $"A tag has 1 to {MostTag} characters, and neither commas nor line breaks.");
        if (wanted.Keep is { } keep)
            Look(keep);
        if (wanted.Hooks is { } hooks)
            Look(hooks);
        if (wanted.NewestWithinS is { } target)
            Between("newest_within_s", target, 1, int.MaxValue);
    }

    private void Look(KeepRequest keep)
    {
        foreach (var (field, count) in keep.Counts)
        {
            if (count is { } kept)
                Between($"keep.{field}", kept, 1, MostKept);
        }

        if (keep.Within is { } within && !Duration().IsMatch(within))
            Refuse("keep.within", "This must be a time as restic writes it: 1y2m3d4h, or a part of that.");
        if (keep.Within is null && keep.Counts.All(rule => rule.Count is null))
            Refuse("keep", "At least one rule must keep something, or leave it out: then nothing is dropped.");
    }

    private void Look(HooksRequest hooks)
    {
        if (hooks.Before is { } before)
            Filled("hooks.before", before, MostScript);
        if (hooks.After is { } after)
            Filled("hooks.after", after, MostScript);
        if (hooks.Before?.Contains('\0') == true || hooks.After?.Contains('\0') == true)
            Refuse("hooks", "A script holds no NUL.");
        Between("hooks.timeout_s", hooks.TimeoutS, 1, LongestHook);
    }

    private void Each(string field, List<string?> texts, Func<string, bool> isRight, string sentence)
    {
        foreach (var (place, text) in texts.Take(MostPaths).Index())
        {
            if (text is null || !isRight(text))
                Refuse($"{field}[{place}]", sentence);
        }
    }

    private static bool IsAbsolute(string path) => IsLine(path) && Absolute().IsMatch(path);

    private static bool IsLine(string text) => text.Length is > 0 and <= MostPath && text.AsSpan().IndexOfAny('\n', '\r', '\0') < 0;

    private static bool IsTag(string tag) => tag.Length is > 0 and <= MostTag && !tag.Contains(',') && !tag.Any(char.IsControl);

    [GeneratedRegex(@"\A(/|[A-Za-z]:[\\/])")]
    private static partial Regex Absolute();

    [GeneratedRegex(@"\A(?=.)(\d{1,6}y)?(\d{1,6}m)?(\d{1,6}d)?(\d{1,6}h)?\z")]
    private static partial Regex Duration();
}
