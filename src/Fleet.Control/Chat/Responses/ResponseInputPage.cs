using System.Globalization;
using System.Text.Json;

namespace Fleet.Control.Chat.Responses;

/// <summary>A part of what a response was asked: <c>GET /v1/responses/{id}/input_items</c>.</summary>
internal sealed record ResponseInputPage(
    string Object, IReadOnlyList<JsonElement> Data, string? FirstId, string? LastId, bool HasMore)
{
    private const int DefaultLimit = 20;
    private const int MostLimit = 100;

    /// <param name="query"><c>limit</c>, <c>order</c> (<c>desc</c> unless asked otherwise) and <c>after</c>, the id of an item.</param>
    public static ResponseInputPage Of(JsonElement input, IQueryCollection query)
    {
        var items = input.EnumerateArray();
        var ordered = Order(query) == "asc" ? items.ToList() : [.. items.Reverse()];
        var (limit, start) = (Limit(query), 0);
        if (query.TryGetValue("after", out var after))
        {
            start = ordered.FindIndex(item => IdOf(item) == after) + 1;
            if (start == 0)
                throw ResponseParts.Wrong("after", "This is not the id of an item of this response.");
        }

        var page = ordered.Skip(start).Take(limit).ToList();
        return new ResponseInputPage(
            "list",
            page,
            page.Count > 0 ? IdOf(page[0]) : null,
            page.Count > 0 ? IdOf(page[^1]) : null,
            start + page.Count < ordered.Count);
    }

    private static string? IdOf(JsonElement item) => ResponseParts.TextOf(item, "id");

    private static string Order(IQueryCollection query) => query["order"].ToString() switch
    {
        "" or "desc" => "desc",
        "asc" => "asc",
        _ => throw ResponseParts.Wrong("order", "Use asc or desc."),
    };

    private static int Limit(IQueryCollection query)
    {
        if (!query.TryGetValue("limit", out var text))
            return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostLimit
            ? limit
            : throw ResponseParts.Wrong("limit", $"This must be a whole number from 1 to {MostLimit}.");
    }
}
