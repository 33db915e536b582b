using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Commits;

/// <summary>How a commit is started: what its <c>experiment.json</c> says, or what its files show.</summary>
internal sealed record CommitSettings(string[] Entry, Dictionary<string, string> Env, string? Dependencies)
{
    public const string FileName = "experiment.json";

    /// <summary>Bytes of the largest such file.</summary>
    public const int MostBytes = 256 * 1024;

    private static readonly (string File, string[] Entry)[] UsualEntries =
        [("run.sh", ["sh", "run.sh"]), ("main.py", ["python3", "main.py"]), ("train.py", ["python3", "train.py"])];

    private static readonly string[] DependencyFiles =
        ["requirements.txt", "package.json", "Cargo.toml", "go.mod", "pom.xml", "build.gradle"];

    /// <param name="json">The file's content; null where there is none.</param>
    /// <exception cref="ProblemException">It says what cannot be; the field is named.</exception>
    public static CommitSettings Of(IReadOnlySet<string> paths, byte[]? json)
    {
        var said = json is null ? null : Parse(json);
        var entry = said?.Entry?.ConvertAll(word => word!).ToArray()
            ?? UsualEntries.FirstOrDefault(usual => paths.Contains(usual.File)).Entry ?? [];
        var env = said?.Env?.ToDictionary(one => one.Key, one => one.Value!) ?? [];
        return new CommitSettings(entry, env, DependencyFiles.FirstOrDefault(paths.Contains));
    }

    private static Said Parse(byte[] json)
    {
        Said said;
        try
        {
            said = JsonBody.ParseKnown<Said>(json);
        }
        catch (ProblemException wrong)
        {
            throw new ProblemException(Problem.Invalid(FileName, wrong.Problem.Detail));
        }

        var sentences = new Dictionary<string, string[]>();
        new ExperimentRules((field, sentence) => sentences.TryAdd($"{FileName}.{field}", [sentence])).Check(
            new ExperimentRequest { Commit = new string('0', 40), Args = said.Entry, Env = said.Env });
        if (said.Entry is { Count: 0 } || said.Entry?[0] is "")
            sentences[$"{FileName}.entry"] = ["This is a program and its arguments."];
        return sentences.Count == 0 ? said : throw new ProblemException(Problem.Invalid(
            sentences.ToDictionary(one => one.Key.Replace(".args", ".entry", StringComparison.Ordinal), one => one.Value)));
    }

    private sealed class Said
    {
        public List<string?>? Entry { get; init; }

        public Dictionary<string, string?>? Env { get; init; }
    }
}
