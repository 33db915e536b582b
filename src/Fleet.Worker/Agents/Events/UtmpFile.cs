using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fleet.Contracts.Agents;

namespace Fleet.Worker.Agents.Events;

/// <summary>
/// Who is logged on, as <c>utmp(5)</c> has it: records of one length, of which those of the type 7 (<c>USER_PROCESS</c>) are sessions.
/// </summary>
internal static class UtmpFile
{
    /// <summary>More than any host has; what follows them is not read.</summary>
    public const int MostRecords = 10_000;

    private const short UserProcess = 7;

    private static readonly Range _process = 4..8, _line = 8..40, _user = 44..76;

    /// <summary>glibc keeps a record of 384 bytes with times of 32 bits on x64, and one of 400 with times of 64 bits on arm64.</summary>
    public static int RecordBytes { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 400 : 384;

    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<IReadOnlyList<HostEvent>> Read(string path, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var bytes = new byte[Math.Min(file.Length, (long)MostRecords * RecordBytes)];
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        return Of(bytes.AsSpan(0, length));
    }

    /// <summary>A record that is not whole yet is read the next time.</summary>
    public static IReadOnlyList<HostEvent> Of(ReadOnlySpan<byte> bytes)
    {
        var found = new List<HostEvent>();
        for (; bytes.Length >= RecordBytes; bytes = bytes[RecordBytes..])
        {
            var record = bytes[..RecordBytes];
            if (BinaryPrimitives.ReadInt16LittleEndian(record) == UserProcess && record[_user][0] != 0)
                found.Add(new HostEvent(HostEvent.Logon, KeyOf(record), TimeOf(record)));
        }

        return found;
    }

    /// <summary>
    /// By the session's terminal, process and time: a record that is written again is no other logon. Whose it is stays here.
    /// </summary>
    private static Guid KeyOf(ReadOnlySpan<byte> record) => new(SHA256.HashData(
        [.. Text(record[_line]), 0, .. record[_process], .. record[Times]]).AsSpan(0, 16));

    private static DateTimeOffset TimeOf(ReadOnlySpan<byte> record)
    {
        var times = record[Times];
        var (seconds, microseconds) = times.Length == 8
            ? (BinaryPrimitives.ReadUInt32LittleEndian(times), BinaryPrimitives.ReadInt32LittleEndian(times[4..]))
            : (BinaryPrimitives.ReadInt64LittleEndian(times), BinaryPrimitives.ReadInt64LittleEndian(times[8..]));
        return DateTimeOffset.UnixEpoch.AddTicks(
            (Math.Clamp(seconds, 0, uint.MaxValue) * TimeSpan.TicksPerSecond)
            + (Math.Clamp(microseconds, 0, 999_999) * TimeSpan.TicksPerMicrosecond));
    }

    private static Range Times => RecordBytes == 384 ? 340..348 : 344..360;

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) =>
        field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;
}
