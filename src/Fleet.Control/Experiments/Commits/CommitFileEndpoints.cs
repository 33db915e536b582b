using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Commits;

/// <summary>
/// A commit file by file: contents first, each known by its digest, then the list that makes them a commit. What broke off is
/// sent again from the file at which it did.
/// </summary>
internal static class CommitFileEndpoints
{
    private const int MostNamed = 100;

    public static void MapCommitFiles(this IEndpointRouteBuilder routes)
    {
        var commits = routes.MapGroup("/v1/experiments/{commit}").WithTags("Experiments").RequireScope(Scope.JobsCreate);
        commits.MapPut("/files/{**name}", Store).AuditedAs("experiment.upload_file").Produces<StoredFileView>();
        commits.MapPut("/manifest", Finish).AuditedAs("experiment.upload")
            .Accepts<CommitManifest>("application/json").Produces<CommitUploadView>(201).Produces<CommitUploadView>();
    }

    /// <param name="sha256">Of the content; what arrives otherwise is refused.</param>
    private static async Task<IResult> Store(
        string commit, string? name, string? sha256, HttpRequest request, Caller caller, BlobStore blobs, ExperimentSettings settings,
        CancellationToken stop)
    {
        if (!CommitId.TryRead(commit, out _))
            return Problem.Invalid("commit", CommitId.Rule);
        if (!ArtifactName.TryRead(request.HttpContext, name, out var path))
            return Problem.Invalid("name", ArtifactName.Rule);
        CommitPaths.Check(path, "name");
        if (!CommitManifestFile.IsDigest(sha256))
            return Problem.Invalid("sha256", CommitManifestFile.DigestRule);
        if (request.ContentLength > settings.MaxCommitBytes)
            return Problem.TooLarge(settings.MaxCommitBytes);
        UnreadBody.MayBeDrained(request.HttpContext, settings.MaxCommitBytes);
        var stored = await blobs.Store(caller.Tenant, new BodyOfAtMost(request.Body, settings.MaxCommitBytes), stop);
        return stored.Sha256 == sha256
            ? Results.Json(new StoredFileView(path, stored.Size, stored.Sha256))
            : Problem.Invalid("sha256", $"What arrived has the digest {stored.Sha256}.");
    }

    /// <summary>201, and 200 for the same again. 409 <c>files_missing</c> names those whose contents are not there yet.</summary>
    private static async Task<IResult> Finish(
        string commit, HttpRequest request, Caller caller, BlobStore blobs, CommitStore store, ExperimentSettings settings,
        CancellationToken stop)
    {
        if (!CommitId.TryRead(commit, out var id))
            return Problem.Invalid("commit", CommitId.Rule);
        var wanted = await JsonBody.Read<CommitManifest>(request);
        wanted.Check(settings);
        var sizes = await blobs.Sizes(caller.Tenant, [.. wanted.Files.Select(file => file!.Sha256).Distinct()], stop);
        await blobs.Sweep(stop); // what is wanted here was touched
        var missing = wanted.Files.Select((file, i) => (File: file!, Field: $"files[{i}]"))
            .Where(one => !sizes.ContainsKey(one.File.Sha256)).ToList();
        if (missing.Count > 0)
        {
            var sentence = $"The contents of {missing.Count} files are not there yet: send them, and this again.";
            return Problem.Conflict("files_missing", sentence) with
            {
                Errors = missing.Take(MostNamed).ToDictionary(one => one.Field, one => (string[])[one.File.Path]),
            };
        }

        var files = wanted.Files.ConvertAll(file => file!.Of(sizes[file.Sha256]));
        if (files.Sum(file => file.Size) > settings.MaxCommitBytes)
            return Problem.TooLarge(settings.MaxCommitBytes);
        var said = files.Find(file => file.Path == CommitSettings.FileName);
        var json = said is null ? null : await Small(blobs, caller.Tenant, said.Sha256, said.Size, stop);
        var commitSettings = CommitSettings.Of(files.Select(file => file.Path).ToHashSet(), json);
        var (stored, isNew) = await store.Add(id, new ReceivedArchive(files, commitSettings), caller, stop);
        var view = new CommitUploadView(stored.Id, stored.FilesCount, stored.OverallSha);
        return isNew ? TypedResults.Created($"/v1/experiments/{id}", view) : TypedResults.Ok(view);
    }

    private static async Task<byte[]> Small(BlobStore blobs, string tenant, string sha256, long size, CancellationToken stop)
    {
        if (size > CommitSettings.MostBytes)
            throw new ProblemException(Problem.Invalid(CommitSettings.FileName, $"It has at most {CommitSettings.MostBytes} bytes."));
        using var bytes = new MemoryStream();
        await foreach (var chunk in blobs.Read(tenant, sha256, stop))
            await bytes.WriteAsync(chunk, stop);
        return bytes.ToArray();
    }
}
