using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Tests.Shared;

/// <summary>
/// A file of logons as a host writes it, <c>utmp(5)</c>: records that are added, and overwritten when somebody leaves.
/// </summary>
internal sealed class LogonFile(string path)
{
    private const short UserProcess = 7;
    private const short DeadProcess = 8;

    public static int RecordBytes { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 400 : 384;

    public string Path => path;

    /// <returns>The number of the record.</returns>
    public int Add(string user, DateTimeOffset at, int process = 100, short type = UserProcess, string line = "pts/0")
    {
        using var file = Open();
        var number = (int)(file.Length / RecordBytes);
        file.Seek(0, SeekOrigin.End);
        file.Write(Record(user, at, process, type, line));
        return number;
    }

    public void Leave(int number)
    {
        using var file = Open();
        file.Seek(number * RecordBytes, SeekOrigin.Begin);
        file.Write(Record("", DateTimeOffset.UnixEpoch, 0, DeadProcess, "pts/0"));
    }

    /// <summary>Others read it meanwhile.</summary>
    private FileStream Open() => new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);

    public static byte[] Record(string user, DateTimeOffset at, int process = 100, short type = UserProcess, string line = "pts/0")
    {
        var record = new byte[RecordBytes];
        BinaryPrimitives.WriteInt16LittleEndian(record, type);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), process);
        Encoding.UTF8.GetBytes(line).CopyTo(record, 8);
        Encoding.UTF8.GetBytes(user).CopyTo(record, 44);
        var (seconds, microseconds) = (at.ToUnixTimeSeconds(), at.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        if (RecordBytes == 384)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(340), (uint)seconds);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(344), (int)microseconds);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(344), seconds);
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(352), microseconds);
        }

        return record;
    }
}
