namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Events as they come, to the end of the stream.</summary>
internal static class EventStream
{
    private const int ReadBytes = 16 * 1024;

    public static async IAsyncEnumerable<JournalEvent> Events(this Stream stream)
    {
        var parser = new EventParser();
        var buffer = new byte[ReadBytes];
        for (int read; (read = await stream.ReadAsync(buffer).AsTask().Within()) > 0;)
        {
            foreach (var happened in parser.Read(buffer.AsMemory(0, read)))
                yield return happened;
        }
    }
}
