using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Platform.AttemptLogs;

/// <summary>
/// Records on disk: <c>length:4 crc:4 step:1 work:16 attempt:4 kind-length:4 kind json</c>, little-endian. The
/// checksum (CRC-32C) covers the length, what follows it, and the number of the log's generation: a record that was
/// torn, or that an earlier generation left in the same file, does not pass for one.
/// </summary>
internal static class AttemptLogCodec
{
    private const int Head = 8;
    private const int KindAt = 1 + 16 + 4 + 4;
    private const int LongestBody = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions _json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public static void Write(IBufferWriter<byte> to, ulong generation, AttemptLogEntry entry)
    {
        var body = entry switch
        {
            { Child: { } child } => JsonSerializer.SerializeToUtf8Bytes(child, _json),
            { End: { } end } => JsonSerializer.SerializeToUtf8Bytes(end, _json),
            _ => [],
        };
        var kindLength = Encoding.UTF8.GetByteCount(entry.Key.Kind);
        var length = KindAt + kindLength + body.Length;
        var record = to.GetSpan(Head + length)[..(Head + length)];
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        record[Head] = (byte)entry.Step;
        entry.Key.WorkId.TryWriteBytes(record[(Head + 1)..]);
        BinaryPrimitives.WriteInt32LittleEndian(record[(Head + 17)..], entry.Key.Attempt);
        BinaryPrimitives.WriteInt32LittleEndian(record[(Head + 21)..], kindLength);
        Encoding.UTF8.GetBytes(entry.Key.Kind, record[(Head + KindAt)..]);
        body.CopyTo(record[(Head + KindAt + kindLength)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(generation, record));
        to.Advance(Head + length);
    }

    /// <returns>All records up to the first that is not whole.</returns>
    public static List<AttemptLogEntry> Read(ReadOnlySpan<byte> bytes, ulong generation)
    {
        var entries = new List<AttemptLogEntry>();
        while (TryRead(ref bytes, generation) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static AttemptLogEntry? TryRead(ref ReadOnlySpan<byte> bytes, ulong generation)
    {
        if (bytes.Length < Head + KindAt)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < KindAt or > LongestBody || length > bytes.Length - Head)
            return null;
        var record = bytes[..(Head + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != Checksum(generation, record))
            return null;
        bytes = bytes[record.Length..];
        return Decode(record[Head..]);
    }

    private static AttemptLogEntry Decode(ReadOnlySpan<byte> record)
    {
        var step = (AttemptLogStep)record[0];
        var kindLength = BinaryPrimitives.ReadInt32LittleEndian(record[21..]);
        var key = new AttemptKey(
            new Guid(record.Slice(1, 16)),
            Encoding.UTF8.GetString(record.Slice(KindAt, kindLength)),
            BinaryPrimitives.ReadInt32LittleEndian(record[17..]));
        var body = record[(KindAt + kindLength)..];
        return new AttemptLogEntry(
            step,
            key,
            step == AttemptLogStep.Started ? JsonSerializer.Deserialize<ChildMark>(body, _json) : null,
            step == AttemptLogStep.Finished ? JsonSerializer.Deserialize<AttemptLogEnd>(body, _json) : null);
    }

    private static uint Checksum(ulong generation, ReadOnlySpan<byte> record)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, generation);
        crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt32LittleEndian(record));
        var rest = record[Head..];
        for (; rest.Length >= 8; rest = rest[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        foreach (var one in rest)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
