using System.Text.Json;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>Finds a field that stands twice in one object, which the serializer names without its place.</summary>
internal static class DoubledField
{
    /// <returns>The first one's full name; null when there is none.</returns>
    public static string? Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = FleetJson.Options.MaxDepth });
        var path = new JsonFieldPath();
        try
        {
            while (reader.Read())
            {
                var token = reader.TokenType;
                if (!path.Follow(token, token == JsonTokenType.PropertyName ? reader.GetString() : null))
                    return path.ToString();
                path.Enter(token);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // what is wrong with it is said by others
        }

        return null;
    }
}
