using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Fleet.Control.Platform.Http.Parameters;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Which part of a list is wanted: <c>?limit=&amp;cursor=</c>. A handler takes it as a parameter; a wrong one ends the
/// request with a problem that names it.
/// </summary>
/// <param name="Limit">1 to 200; 50 unless asked.</param>
/// <param name="After">What the last item of the previous page was, in the words of the list; null on the first
/// page.</param>
/// <param name="List">Of which list it is a page: the cursors of others are none of it.</param>
internal sealed record Page(int Limit, string? After, string List = "") : IQueryParameters
{
    public static IReadOnlyList<string> Names { get; } = ["limit", "cursor"];

    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxCursor = 400;

    /// <summary>For lists that are ordered by id: the id to go on after.</summary>
    public Guid? AfterId =>
        After is null ? null
        : Guid.TryParseExact(After, "N", out var id) ? id
        : throw WrongCursor();

    public static ValueTask<Page> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.Request));

    public static Page Of(HttpRequest request) => Of(
        request,
        request.Query.TryGetValue("limit", out var limit) ? limit.ToString() : null,
        request.Query.TryGetValue("cursor", out var cursor) ? cursor.ToString() : null);

    /// <summary>For lists that are asked for in a body.</summary>
    public static Page Of(HttpRequest request, string? limit, string? cursor)
    {
        var list = NameOf(request.Path.Value ?? "");
        return new Page(ReadLimit(limit), ReadCursor(cursor, list), list);
    }

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
    public string CursorOf(Guid id) => CursorOf(id.ToString("N"));

    /// <summary>For lists with cursors of their own.</summary>
    public static ProblemException WrongCursor() =>
        new(Problem.Invalid("cursor", "This is not a cursor of this list: take it from next of the page before."));

    private string CursorOf(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(List + position));

    /// <summary>A few letters that stand for the path of a list.</summary>
    private static string NameOf(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path.TrimEnd('/'))).AsSpan(0, 4));

    private static int ReadLimit(string? text)
    {
        if (text is null)
            return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MaxLimit
            ? limit
            : throw new ProblemException(Problem.Invalid("limit", $"This must be a whole number from 1 to {MaxLimit}."));
    }

    private static string? ReadCursor(string? text, string list)
    {
        if (text is null)
            return null;
        var bytes = new byte[MaxCursor];
        return text.Length is > 0 and <= MaxCursor
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && Utf8.IsValid(bytes.AsSpan(0, length))
            && bytes.AsSpan(0, length).IndexOf((byte)0) < 0
            && Encoding.UTF8.GetString(bytes, 0, length) is var cursor
            && cursor.StartsWith(list, StringComparison.Ordinal)
            ? cursor[list.Length..]
            : throw WrongCursor();
    }
}

/// <summary>A part of a list.</summary>
/// <param name="Next">The cursor of the part that follows; null at the end.</param>
internal sealed record PageOf<T>(IReadOnlyList<T> Items, string? Next);
