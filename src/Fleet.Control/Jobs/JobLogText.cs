using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>What a job wrote, byte for byte: <c>?stream=&amp;after=&amp;follow=true</c>.</summary>
internal static class JobLogText
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static async Task<IResult> Read(
        string jobId,
        string? stream,
        string? follow,
        HttpContext context,
        Caller caller,
        JobShelf shelf,
        JournalFeed feed,
        NpgsqlDataSource database,
        CancellationToken stop)
    {
        if (stream is not null && !JobWords.Outputs.Contains(stream))
            return Problem.Invalid("stream", $"Use one of {string.Join(", ", JobWords.Outputs)}, or leave it out for all.");
        if (follow is not (null or "true" or "false"))
            return Problem.Invalid("follow", "Use true or false.");
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        var after = JobStream.ReadAfter(context.Request, job);

        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers["X-Content-Type-Options"] = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (follow == "true")
            await Follow(context, feed, shelf, job, after, stream, stop);
        else
            await Copy(context, database, job, after, stream is null ? [.. JobWords.Outputs] : [stream], stop);
        if (await shelf.Find(job.CorrelationId, stop) is null)
            context.Abort(); // removed meanwhile: only a broken connection tells that this may not be all of it
        return Results.Empty;
    }

    private static async Task Follow(
        HttpContext context, JournalFeed feed, JobShelf shelf, Job job, long after, string? stream, CancellationToken stop)
    {
        await context.Response.StartAsync(stop);
        await foreach (var page in feed.Follow(job.CorrelationId, after, Quiet, stop))
        {
            if (page.Count == 0 && await shelf.Find(job.CorrelationId, stop) is null)
                return;
            foreach (var entry in page.Where(entry => entry.IsOutput && (stream is null || entry.Type == stream)))
                await context.Response.Body.WriteAsync(entry.Output, stop);
            await context.Response.Body.FlushAsync(stop);
        }
    }

    private static async Task Copy(
        HttpContext context, NpgsqlDataSource database, Job job, long after, string[] streams, CancellationToken stop)
    {
        for (var more = true; more;)
        {
            more = false;
            var page = new List<JournalEntry>();
            await foreach (var entry in JournalSql.ReadPage(database, job.CorrelationId, after, streams, stop))
                page.Add(entry);
            foreach (var entry in page)
            {
                await context.Response.Body.WriteAsync(entry.Output, stop);
                after = entry.Seq;
                more = true;
            }
        }
    }
}
