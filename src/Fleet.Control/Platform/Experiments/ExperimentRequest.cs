namespace Fleet.Control.Platform.Experiments;

/// <summary>What a job of the kind <c>experiment</c> runs, as clients write it.</summary>
internal sealed class ExperimentRequest
{
    /// <summary>40 hex digits.</summary>
    public string? Commit { get; init; }

    /// <summary>Added behind those of the commit's entry.</summary>
    public List<string?>? Args { get; init; }

    public Dictionary<string, string?>? Env { get; init; }

    /// <summary>Names of registered datasets.</summary>
    public List<string?>? Datasets { get; init; }

    public ExperimentResourcesRequest? Resources { get; init; }
}

/// <summary>What a run may take of its host; null is as much as the host's settings say.</summary>
internal sealed class ExperimentResourcesRequest
{
    /// <summary>Processors.</summary>
    public double? Cpu { get; init; }

    public int? MemoryMb { get; init; }

    /// <summary>How many; only agents with the label <c>gpu</c> of this value are asked.</summary>
    public int? Gpu { get; init; }
}
