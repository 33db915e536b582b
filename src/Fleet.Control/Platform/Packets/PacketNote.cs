using System.Diagnostics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Packets;

/// <summary>The audit's row of a request that came over the binary socket.</summary>
internal sealed class PacketNote(string action, Caller? caller, string address) : IAuditNote
{
    public const string Path = "/ws";

    private const string Method = "PACKET";
    private const int Done = 200;

    private string[] _objects = [];

    /// <summary>Whether its row is committed.</summary>
    public bool IsWritten { get; private set; }

    public void Join(UnitOfWork unit, int status, IEnumerable<Guid> objects)
    {
        _objects = [.. objects.Select(WireId.Format)];
        unit.Audits.Add(ToRow(unit.Now, Done, null));
    }

    public void Committed() => IsWritten = true;

    /// <param name="code">In words, where it was refused.</param>
    public AuditRow ToRow(DateTimeOffset now, int status, string? code) => new()
    {
        Id = Guid.CreateVersion7(now),
        At = now,
        Who = caller?.Name ?? AuditRow.Unknown,
        KeyId = caller?.KeyId,
        Tenant = caller?.Tenant,
        Action = action,
        Objects = _objects,
        Method = Method,
        Route = Path,
        Path = Path,
        Address = address,
        TraceId = Activity.Current?.TraceId.ToString(),
        Status = status,
        Code = code,
    };
}
