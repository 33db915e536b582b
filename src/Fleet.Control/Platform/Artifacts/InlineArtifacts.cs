using System.Text;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// Artifacts as foreman's clients know them: small ones with their text, the others with the path of their bytes.
/// </summary>
internal sealed class InlineArtifacts(ArtifactQueries queries, NpgsqlDataSource database)
{
    /// <summary>Bytes of the largest artifact that is sent along: foreman's number.</summary>
    private const int MostBytes = 256 * 1024;

    /// <summary>Bytes of all that are sent along with one job.</summary>
    private const int MostTogether = 4 * 1024 * 1024;

    /// <param name="folder">The path of the owner's artifacts: <c>/jobs/…/artifacts</c>.</param>
    public async Task<IReadOnlyList<InlineArtifact>> Of(Guid owner, string folder, CancellationToken stop)
    {
        var artifacts = new List<InlineArtifact>();
        var together = 0L;
        foreach (var entry in (await queries.List([owner], stop))[owner])
        {
            var text = entry.Size <= MostBytes && together + entry.Size <= MostTogether ? await Read(entry, stop) : null;
            together += text is null ? 0 : entry.Size;
            var url = text is null ? entry.At(folder).Url : null;
            artifacts.Add(new InlineArtifact(entry.Name, entry.ContentType, entry.Size, text, url));
        }

        return artifacts;
    }

    /// <summary>Null for bytes that are no text: JSON cannot hold them.</summary>
    private async Task<string?> Read(ArtifactEntry entry, CancellationToken stop)
    {
        await using var read = database.CreateCommand(
            "select bytes from artifact_chunks where artifact_id = $1 order by number", SqlValue.Of(entry.ArtifactId));
        await using var chunks = await read.ExecuteReaderAsync(stop);
        using var bytes = new MemoryStream((int)entry.Size);
        while (await chunks.ReadAsync(stop))
            bytes.Write(chunks.GetFieldValue<byte[]>(0));
        var all = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        return all.Length == entry.Size && Utf8.IsValid(all) ? Encoding.UTF8.GetString(all) : null;
    }
}

/// <param name="Size">Bytes.</param>
/// <param name="Data">The text itself, or null.</param>
/// <param name="Url">Where the bytes are, as a path, when they are not here.</param>
internal sealed record InlineArtifact(
    string Name,
    string ContentType,
    long Size,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);
