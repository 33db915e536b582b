namespace Fleet.Control.Experiments.Commits;

/// <summary>Content as an answer, chunk by chunk.</summary>
internal static class BlobAnswer
{
    /// <summary>What is shorter than it should be breaks off, so that nobody takes it for whole.</summary>
    public static async Task<IResult> Write(
        HttpContext context, BlobStore blobs, string tenant, string sha256, long size, CancellationToken stop)
    {
        var response = context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = size;
        response.Headers.CacheControl = "private, no-cache";
        var left = size;
        await foreach (var chunk in blobs.Read(tenant, sha256, stop))
        {
            left -= chunk.Length;
            if (left < 0)
                break;
            await response.Body.WriteAsync(chunk, stop);
        }

        if (left != 0)
            context.Abort();
        return Results.Empty;
    }
}
