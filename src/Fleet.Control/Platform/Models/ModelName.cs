namespace Fleet.Control.Platform.Models;

/// <summary>Names of models: without a tag, the tag <c>latest</c> is meant.</summary>
internal static class ModelName
{
    private const string Latest = ":latest";

    /// <summary>The shortest name of the same model: two are the same when theirs are.</summary>
    public static string Short(string name) =>
        name.EndsWith(Latest, StringComparison.Ordinal) ? name[..^Latest.Length] : name;

    /// <summary>Null where there is no name.</summary>
    public static string? ShortOfAny(string? name) => name is null ? null : Short(name);
}
