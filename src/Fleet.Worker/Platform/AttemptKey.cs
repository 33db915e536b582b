using Fleet.Protocol.Ids;

namespace Fleet.Worker.Platform;

/// <summary>Which try at which job.</summary>
internal readonly record struct AttemptKey(Guid JobId, int Attempt)
{
    public override string ToString() => $"{WireId.Format(JobId)}-{Attempt}";
}
