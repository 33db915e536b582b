using System.Globalization;
using Fleet.Client.Upkeep;

namespace Fleet.Console.Parts.Charts;

/// <summary>A place of a picture.</summary>
internal sealed record LifecyclePlace(string State, int X, int Y);

/// <summary>A way between two places as a path of SVG.</summary>
/// <param name="Events">What leads along it.</param>
internal sealed record LifecycleWay(string From, string To, string Path, IReadOnlyList<string> Events);

/// <summary>
/// Where the states of a lifecycle stand: from left to right by how many steps it takes to come there, those at its end in a column
/// of their own.
/// </summary>
internal sealed class LifecycleShape
{
    public const int Wide = 120;
    public const int High = 42;

    private const int Column = 190;
    private const int Row = 66;
    private const int Margin = 10;

    public LifecycleShape(Lifecycle lifecycle)
    {
        var columns = Columns(lifecycle);
        var rows = new Dictionary<int, int>();
        Places = [.. lifecycle.States.Select(state =>
        {
            var column = columns[state.Name];
            var row = rows[column] = rows.GetValueOrDefault(column, -1) + 1;
            return new LifecyclePlace(state.Name, Margin + (column * Column), Margin + (row * Row));
        })];
        Width = Places.Count == 0 ? Wide : Places.Max(place => place.X) + Wide + Margin;
        Height = (Places.Count == 0 ? High : Places.Max(place => place.Y) + High) + Margin + (Row / 2);
        var byName = Places.ToDictionary(place => place.State);
        Ways = [.. lifecycle.Steps.Where(step => step.From is not null).GroupBy(step => (step.From, step.To))
            .Select(group => new LifecycleWay(
                group.Key.From!, group.Key.To, Path(byName[group.Key.From!], byName[group.Key.To]),
                [.. group.Select(step => step.Event).Distinct()]))];
    }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<LifecyclePlace> Places { get; }

    public IReadOnlyList<LifecycleWay> Ways { get; }

    /// <summary>Ends share the last column; the others stand as many columns from the left as there are steps to them.</summary>
    private static Dictionary<string, int> Columns(Lifecycle lifecycle)
    {
        var ends = lifecycle.States.Where(state => state.IsEnd).Select(state => state.Name).ToHashSet();
        var columns = new Dictionary<string, int>();
        var reached = lifecycle.Steps.Where(step => step.From is null).Select(step => step.To).Distinct().ToList();
        for (var column = 0; reached.Count > 0; column++)
        {
            foreach (var state in reached)
                columns.TryAdd(state, column);
            reached = [.. lifecycle.Steps.Where(step => reached.Contains(step.From ?? "")).Select(step => step.To)
                .Where(state => !columns.ContainsKey(state) && !ends.Contains(state)).Distinct()];
        }

        var last = columns.Where(one => !ends.Contains(one.Key)).Select(one => one.Value).DefaultIfEmpty(-1).Max() + 1;
        foreach (var state in lifecycle.States)
            columns[state.Name] = state.IsEnd ? last : columns.GetValueOrDefault(state.Name);
        return columns;
    }

    /// <summary>To the right a curve from side to side; back, or within a column, one that swings below.</summary>
    private static string Path(LifecyclePlace from, LifecyclePlace to)
    {
        var (y, z) = (from.Y + (High / 2), to.Y + (High / 2));
        if (to.X > from.X)
        {
            var middle = (from.X + Wide + to.X) / 2;
            return string.Create(CultureInfo.InvariantCulture, $"M{from.X + Wide} {y}C{middle} {y} {middle} {z} {to.X} {z}");
        }

        var (a, b, below) = (from.X + (Wide / 2), to.X + (Wide / 2), Math.Max(from.Y, to.Y) + High + (Row / 2));
        return string.Create(
            CultureInfo.InvariantCulture, $"M{a} {from.Y + High}C{a} {below} {b} {below} {b} {to.Y + (to.Y > from.Y ? 0 : High)}");
    }
}
