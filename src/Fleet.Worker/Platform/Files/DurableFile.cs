namespace Fleet.Worker.Platform.Files;

/// <summary>Small files that are there whole, in one state or the next, whenever the host loses power.</summary>
internal static class DurableFile
{
    /// <exception cref="IOException">It is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var draft = path + ".new";
        using (var file = File.Create(draft))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
