using System.Formats.Tar;
using System.Runtime.CompilerServices;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Experiments.Runs;

/// <summary>
/// A run as one archive: <c>run.json</c>, and unless it is to be anonymous what nobody can look through for names: the files of the
/// commit, what the run left, and what it wrote.
/// </summary>
internal sealed class RunExport(
    RunBundleFile bundle, CommitStore commits, BlobStore blobs, ArtifactQueries artifacts, NpgsqlDataSource database)
{
    public async Task Write(HttpContext context, RunView run, bool isAnonymous, Caller caller, CancellationToken stop)
    {
        var json = await bundle.Of(run, isAnonymous, caller, stop);
        context.Response.ContentType = "application/x-tar";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentDisposition = $"attachment; filename=run-{WireId.Format(run.RunId)}.tar";
        await using var tar = new TarWriter(context.Response.Body, TarEntryFormat.Pax, leaveOpen: true);
        await Add(tar, "run.json", json, stop);
        if (isAnonymous)
            return;
        foreach (var file in await commits.Files(caller.Tenant, run.CommitId, stop))
            await Add(tar, $"files/{file.Path}", new ContentStream(blobs.Read(caller.Tenant, file.Sha256, stop), file.Size), stop);
        foreach (var file in (await artifacts.List([run.RunId], stop))[run.RunId])
            await Add(tar, $"artifacts/{file.Name}", new ContentStream(Chunks(file, stop), file.Size), stop);
        await Add(tar, "log.txt", await Log(run.RunId, stop), stop);
    }

    private static async Task Add(TarWriter tar, string name, Stream content, CancellationToken stop)
    {
        await using (content)
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, stop);
    }

    private async IAsyncEnumerable<byte[]> Chunks(ArtifactEntry file, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var number = 0; ; number++)
        {
            var chunk = await database.Scalar(
                "select bytes from artifact_chunks where artifact_id = $1 and number = $2",
                stop, SqlValue.Of(file.ArtifactId), SqlValue.Of(number));
            if (chunk is not byte[] bytes)
                yield break;
            yield return bytes;
        }
    }

    private async Task<ContentStream> Log(Guid run, CancellationToken stop)
    {
        var length = (long)(await database.Scalar(
            "select coalesce(sum(octet_length(output)), 0)::bigint from journal where stream = $1", stop, SqlValue.Of(run)))!;
        return new ContentStream(Output(run, stop), length);
    }

    private async IAsyncEnumerable<byte[]> Output(Guid run, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var (after, more) = (0L, true); more;)
        {
            more = false;
            await foreach (var entry in JournalSql.ReadPage(database, run, after, stop: stop))
            {
                (after, more) = (entry.Seq, true);
                if (entry.Output is { Length: > 0 } bytes)
                    yield return bytes;
            }
        }
    }
}
