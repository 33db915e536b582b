using Fleet.Protocol.Ids;

namespace Fleet.Worker.Platform.InHand;

/// <summary>Which try at which piece of work.</summary>
/// <param name="Kind">Of the work: Control finds by it whom a report is for.</param>
internal readonly record struct AttemptKey(Guid WorkId, string Kind, int Attempt)
{
    /// <summary>A file name that no other attempt has: ids are unique whatever the kind, which may be any text.</summary>
    public override string ToString() => $"{WireId.Format(WorkId)}-{Attempt}";

    /// <summary>Every attempt is looked up some twenty times, and its kind tells it from no other.</summary>
    public override int GetHashCode() => HashCode.Combine(WorkId, Attempt);
}
