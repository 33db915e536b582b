using System.Text;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs.Search;

/// <summary>Search in output that is not all text.</summary>
public sealed class OddOutputTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const int Seed = 20_261_130;

    private static readonly string[] Pieces =
        ["ü", "Zusammenführung", "漢字", "😀", "x", " ", "\n", "\0", "\u00ff", "\u00c3", "\u0080", "\\", "\\000", "é", "e\u0301"];

    private readonly string _tenant = $"t{Guid.NewGuid():n}";
    private TestControl _control = null!;

    public Task InitializeAsync()
    {
        _control = TestControl.On(house);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _control.DisposeAsync();

    /// <summary>What is written, with bytes above 7F as \xHH, and what is found in it.</summary>
    [Theory]
    [InlineData(@"Zusammenf\xc3\xbchrung ok \xff", "Zusammenführung")]
    [InlineData(@"Zusammenf\xc3\xbchrung ok \x00", "Zusammenführung")]
    [InlineData(@"\xffZusammenf\xc3\xbchrung", "^ÿZusammenführung$")]
    [InlineData(@"Zusammenf\xfchrung", "Zusammenführung")]
    [InlineData(@"\xe6\xbc\xa2 \xe6\xbc", "^漢 .. *$")]
    [InlineData(@"\xf0\x9f\x98\x80\xf0\x9f", "😀")]
    [InlineData(@"\xc3\xc3\xbc", "^Ãü$")]
    [InlineData(@"\xed\xa0\x80 \xc3\xa4", "ä")]
    [InlineData(@"\xc0\x80 \xf4\x90\x80\x80 \xc3\xa4", "ä")]
    [InlineData(@"a\x00b\\c \xc3\xa4", @"b\\\\c ä")]
    public async Task What_is_text_is_found_beside_what_is_none(string written, string pattern)
    {
        var job = await Add(Bytes(written));
        (await Find($"output~\"{pattern}\"")).ShouldBe([job]);
        (await Find($"output!~\"{pattern}\"")).ShouldBeEmpty();
        (await Find($"NOT output~\"{pattern}\"")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pattern_and_its_opposite_divide_the_jobs_whatever_bytes_they_wrote()
    {
        var random = new Random(Seed);
        var all = new Dictionary<Guid, byte[]>();
        for (var i = 0; i < 150; i++)
        {
            var bytes = Output(random);
            all[await Add(bytes)] = bytes;
        }

        foreach (var wanted in (string[])["ü", "Zusammenführung", "漢", "😀", "x", "ÿ", "é", "Zusammenführung|漢字😀"])
        {
            var having = await Find($"output~\"{wanted}\"");
            var without = await Find($"output!~\"{wanted}\"");
            having.Intersect(without).ShouldBeEmpty(wanted);
            having.Concat(without).Order().ShouldBe(all.Keys.Order(), wanted);
            (await Find($"NOT output~\"{wanted}\"")).ShouldBe(without, ignoreOrder: true, wanted);
            foreach (var sure in all.Where(job => wanted.Split('|').Any(text => job.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)))
                having.ShouldContain(sure.Key, $"{wanted} in {Convert.ToHexString(sure.Value)}");
        }
    }

    private static byte[] Output(Random random)
    {
        var output = new List<byte>();
        for (var count = random.Next(12); count > 0; count--)
        {
            if (random.Next(3) == 0)
                output.Add((byte)random.Next(256));
            else
                output.AddRange((random.Next(4) == 0 ? Encoding.Latin1 : Encoding.UTF8).GetBytes(Pieces[random.Next(Pieces.Length)]));
        }

        return [.. output];
    }

    private static byte[] Bytes(string written) => Encoding.Latin1.GetBytes(System.Text.RegularExpressions.Regex.Replace(
        written, @"\\x(..)", hex => ((char)Convert.ToInt32(hex.Groups[1].Value, 16)).ToString()).Replace(@"\\", @"\"));

    private async Task<Guid[]> Find(string filter)
    {
        var found = await _control.Get<WorkSearch>().Find(
            new WorkChoice(new WorkVocabulary(TestKinds.New()).Read(filter), _tenant, "job", TimeProvider.System.GetUtcNow()),
            null, 500, CancellationToken.None);
        return [.. found.Items.Select(job => job.Id)];
    }

    private async Task<Guid> Add(byte[] output)
    {
        var at = TimeProvider.System.GetUtcNow();
        var job = new Job
        {
            CorrelationId = Guid.CreateVersion7(at),
            State = "Succeeded",
            Tenant = _tenant,
            Kind = "noop",
            Spec = "{}",
            CreatedAt = at,
            FinishedAt = at,
        };
        await house.Store(job);
        await using var db = house.Db();
        db.Add(new JournalEntry(job.CorrelationId, 1, "stdout", 1, at, null, output));
        await db.SaveChangesAsync();
        return job.CorrelationId;
    }
}
