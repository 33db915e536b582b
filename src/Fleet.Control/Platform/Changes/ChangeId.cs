using System.Globalization;

namespace Fleet.Control.Platform.Changes;

/// <summary>
/// The place of a change among all of the fleet's. Changes are ordered by the transaction that made them and, within one, by
/// their number, so that all of a place's predecessors are known once no older transaction runs.
/// </summary>
/// <param name="Transaction">PostgreSQL's 64-bit number of the transaction.</param>
internal readonly record struct ChangeId(ulong Transaction, long Number) : IComparable<ChangeId>
{
    public static bool operator <(ChangeId left, ChangeId right) => left.CompareTo(right) < 0;

    public static bool operator >(ChangeId left, ChangeId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ChangeId left, ChangeId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ChangeId left, ChangeId right) => left.CompareTo(right) >= 0;

    public int CompareTo(ChangeId other) =>
        Transaction == other.Transaction ? Number.CompareTo(other.Number) : Transaction.CompareTo(other.Transaction);

    /// <summary>As clients see it: <c>4711-12</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Transaction}-{Number}");

    public static bool TryParse(string text, out ChangeId id)
    {
        id = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1
            || !ulong.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        id = new ChangeId(transaction, number);
        return true;
    }
}
