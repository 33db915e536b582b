namespace Fleet.Protocol.Packets;

/// <summary>The bodies of requests, one method for each layout. All of a body must be read.</summary>
internal static class PacketBodies
{
    private const int CommitBytes = 20;
    private const string RunId = "invalid run ID length";
    private const string ItsName = "invalid name length";
    private const string MetricName = "invalid metric name length";
    private const string CommitId = "invalid commit ID length";

    /// <summary>Bytes of a short metric without its name: <c>nameLen:1, value:8</c>.</summary>
    private const int ShortMetric = 1 + sizeof(double);

    /// <summary>Bytes of a long one: <c>commit:20, step:4, value:8, nameLen:1</c>.</summary>
    private const int LongMetric = CommitBytes + sizeof(uint) + sizeof(double) + 1;

    public static PacketRequest Plain(ReadOnlySpan<byte> body)
    {
        new PacketReader(body).End();
        return new PlainRequest();
    }

    public static PacketRequest Name(ReadOnlySpan<byte> body) => OneText(body, ItsName);

    public static PacketRequest Run(ReadOnlySpan<byte> body) => OneText(body, RunId);

    /// <summary>As 20 bytes, or as the 40 digits that people know it by.</summary>
    public static PacketRequest Commit(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        int length = reader.ReadByte();
        if (length == 0 || reader.Left < length)
            throw PacketFaultException.Invalid(CommitId);
        if (length == CommitBytes)
            return Whole(ref reader, new NameRequest(ReadCommit(ref reader)));
        return OneText(body, CommitId);
    }

    public static PacketRequest Prune(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var type = reader.ReadByte();
        var value = reader.ReadUInt32();
        return type <= 1
            ? Whole(ref reader, new PruneRequest(type == 1, value))
            : throw PacketFaultException.Invalid("invalid prune type", "must be: 0 or 1");
    }

    public static PacketRequest Dataset(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var name = reader.ReadShortText(ItsName, sizeof(ushort));
        return Whole(ref reader, new DatasetRequest(name, reader.ReadLongText("invalid URL length")));
    }

    /// <summary>Two forms, told apart by their exact lengths, the short one first.</summary>
    public static PacketRequest Metric(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        if (body.Length < ShortMetric)
            throw PacketFaultException.Invalid(PacketReader.TooShort);
        if (body[0] > 0 && body.Length == ShortMetric + body[0])
            return new MetricRequest(reader.ReadShortText(MetricName, sizeof(double)), reader.ReadDouble());
        if (body.Length < LongMetric || body[LongMetric - 1] == 0 || body.Length != LongMetric + body[LongMetric - 1])
            throw PacketFaultException.Invalid(MetricName);
        var (commit, step, value) = (ReadCommit(ref reader), reader.ReadUInt32(), reader.ReadDouble());
        return new MetricRequest(reader.ReadShortText(MetricName), value, commit, step);
    }

    public static PacketRequest Validate(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var kind = reader.ReadByte();
        if (kind > 1)
            throw PacketFaultException.Invalid("invalid validation kind", "must be: 0 or 1");
        if (kind == 1)
            return Whole(ref reader, new ValidateRequest(true, reader.ReadShortText(RunId)));
        return new ValidateRequest(false, ((NameRequest)Commit(body[1..])).Name);
    }

    public static PacketRequest Notebook(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var name = reader.ReadShortText(ItsName, 2 * sizeof(ushort));
        var workspace = reader.ReadLongText("invalid workspace length");
        return Whole(ref reader, new NotebookRequest(name, workspace, reader.ReadLongText("invalid password length")));
    }

    public static PacketRequest NotebookRemoval(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var id = reader.ReadShortText(ItsName, 1);
        return Whole(ref reader, new NotebookRemoval(id, reader.ReadByte() != 0));
    }

    public static PacketRequest Note(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var id = reader.ReadShortText(RunId, 1);
        var author = reader.ReadShortText("invalid author length", sizeof(ushort), mayBeEmpty: true);
        return Whole(ref reader, new NoteRequest(id, author, reader.ReadLongText("invalid note length")));
    }

    public static PacketRequest Narrative(ReadOnlySpan<byte> body) => RunAndJson(body, "invalid narrative data");

    public static PacketRequest Outcome(ReadOnlySpan<byte> body) => RunAndJson(body, "invalid outcome data");

    public static PacketRequest Log(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        return Whole(ref reader, new LogRequest(reader.ReadShortText(RunId), 0));
    }

    /// <summary>The number may be left out, and means the beginning then.</summary>
    public static PacketRequest LogAfter(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var id = reader.ReadShortText(RunId);
        var after = reader.Left == 0 ? 0 : reader.ReadUInt64();
        return Whole(ref reader, new LogRequest(id, (long)Math.Min(after, long.MaxValue)));
    }

    public static PacketRequest Compare(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var a = reader.ReadShortText("invalid run A length", 1);
        return Whole(ref reader, new CompareRequest(a, reader.ReadShortText("invalid run B length")));
    }

    public static PacketRequest Find(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        return Whole(ref reader, new RunRequest("", reader.ReadLongText(unreadable: "invalid query JSON")));
    }

    public static PacketRequest Export(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var id = reader.ReadShortText(RunId);
        return Whole(ref reader, new RunRequest(id, reader.Left == 0 ? "" : reader.ReadLongText("invalid options length")));
    }

    private static RunRequest RunAndJson(ReadOnlySpan<byte> body, string wrong)
    {
        var reader = new PacketReader(body);
        var id = reader.ReadShortText(RunId, sizeof(ushort));
        var json = reader.ReadLongText(wrong);
        return json.Length > 0 ? Whole(ref reader, new RunRequest(id, json)) : throw PacketFaultException.Invalid(wrong);
    }

    private static NameRequest OneText(ReadOnlySpan<byte> body, string wrong)
    {
        var reader = new PacketReader(body);
        return Whole(ref reader, new NameRequest(reader.ReadShortText(wrong)));
    }

    public static string ReadCommit(ref PacketReader reader) => Convert.ToHexStringLower(reader.ReadBytes(CommitBytes));

    public static T Whole<T>(ref PacketReader reader, T request) where T : PacketRequest
    {
        reader.End();
        return request;
    }
}
