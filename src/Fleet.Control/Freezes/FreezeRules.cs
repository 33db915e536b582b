using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Freezes;

/// <summary>What a freeze must look like.</summary>
internal sealed class FreezeRules(WorkKinds kinds)
{
    private const int MostName = 60;
    private const int MostReason = 500;

    private readonly string[] _kinds = [.. kinds.Names];

    /// <summary>Throws the problem that names every wrong field.</summary>
    public void Check(string name, FreezeRequest freeze)
    {
        var wrong = new Dictionary<string, string[]>();
        if (name.Length > MostName || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            wrong["name"] = [$"Use up to {MostName} letters, digits, hyphens and underscores."];
        foreach (var (place, kind) in (freeze.Kinds ?? []).Index())
        {
            if (kind is null || !_kinds.Contains(kind))
                wrong[$"kinds[{place}]"] = [$"There is no such kind: use {string.Join(", ", _kinds)}, or leave kinds out for all."];
        }

        if (freeze.Reason?.Length > MostReason)
            wrong["reason"] = [$"At most {MostReason} characters."];
        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
    }
}
