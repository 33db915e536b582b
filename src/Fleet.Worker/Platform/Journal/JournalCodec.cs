using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Worker.Platform.Journal;

/// <summary>
/// Records on disk: <c>length:4 crc:4 step:1 job:16 attempt:4 json</c>, little-endian. The checksum (CRC-32C) covers
/// the length, what follows it, and the number of the journal's generation: a record that was torn, or that an earlier
/// generation left in the same file, does not pass for one.
/// </summary>
internal static class JournalCodec
{
    private const int Head = 8;
    private const int Fixed = 1 + 16 + 4;
    private const int LongestBody = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions _json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public static void Write(IBufferWriter<byte> to, ulong generation, JournalEntry entry)
    {
        var body = entry switch
        {
            { Child: { } child } => JsonSerializer.SerializeToUtf8Bytes(child, _json),
            { End: { } end } => JsonSerializer.SerializeToUtf8Bytes(end, _json),
            _ => [],
        };
        var length = Fixed + body.Length;
        var record = to.GetSpan(Head + length)[..(Head + length)];
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        record[Head] = (byte)entry.Step;
        entry.Key.JobId.TryWriteBytes(record[(Head + 1)..]);
        BinaryPrimitives.WriteInt32LittleEndian(record[(Head + 17)..], entry.Key.Attempt);
        body.CopyTo(record[(Head + Fixed)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(generation, record));
        to.Advance(Head + length);
    }

    /// <returns>All records up to the first that is not whole.</returns>
    public static List<JournalEntry> Read(ReadOnlySpan<byte> bytes, ulong generation)
    {
        var entries = new List<JournalEntry>();
        while (TryRead(ref bytes, generation) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static JournalEntry? TryRead(ref ReadOnlySpan<byte> bytes, ulong generation)
    {
        if (bytes.Length < Head + Fixed)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < Fixed or > LongestBody || length > bytes.Length - Head)
            return null;
        var record = bytes[..(Head + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != Checksum(generation, record))
            return null;
        bytes = bytes[record.Length..];
        return Decode(record[Head..]);
    }

    private static JournalEntry Decode(ReadOnlySpan<byte> record)
    {
        var step = (JournalStep)record[0];
        var key = new AttemptKey(
            new Guid(record.Slice(1, 16)), BinaryPrimitives.ReadInt32LittleEndian(record[17..]));
        var body = record[Fixed..];
        return new JournalEntry(
            step,
            key,
            step == JournalStep.Started ? JsonSerializer.Deserialize<ChildMark>(body, _json) : null,
            step == JournalStep.Finished ? JsonSerializer.Deserialize<JournalEnd>(body, _json) : null);
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
