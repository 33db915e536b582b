using System.Globalization;
using Fleet.Contracts.Experiments;

namespace Fleet.Control.Platform.Experiments;

/// <summary>From what clients write to what agents understand.</summary>
internal static class ExperimentSpecs
{
    private const string GpuLabel = "gpu";

    /// <param name="run">As <see cref="ExperimentRules"/> have it.</param>
    /// <param name="user">Name of the key that submits it.</param>
    public static ExperimentSpec Translate(ExperimentRequest run, string? user) => new(
        run.Commit!.ToLowerInvariant(),
        run.Args is { Count: > 0 } args ? args.ConvertAll(arg => arg!) : null,
        run.Env is { Count: > 0 } env ? env.ToDictionary(one => one.Key, one => one.Value!) : null,
        run.Datasets is { Count: > 0 } datasets ? [.. datasets.Select(name => name!).Distinct()] : null,
        run.Resources is { } resources ? new ExperimentResources(resources.Cpu, resources.MemoryMb, resources.Gpu) : null,
        user);

    /// <summary>Labels that an agent must have: those that were asked for, and one for processors of graphics.</summary>
    public static Dictionary<string, string> Labels(Dictionary<string, string> asked, int? gpu)
    {
        if (gpu is not > 0 || asked.ContainsKey(GpuLabel))
            return asked;
        return new Dictionary<string, string>(asked) { [GpuLabel] = gpu.Value.ToString(CultureInfo.InvariantCulture) };
    }
}
