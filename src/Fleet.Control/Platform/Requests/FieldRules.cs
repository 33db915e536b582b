namespace Fleet.Control.Platform.Requests;

/// <summary>What is wrong with the fields of a request, as sentences that say what would be right.</summary>
/// <param name="prefix">Stands before the names of all fields: <c>[3].</c> of a list.</param>
internal abstract class FieldRules(string prefix)
{
    private const int MostName = 200;

    /// <summary>How far ahead a moment may lie at most.</summary>
    public static TimeSpan LatestExpiry { get; } = TimeSpan.FromDays(36_525);

    /// <summary>Sentences by field; empty when all is well.</summary>
    public Dictionary<string, string[]> Wrong { get; } = [];

    protected void Entries(string field, Dictionary<string, string?>? entries, int most, int mostText)
    {
        if (entries is null)
            return;
        if (entries.Count > most)
            Refuse(field, $"At most {most} entries.");
        foreach (var (name, value) in entries)
        {
            if (name.Length is 0 or > MostName)
                Refuse(field, $"Names have 1 to {MostName} characters.");
            if (value is null || value.Length > mostText)
                Refuse($"{field}.{name}", $"This must be a text of at most {mostText} characters.");
        }
    }

    protected void LabelNames(Dictionary<string, string?>? labels)
    {
        if (labels?.Keys.Any(name => name.Contains('=', StringComparison.Ordinal)) == true)
            Refuse("labels", "The name of a label must not hold an equals sign: lists are asked for name=value.");
    }

    protected void Filled(string field, string text, int most)
    {
        if (text.Length == 0)
            Refuse(field, "This must not be empty.");
        Text(field, text, most);
    }

    protected void Text(string field, string? text, int most)
    {
        if (text?.Length > most)
            Refuse(field, $"At most {most} characters.");
    }

    protected void Between(string field, int value, int least, int most)
    {
        if (value < least || value > most)
            Refuse(field, $"This must be a whole number from {least} to {most}.");
    }

    protected void Refuse(string field, string sentence) => Wrong.TryAdd(prefix + field, [sentence]);
}
