using System.Text;
using Fleet.Protocol.Packets;

namespace Fleet.Protocol.Tests.Packets;

/// <summary>Bodies of requests: what is right is read, and what is wrong at any place is said to be.</summary>
public sealed class PacketTableTests
{
    private static readonly string Commit = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i:x2}"));

    /// <summary>An opcode, a right body as hex and quoted text, what is read of it, and at which lengths it is right too.</summary>
    private static readonly (Opcode Opcode, string Body, string Read, int[] Also)[] Rows =
    [
        (Opcode.QueueJob, "@05:03:'job'", Queue("job"), []),
        (Opcode.QueueJobWithTracking, "@05:03:'job':0002:'{}'", Queue("job", tracking: "{}"), []),
        (Opcode.QueueJobWithSnapshot, "@05:03:'job':02:'s1'", Queue("job", snapshot: "s1"), []),
        (Opcode.QueueJobWithArgs, "@05:03:'job':0006:'--lr 1'", Queue("job", args: "--lr 1"), []),
        (Opcode.QueueJobWithNote, "@05:03:'job':0001:'x':0003:'why'", Queue("job", args: "x", note: "why"), []),
        (Opcode.Status, "", new PlainRequest().ToString(), []),
        (Opcode.CancelJob, "03:'job'", new NameRequest("job").ToString(), []),
        (Opcode.Prune, "01:0000001E", new PruneRequest(true, 30).ToString(), []),
        (Opcode.DatasetList, "", new PlainRequest().ToString(), []),
        (Opcode.DatasetRegister, "02:'ds':0001:'u'", new DatasetRequest("ds", "u").ToString(), []),
        (Opcode.DatasetInfo, "02:'ds'", new NameRequest("ds").ToString(), []),
        (Opcode.DatasetSearch, "01:'d'", new NameRequest("d").ToString(), []),
        (Opcode.LogMetric, "04:'loss':3FE0000000000000", new MetricRequest("loss", 0.5).ToString(), []),
        (Opcode.LogMetric, "@00000007:7FF8000000000000:04:'loss'", new MetricRequest("loss", double.NaN, Commit, 7).ToString(), [10]),
        (Opcode.GetExperiment, "14:@", new NameRequest(Commit).ToString(), []),
        (Opcode.GetExperiment, "28:'0102030405060708090a0b0c0d0e0f1011121314'", new NameRequest(Commit).ToString(), []),
        (Opcode.StartNotebook, "02:'nb':0002:'ws':0000", new NotebookRequest("nb", "ws", "").ToString(), []),
        (Opcode.StopNotebook, "02:'nb'", new NameRequest("nb").ToString(), []),
        (Opcode.ListNotebooks, "", new PlainRequest().ToString(), []),
        (Opcode.Validate, "01:03:'run'", new ValidateRequest(true, "run").ToString(), []),
        (Opcode.Validate, "00:14:@", new ValidateRequest(false, Commit).ToString(), []),
        (Opcode.RemoveNotebook, "02:'nb':01", new NotebookRemoval("nb", true).ToString(), []),
        (Opcode.RestoreNotebook, "02:'nb'", new NameRequest("nb").ToString(), []),
        (Opcode.NotebookPackages, "02:'nb'", new NameRequest("nb").ToString(), []),
        (Opcode.AnnotateRun, "03:'run':02:'me':0002:'hm'", new NoteRequest("run", "me", "hm").ToString(), []),
        (Opcode.SetNarrative, "03:'run':0002:'{}'", new RunRequest("run", "{}").ToString(), []),
        (Opcode.GetLogs, "03:'run'", new LogRequest("run", 0).ToString(), []),
        (Opcode.StreamLogs, "03:'run':0000000000000009", new LogRequest("run", 9).ToString(), [4]),
        (Opcode.QueryRun, "03:'run'", new NameRequest("run").ToString(), []),
        (Opcode.CompareRuns, "01:'a':01:'b'", new CompareRequest("a", "b").ToString(), []),
        (Opcode.FindRuns, "0002:'{}'", new RunRequest("", "{}").ToString(), []),
        (Opcode.ExportRun, "03:'run':0002:'{}'", new RunRequest("run", "{}").ToString(), [4]),
        (Opcode.SetOutcome, "03:'run':0002:'{}'", new RunRequest("run", "{}").ToString(), []),
    ];

    public static TheoryData<Opcode, string, string, int[]> Right
    {
        get
        {
            var all = new TheoryData<Opcode, string, string, int[]>();
            foreach (var (opcode, body, read, also) in Rows)
                all.Add(opcode, body, read, also);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void A_right_body_is_read_and_one_that_ends_earlier_or_later_is_refused(Opcode opcode, string body, string read, int[] also)
    {
        var bytes = Bytes(body);
        var operation = PacketTable.Find((byte)opcode).ShouldNotBeNull();
        operation.Read(bytes).ToString().ShouldBe(read);
        for (var length = 0; length < bytes.Length; length++)
        {
            if (!also.Contains(length))
                Refused(operation, bytes[..length], $"cut at {length}");
        }

        foreach (var more in (int[])[1, 2, 8, 300])
            Refused(operation, [.. bytes, .. new byte[more]], $"{more} bytes more");
    }

    [Fact]
    public void Every_byte_may_be_any_other()
    {
        foreach (var (opcode, body, _, _) in Rows)
        {
            var bytes = Bytes(body);
            for (var at = 0; at < bytes.Length; at++)
            {
                foreach (var value in (byte[])[0, 1, 0x7F, 0x80, 0xFF, (byte)(bytes[at] + 1), (byte)(bytes[at] - 1)])
                {
                    byte[] other = [.. bytes];
                    other[at] = value;
                    Try(PacketTable.Find((byte)opcode)!, other);
                }
            }
        }
    }

    [Fact]
    public void A_million_random_bodies_are_read_or_refused()
    {
        var random = new Random(20_261_202);
        var (all, bytes) = (PacketTable.All, new byte[64]);
        for (var i = 0; i < 1_000_000; i++)
        {
            random.NextBytes(bytes);
            Try(all[random.Next(all.Count)], bytes[..random.Next(bytes.Length)]);
        }
    }

    [Theory]
    [InlineData(Opcode.ExportRun, "", "payload too short")]
    [InlineData(Opcode.ExportRun, "00", "invalid run ID length")]
    [InlineData(Opcode.ExportRun, "05:'run'", "invalid run ID length")]
    [InlineData(Opcode.CompareRuns, "00:01:'b'", "invalid run A length")]
    [InlineData(Opcode.CompareRuns, "01:'a'", "invalid run A length")]
    [InlineData(Opcode.CompareRuns, "01:'a':00", "invalid run B length")]
    [InlineData(Opcode.LogMetric, "00:3FE0000000000000", "invalid metric name length")]
    [InlineData(Opcode.LogMetric, "01:02:03", "payload too short")]
    [InlineData(Opcode.GetExperiment, "00", "invalid commit ID length")]
    [InlineData(Opcode.SetOutcome, "03:'run'", "invalid run ID length")]
    [InlineData(Opcode.SetOutcome, "03:'run':0000", "invalid outcome data")]
    [InlineData(Opcode.SetOutcome, "03:'run':0009:'{}'", "invalid outcome data")]
    [InlineData(Opcode.CancelJob, "02:FFFE", "invalid name length")]
    [InlineData(Opcode.Status, "00", "trailing bytes")]
    public void A_fault_has_the_words_that_clients_know(Opcode opcode, string body, string message)
    {
        var operation = PacketTable.Find((byte)opcode)!;
        var fault = Should.Throw<PacketFaultException>(() => operation.Read(Bytes(body)));
        (fault.Error, fault.Message).ShouldBe((PacketError.InvalidRequest, message));
    }

    [Theory]
    [InlineData(Opcode.CancelJob, "02:FFFE", "invalid name length", "this is not UTF-8")]
    [InlineData(Opcode.CancelJob, "03:EDA0BD", "invalid name length", "this is not UTF-8")]
    [InlineData(Opcode.CancelJob, "02:6100", "invalid name length", "this holds a NUL character")]
    [InlineData(Opcode.FindRuns, "0002:FFFE", "invalid query JSON", "this is not UTF-8")]
    [InlineData(Opcode.FindRuns, "0002:7B00", "invalid query JSON", "this holds a NUL character")]
    [InlineData(Opcode.FindRuns, "0009:'{}'", "payload too short", "")]
    public void Bytes_that_are_no_text_are_not_too_few_of_them(Opcode opcode, string body, string message, string details)
    {
        var operation = PacketTable.Find((byte)opcode)!;
        var fault = Should.Throw<PacketFaultException>(() => operation.Read(Bytes(body)));
        (fault.Message, fault.Details).ShouldBe((message, details));
    }

    [Fact]
    public void Every_opcode_has_one_operation_and_a_permission()
    {
        PacketTable.All.Select(operation => operation.Opcode).ShouldBe(Enum.GetValues<Opcode>(), ignoreOrder: true);
        PacketTable.All.ShouldAllBe(operation => operation.Permission.Contains(':'));
        PacketTable.Find(0x05).ShouldBeNull();
        PacketTable.Find(0xFF).ShouldBeNull();
    }

    private static void Try(PacketOperation operation, byte[] body)
    {
        try
        {
            operation.Read(body).ShouldNotBeNull();
        }
        catch (PacketFaultException fault)
        {
            fault.Error.ShouldBe(PacketError.InvalidRequest);
        }
    }

    private static void Refused(PacketOperation operation, byte[] body, string what) =>
        Should.Throw<PacketFaultException>(() => operation.Read(body), what).Error.ShouldBe(PacketError.InvalidRequest);

    private static string Queue(
        string name, string? tracking = null, string? snapshot = null, string? args = null, string? note = null) =>
        new QueueRequest(Commit, 5, name, tracking, snapshot, args, note).ToString();

    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        foreach (var part in text.Replace("@", Commit + ":", StringComparison.Ordinal).Split(':', StringSplitOptions.RemoveEmptyEntries))
            bytes.AddRange(part[0] == '\'' ? Encoding.UTF8.GetBytes(part.Trim('\'')) : Convert.FromHexString(part));
        return [.. bytes];
    }
}
