namespace Fleet.Worker.Platform.Upstreams;

/// <summary>An answer that comes as one piece.</summary>
internal static class AnswerBody
{
    /// <summary>Of a list of models, and of embeddings as an upstream writes them.</summary>
    public const int MostBytes = 32 * 1024 * 1024;

    private const int ReadBytes = 64 * 1024;

    /// <exception cref="UpstreamException">It breaks off, stays away, or is longer than that.</exception>
    public static async Task<byte[]> Read(HttpResponseMessage answer, Silence silence, int most)
    {
        using var all = new MemoryStream();
        var buffer = new byte[ReadBytes];
        try
        {
            var body = await silence.Listen(over => answer.Content.ReadAsStreamAsync(over));
            while (await silence.Listen(over => body.ReadAsync(buffer, over).AsTask()) is > 0 and var length)
            {
                if (all.Length + length > most)
                    throw UpstreamException.TooLong(silence.Upstream, most);
                all.Write(buffer, 0, length);
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw UpstreamException.Cut(silence.Upstream, cut.GetBaseException().Message);
        }

        return all.ToArray();
    }
}
