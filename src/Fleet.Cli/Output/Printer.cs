using System.Text.Json;
using Fleet.Cli.Terminals;
using Fleet.Client;
using YamlDotNet.Serialization;

namespace Fleet.Cli.Output;

/// <summary>The one way of answers to standard output, in the format that was asked for.</summary>
internal sealed class Printer(Terminal terminal, string format)
{
    private static readonly JsonSerializerOptions Indented = new(FleetJson.Options) { WriteIndented = true };
    private static readonly ISerializer Yaml = new SerializerBuilder().WithQuotingNecessaryStrings().Build();

    /// <summary>Whether programs read it.</summary>
    public bool IsData => Formats.IsData(format);

    /// <summary>Several things, or none.</summary>
    public async Task List<T>(IAsyncEnumerable<T> items, View<T> view, CancellationToken stop)
    {
        switch (format)
        {
            case Formats.JsonLines:
                await foreach (var item in items.WithCancellation(stop))
                    Line(item);
                break;
            case Formats.Name:
                await foreach (var item in items.WithCancellation(stop))
                    terminal.Out.WriteLine(PlainText.Line(view.Name(item)));
                break;
            case Formats.Json or Formats.Yaml:
                Data(await items.ToListAsync(stop));
                break;
            default:
                Table(await items.ToListAsync(stop), view);
                break;
        }
    }

    /// <summary>For people.</summary>
    public void Table<T>(IReadOnlyList<T> items, View<T> view)
    {
        var columns = view.Columns(format == Formats.Wide);
        new Grid(terminal).Write(
            [.. columns.Select(column => column.Title)],
            items.Select(item => columns.Select(column => (column.Value(item), ToneOf(column, item)))));
    }

    /// <summary>One thing: all columns, one below the other.</summary>
    public void One<T>(T item, View<T> view)
    {
        if (format == Formats.Name)
            terminal.Out.WriteLine(PlainText.Line(view.Name(item)));
        else if (IsData)
            Data(item);
        else
            Fields([.. view.Columns(isWide: true).Select(column => (column.Title, column.Value(item), ToneOf(column, item)))]);
    }

    /// <summary>One line of data, or of text.</summary>
    public void Event<T>(T data, string text)
    {
        if (IsData)
            Line(data);
        else
            terminal.Out.WriteLine(PlainText.Line(text));
        terminal.Out.Flush();
    }

    public void Data<T>(T data)
    {
        if (format == Formats.JsonLines)
            Line(data);
        else if (format == Formats.Yaml)
            terminal.Out.Write(Yaml.Serialize(Plain(JsonSerializer.SerializeToElement(data, FleetJson.Options))!));
        else
            terminal.Out.WriteLine(JsonSerializer.Serialize(data, Indented));
    }

    /// <summary>Sentences for people; data has none.</summary>
    public void Words(string text)
    {
        if (!IsData)
            terminal.Out.WriteLine(PlainText.Lines(text));
    }

    private void Fields(IReadOnlyList<(string Title, string? Value, Tone Tone)> fields) =>
        new Grid(terminal).Write(
            null, fields.Select(field => (IEnumerable<(string?, Tone)>)[(field.Title, Tone.Faint), (field.Value, field.Tone)]));

    private void Line<T>(T data) => terminal.Out.WriteLine(JsonSerializer.Serialize(data, FleetJson.Options));

    private static Tone ToneOf<T>(Column<T> column, T item) => column.Tone?.Invoke(item) ?? Tone.Plain;

    /// <summary>JSON as what the YAML writer knows.</summary>
    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(field => field.Name, field => Plain(field.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.String => PlainText.Lines(json.GetString()),
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
