using System.Security.Cryptography;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>The same copy of a piece of work has the same id, however often it is made.</summary>
internal static class BulkIds
{
    /// <returns>A UUIDv7 (RFC 9562) with the time of the run, and the hash of both ids for its random part.</returns>
    public static Guid CopyOf(Guid work, Guid run)
    {
        Span<byte> both = stackalloc byte[32];
        run.TryWriteBytes(both, bigEndian: true, out _);
        work.TryWriteBytes(both[16..], bigEndian: true, out _);
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(both, id);
        both[..6].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
