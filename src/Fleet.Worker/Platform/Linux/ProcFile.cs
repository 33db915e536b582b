namespace Fleet.Worker.Platform.Linux;

/// <summary>
/// Reads a file of <c>/proc</c>. That it is gone, or somebody else's, is usual there and no exception: it is empty.
/// </summary>
internal static unsafe class ProcFile
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Reads at most what the buffer holds, without leaving garbage.</summary>
    public static ReadOnlySpan<byte> Read(string path, Span<byte> buffer)
    {
        var file = Libc.Open(path, ReadOnlyCloseOnExec);
        if (file < 0)
            return [];
        fixed (byte* start = buffer)
        {
            var got = Libc.Read(file, start, (nuint)buffer.Length);
            _ = Libc.Close(file);
            return got > 0 ? buffer[..(int)got] : [];
        }
    }

    public static byte[] Read(string path)
    {
        var file = Libc.Open(path, ReadOnlyCloseOnExec);
        if (file < 0)
            return [];
        try
        {
            return ReadToEnd(file);
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }

    private static byte[] ReadToEnd(int file)
    {
        var all = new byte[4096];
        var length = 0;
        while (true)
        {
            nint got;
            fixed (byte* start = all)
                got = Libc.Read(file, start + length, (nuint)(all.Length - length));
            if (got < 0)
                return [];
            if (got == 0)
                return all[..length];
            length += (int)got;
            if (length == all.Length)
                Array.Resize(ref all, all.Length * 2);
        }
    }
}
