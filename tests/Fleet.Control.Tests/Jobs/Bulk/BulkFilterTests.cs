using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Tests.Jobs.Bulk;

/// <summary>Bulk work is about what a list with the same view and filter shows.</summary>
public sealed class BulkFilterTests
{
    private static readonly WorkVocabulary Vocabulary = new(TestKinds.New());

    public static TheoryData<string?, string?> Pairs { get; } = new()
    {
        { "", "state:failed" },
        { "  ", "state:failed" },
        { "state:failed", null },
        { "state:failed", "" },
        { null, "state:failed" },
        { "", null },
        { "state:failed OR state:queued", "name:a OR name:b" },
        { "NOT state:failed", "-name:a" },
        { new string('(', 20) + "state:failed" + new string(')', 20), "name:a" },
        { "name:a", string.Concat(Enumerable.Repeat("NOT ", 20)) + "state:failed" },
        { Many(80), Many(80) },
        { "name:\"a) (b\"", "name:\"]\"" },
        { "name:" + new string('x', 900), Long() },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_run_keeps_the_filter_of_the_list(string? view, string? filter)
    {
        var list = Vocabulary.Read(filter ?? "") & Vocabulary.Read(view ?? "");
        var kept = BulkFilter.Read(BulkFilter.Write(view, filter), Vocabulary);
        Parts(kept).Order().ToList().ShouldBe(Parts(list).Order().ToList());
    }

    [Theory]
    [InlineData("state:failed", null, "state:failed")]
    [InlineData(null, "state:failed", "state:failed")]
    [InlineData("", "state:failed", "state:failed")]
    [InlineData("name:a", "state:failed", "(name:a) (state:failed)")]
    public void People_read_it_as_they_wrote_it(string? view, string? filter, string shown) =>
        BulkFilter.Show(BulkFilter.Write(view, filter)).ShouldBe(shown);

    private static string Many(int count) => string.Join(" OR ", Enumerable.Range(0, count).Select(i => $"name:n{i}"));

    private static string Long() => string.Join(" OR ", Enumerable.Range(0, 8).Select(i => $"name:{i}{new string('y', 900)}"));

    /// <summary>What must hold, written out.</summary>
    private static IEnumerable<string> Parts(Filter filter) => filter is AllOf all ? all.Parts.SelectMany(Parts) : [Written(filter)];

    private static string Written(Filter filter) => filter switch
    {
        AllOf all => $"all({string.Join(';', all.Parts.Select(Written))})",
        AnyOf any => $"any({string.Join(';', any.Parts.Select(Written))})",
        Not not => $"not({Written(not.Part)})",
        Condition one => $"{one.Field.Name} {one.Operator} {string.Join(',', one.Values)}",
        _ => throw new InvalidOperationException(filter.GetType().Name),
    };
}
