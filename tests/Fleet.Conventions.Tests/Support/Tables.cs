using System.Text.RegularExpressions;

namespace Fleet.Conventions.Tests.Support;

/// <summary>Which slice of Control keeps which table, and who names it in SQL.</summary>
internal static partial class Tables
{
    /// <summary>Tables by name, each with the folder under <c>Fleet.Control</c> that maps it.</summary>
    public static IReadOnlyDictionary<string, string> Owners(IEnumerable<Repository.SourceFile> files) =>
        (from file in files
         from mapped in Mapping().Matches(file.Code)
         select (Table: mapped.Groups[1].Value, Owner: file.Path.Split('/')[2])).ToDictionary(one => one.Table, one => one.Owner);

    /// <summary>
    /// The tables among these that the text names in its string literals. A name of two words means the table wherever it
    /// stands; one that is also a word of prose, only where SQL expects a table, or alone.
    /// </summary>
    public static IEnumerable<string> NamedIn(string code, IEnumerable<string> tables)
    {
        var literals = Literal().Matches(code).Select(hit => hit.Value).Where(text => text[0] != '\'').ToList();
        return tables.Where(table =>
        {
            var name = table.Contains('_')
                ? $@"\b{table}\b"
                : $@"\b(?i:from|join|into|update|table|only|using|exists|truncate)\s+{table}\b|\A""{table}""\z";
            return literals.Any(text => Regex.IsMatch(text, name));
        });
    }

    [GeneratedRegex("""\.ToTable\(\s*"(\w+)""")]
    private static partial Regex Mapping();

    /// <summary>Raw, verbatim and plain; and characters, as one of them may be a quote.</summary>
    [GeneratedRegex(
        """"("{3,}).*?\1|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'"""", RegexOptions.Singleline)]
    private static partial Regex Literal();
}
