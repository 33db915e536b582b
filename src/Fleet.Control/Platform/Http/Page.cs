using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Which part of a list is wanted: <c>?limit=&amp;cursor=</c>. A handler takes it as a parameter; a wrong one ends the
/// request with a problem that names it.
/// </summary>
/// <param name="Limit">1 to 200; 50 unless asked.</param>
/// <param name="After">What the last item of the previous page was, in the words of the list; null on the first
/// page.</param>
internal sealed record Page(int Limit, string? After)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxCursor = 400;

    /// <summary>For lists that are ordered by id: the id to go on after.</summary>
    public Guid? AfterId =>
        After is null ? null
        : Guid.TryParseExact(After, "N", out var id) ? id
        : throw WrongCursor();

    public static ValueTask<Page> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.Request));

    public static Page Of(HttpRequest request) => new(ReadLimit(request), ReadCursor(request));

    /// <summary>One page out of rows that were read with a limit of <see cref="Limit"/> + 1.</summary>
    /// <param name="position">What identifies a row's place in the order; comes back as <see cref="After"/>.</param>
    public PageOf<TItem> Cut<TRow, TItem>(
        IReadOnlyList<TRow> rows, Func<TRow, string> position, Func<TRow, TItem> item) =>
        new(
            [.. rows.Take(Limit).Select(item)],
            rows.Count > Limit ? CursorOf(position(rows[Limit - 1])) : null);

    /// <summary>The same for lists that are ordered by id.</summary>
    public PageOf<TItem> Cut<TRow, TItem>(
        IReadOnlyList<TRow> rows, Func<TRow, Guid> id, Func<TRow, TItem> item) =>
        Cut(rows, row => id(row).ToString("N"), item);

    /// <summary>What leads a client back to behind this id.</summary>
    public static string CursorOf(Guid id) => CursorOf(id.ToString("N"));

    /// <summary>For lists with cursors of their own.</summary>
    public static ProblemException WrongCursor() =>
        new(Problem.Invalid("cursor", "This is not a cursor of this list: take it from next of the page before."));

    private static string CursorOf(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    private static int ReadLimit(HttpRequest request)
    {
        if (!request.Query.TryGetValue("limit", out var text))
            return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MaxLimit
            ? limit
            : throw new ProblemException(Problem.Invalid("limit", $"This must be a whole number from 1 to {MaxLimit}."));
    }

    private static string? ReadCursor(HttpRequest request)
    {
        if (!request.Query.TryGetValue("cursor", out var values))
            return null;
        var text = values.ToString();
        var bytes = new byte[MaxCursor];
        return text.Length is > 0 and <= MaxCursor
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length))
            && bytes.AsSpan(0, length).IndexOf((byte)0) < 0
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw WrongCursor();
    }
}

/// <summary>A part of a list.</summary>
/// <param name="Next">The cursor of the part that follows; null at the end.</param>
internal sealed record PageOf<T>(IReadOnlyList<T> Items, string? Next);
