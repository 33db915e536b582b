namespace Fleet.Protocol.Packets;

/// <summary>The bodies of requests to queue a run: they begin alike, and each has fields of its own behind that.</summary>
internal static class QueueBodies
{
    public static PacketRequest Queue(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        return PacketBodies.Whole(ref reader, Begin(ref reader));
    }

    public static PacketRequest QueueWithTracking(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var queue = Begin(ref reader, sizeof(ushort));
        return PacketBodies.Whole(ref reader, queue with { Tracking = reader.ReadLongText("invalid tracking length") });
    }

    public static PacketRequest QueueWithSnapshot(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var queue = Begin(ref reader, 1);
        return PacketBodies.Whole(ref reader, queue with { Snapshot = reader.ReadShortText("invalid snapshot ID length") });
    }

    public static PacketRequest QueueWithArgs(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var queue = Begin(ref reader, sizeof(ushort));
        return PacketBodies.Whole(ref reader, queue with { Args = reader.ReadLongText("invalid args length") });
    }

    public static PacketRequest QueueWithNote(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var queue = Begin(ref reader, 2 * sizeof(ushort));
        queue = queue with { Args = reader.ReadLongText("invalid args length") };
        return PacketBodies.Whole(ref reader, queue with { Note = reader.ReadLongText("invalid note length") });
    }

    /// <param name="needed">Bytes that have to follow the name.</param>
    private static QueueRequest Begin(ref PacketReader reader, int needed = 0)
    {
        var (commit, priority) = (PacketBodies.ReadCommit(ref reader), reader.ReadByte());
        return new QueueRequest(commit, priority, reader.ReadShortText("invalid job name length", needed));
    }
}
