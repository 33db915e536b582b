namespace Fleet.Control.Platform.Experiments;

/// <summary>How a dataset is called; its name is that of a directory on agents.</summary>
internal static class DatasetName
{
    public const string Rule = "This must be a name of 1 to 128 letters, digits, dots, hyphens and underscores; not a dot first.";

    private const int Most = 128;

    public static bool IsName(string name) =>
        name.Length is > 0 and <= Most && name[0] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
