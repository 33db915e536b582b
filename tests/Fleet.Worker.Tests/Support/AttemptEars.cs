using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Tests.Support;

/// <summary>Hears all that an attempt says, stream by stream.</summary>
internal static class AttemptEars
{
    /// <param name="whenSaid">Called with the stream and all of it so far, whenever something comes.</param>
    public static async Task<(IReadOnlyDictionary<string, string> Said, AttemptResult Result)> Hear(
        this IAsyncEnumerable<AttemptEvent> attempt, Action<string, string>? whenSaid)
    {
        var said = new Dictionary<string, StringBuilder>();
        await foreach (var happened in attempt)
        {
            if (happened is Ended(var result))
                return (said.ToDictionary(stream => stream.Key, stream => stream.Value.ToString()), result);
            var chunk = happened.ShouldBeOfType<Wrote>().Chunk;
            if (!said.TryGetValue(chunk.Stream, out var text))
                said[chunk.Stream] = text = new StringBuilder();
            text.Append(Encoding.UTF8.GetString(chunk.Bytes));
            whenSaid?.Invoke(chunk.Stream, text.ToString());
        }

        throw new InvalidOperationException("The attempt has no end.");
    }
}
