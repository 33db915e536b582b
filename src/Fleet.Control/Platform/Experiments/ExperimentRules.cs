namespace Fleet.Control.Platform.Experiments;

/// <summary>What a run must look like when it is submitted.</summary>
/// <param name="refuse">Told the field and a sentence that says what would be right.</param>
internal sealed class ExperimentRules(Action<string, string> refuse)
{
    public const int MostArgs = 1000;
    public const int MostDatasets = 32;

    private const int MostArg = 128 * 1024;
    private const int MostText = 2 * 1024 * 1024;
    private const int MostVariables = 500;
    private const int MostName = 200;
    private const int MostCpu = 1024;
    private const int LeastMemory = 16;
    private const int MostMemory = 16 * 1024 * 1024;
    private const int MostGpu = 64;

    public void Check(ExperimentRequest run)
    {
        if (!CommitId.TryRead(run.Commit, out _))
            refuse("commit", CommitId.Rule);
        Args(run.Args ?? []);
        Env(run.Env ?? []);
        Datasets(run.Datasets ?? []);
        if (run.Resources is { } resources)
            Check(resources);
        var texts = (run.Args ?? []).Concat(run.Env?.SelectMany(one => (string?[])[one.Key, one.Value]) ?? []);
        if (texts.Sum(text => (long)(text?.Length ?? 0)) > MostText)
            refuse("args", $"All texts of a run together have at most {MostText} characters.");
    }

    private void Args(List<string?> args)
    {
        if (args.Count > MostArgs)
            refuse("args", $"At most {MostArgs} arguments.");
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is null or { Length: > MostArg })
                refuse($"args[{i}]", $"This must be a text of at most {MostArg} characters.");
        }
    }

    private void Env(Dictionary<string, string?> env)
    {
        if (env.Count > MostVariables)
            refuse("env", $"At most {MostVariables} variables.");
        foreach (var (name, value) in env)
        {
            if (name.Length is 0 or > MostName || name.Contains('=', StringComparison.Ordinal))
                refuse("env", $"Names have 1 to {MostName} characters, and no equals sign.");
            if (value is null or { Length: > MostArg })
                refuse($"env.{name}", $"This must be a text of at most {MostArg} characters.");
        }
    }

    private void Datasets(List<string?> datasets)
    {
        if (datasets.Count > MostDatasets)
            refuse("datasets", $"At most {MostDatasets} datasets.");
        for (var i = 0; i < datasets.Count; i++)
        {
            if (datasets[i] is null || !DatasetName.IsName(datasets[i]!))
                refuse($"datasets[{i}]", DatasetName.Rule);
        }
    }

    private void Check(ExperimentResourcesRequest resources)
    {
        if (resources.Cpu is not (null or (>= 0.01 and <= MostCpu)))
            refuse("resources.cpu", $"This must be a number from 0.01 to {MostCpu}.");
        if (resources.MemoryMb is not (null or (>= LeastMemory and <= MostMemory)))
            refuse("resources.memory_mb", $"This must be a whole number from {LeastMemory} to {MostMemory}.");
        if (resources.Gpu is not (null or (>= 0 and <= MostGpu)))
            refuse("resources.gpu", $"This must be a whole number from 0 to {MostGpu}.");
    }
}
