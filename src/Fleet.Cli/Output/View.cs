namespace Fleet.Cli.Output;

/// <summary>How things of one sort look in tables.</summary>
/// <param name="name">What names one for other commands: its id, mostly.</param>
internal sealed class View<T>(Func<T, string> name, params IReadOnlyList<Column<T>> columns)
{
    public Func<T, string> Name => name;

    public IReadOnlyList<Column<T>> Columns(bool isWide) => isWide ? columns : [.. columns.Where(column => !column.IsWide)];
}

/// <param name="Value">Null and empty are shown as a dash.</param>
/// <param name="IsWide">Only with <c>-o wide</c>, and where one is shown alone.</param>
/// <param name="Tone">How much attention it deserves.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Value, bool IsWide = false, Func<T, Tone>? Tone = null);

/// <summary>How much attention a text deserves.</summary>
internal enum Tone
{
    Plain,
    Good,
    Busy,
    Bad,
    Faint,
}
