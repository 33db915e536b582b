namespace Fleet.Cli.Output;

/// <summary>How answers are printed.</summary>
internal static class Formats
{
    public const string Table = "table";
    public const string Wide = "wide";
    public const string Json = "json";
    public const string JsonLines = "jsonl";
    public const string Yaml = "yaml";
    public const string Name = "name";

    public static IReadOnlyList<string> All { get; } = [Table, Wide, Json, JsonLines, Yaml, Name];

    /// <summary>For programs: nothing but data.</summary>
    public static bool IsData(string format) => format is not (Table or Wide);
}
