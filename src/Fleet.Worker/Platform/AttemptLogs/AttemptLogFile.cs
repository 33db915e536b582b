using System.Buffers.Binary;
using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;
using Fleet.Worker.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Worker.Platform.AttemptLogs;

/// <summary>
/// A file whose blocks exist before they are needed: writing to it neither needs room on the disk nor changes its
/// length, so that a flush is about the data alone. It begins with <c>FLEETA01 generation:8 crc:4</c>; generation 0
/// means that nothing is in it.
/// </summary>
internal sealed class AttemptLogFile : IDisposable
{
    private const int Head = 32;
    private const int Block = 1024 * 1024;

    private readonly SafeFileHandle _file;

    /// <exception cref="IOException">It cannot be opened, or there is no room for it.</exception>
    public AttemptLogFile(string path, int capacity)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Reserve(capacity);
        Generation = ReadGeneration();
    }

    public ulong Generation { get; private set; }

    /// <summary>Where the next record goes.</summary>
    public long End { get; private set; } = Head;

    public long Room => RandomAccess.GetLength(_file) - End;

    private static ReadOnlySpan<byte> Magic => "FLEETA01"u8;

    /// <summary>Makes it hold at least this many bytes of records.</summary>
    public void Reserve(long capacity)
    {
        var zeros = new byte[Block];
        for (var length = RandomAccess.GetLength(_file); length < Head + capacity; length += Block)
            RandomAccess.Write(_file, zeros, length);
    }

    public List<AttemptLogEntry> Read()
    {
        var bytes = new byte[RandomAccess.GetLength(_file)];
        var length = RandomAccess.Read(_file, bytes, 0);
        return AttemptLogCodec.Read(bytes.AsSpan(Head, length - Head), Generation);
    }

    public void Append(ReadOnlySpan<byte> records)
    {
        RandomAccess.Write(_file, records, End);
        End += records.Length;
    }

    /// <summary>
    /// Replaces what it held; until all of it is on the disk it counts as empty, and afterwards as the newest.
    /// </summary>
    public void Begin(ulong generation, ReadOnlySpan<byte> records)
    {
        WriteHead(0);
        End = Head;
        Append(records);
        Flush();
        WriteHead(generation);
        Flush();
    }

    /// <summary>Returns when all that was written is on the disk.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Flush()
    {
        while (Libc.SyncData(_file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Libc.ErrorInterrupted)
                throw new IOException("The log of attempts cannot be flushed.", new Win32Exception(error));
        }
    }

    public void Dispose() => _file.Dispose();

    private void WriteHead(ulong generation)
    {
        Span<byte> head = stackalloc byte[20];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], generation);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], BitOperations.Crc32C(uint.MaxValue, generation));
        RandomAccess.Write(_file, head, 0);
        Generation = generation;
    }

    private ulong ReadGeneration()
    {
        Span<byte> head = stackalloc byte[20];
        if (RandomAccess.Read(_file, head, 0) < head.Length || !head.StartsWith(Magic))
            return 0;
        var generation = BinaryPrimitives.ReadUInt64LittleEndian(head[8..]);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(head[16..]);
        return crc == BitOperations.Crc32C(uint.MaxValue, generation) ? generation : 0;
    }
}
