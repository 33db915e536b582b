using System.Text.Json;
using Fleet.Control.Platform.Work.Search;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>
/// The filters of a run, all of which must hold, as one text to keep. Each was read by itself and is read so again: text that
/// was put together from two is no filter, or another one. A single filter is kept as it is, more as a list in JSON, with
/// which no filter begins.
/// </summary>
internal static class BulkFilter
{
    private const char List = '[';

    public static string Write(params IEnumerable<string?> filters) =>
        filters.Where(text => !string.IsNullOrWhiteSpace(text)).ToList() switch
        {
            [] => "",
            [{ } one] => one,
            var several => JsonSerializer.Serialize(several),
        };

    public static Filter Read(string kept, WorkVocabulary vocabulary) =>
        Parts(kept).Select(vocabulary.Read).Aggregate(Filter.Everything, (all, one) => all & one);

    /// <summary>As people read it.</summary>
    public static string Show(string kept) =>
        Parts(kept) is [_, _, ..] several ? string.Join(' ', several.Select(text => $"({text})")) : kept;

    private static List<string> Parts(string kept) =>
        kept.StartsWith(List) ? JsonSerializer.Deserialize<List<string>>(kept)! : [kept];
}
