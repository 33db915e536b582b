using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Contracts.Work;

namespace Fleet.Control.Platform.Outbox;

/// <summary>How messages are named and written in the outbox: only types of the contracts can be read back.</summary>
internal static class MessageNames
{
    private static readonly ConcurrentDictionary<string, Type?> Known = new();

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Of(Type message) => message.FullName!;

    public static string Write(object message) => JsonSerializer.Serialize(message, message.GetType(), Json);

    /// <exception cref="JsonException">The text is not such a message.</exception>
    /// <exception cref="InvalidOperationException">No contract has this name.</exception>
    public static object Read(string name, string body)
    {
        var type = Known.GetOrAdd(name, wanted => typeof(SubmitWork).Assembly.GetType(wanted))
            ?? throw new InvalidOperationException($"No contract is called {name}.");
        return JsonSerializer.Deserialize(body, type, Json)
            ?? throw new JsonException($"An empty {name}.");
    }
}
