using System.Globalization;
using System.Text;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>The catalogue over HTTP: manifests, their revisions, and what is revoked.</summary>
internal static class ManifestEndpoints
{
    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/v1/manifests").WithTags("Manifests").RequireScope(Scope.JobsRead);
        read.MapGet("/", List).Produces<PageOf<ManifestView>>();
        read.MapGet("/revocations", Revocations).Produces<PageOf<RevocationView>>();
        read.MapGet("/{name}", Show).Produces<ManifestView>();
        read.MapGet("/{name}/text", Text);
        read.MapGet("/{name}/revisions", Revisions).Produces<PageOf<RevisionView>>();
        read.MapGet("/{name}/revisions/{number:int}", Show).Produces<ManifestView>();
        read.MapGet("/{name}/revisions/{number:int}/text", Text);
        read.MapGet("/{name}/diff", Diff).Produces<RevisionDiffView>();
        var write = routes.MapGroup("/v1/manifests").WithTags("Manifests").RequireScope(Scope.JobsUpdate);
        write.MapPost("/", Post).AuditedAs("manifest.post").RequireScope(Scope.JobsCreate)
            .Accepts<object>("application/json", "application/yaml", KnownJson.AnyType).Produces<ManifestView>(201);
        write.MapDelete("/{name}", Remove).AuditedAs("manifest.delete").Produces(204);
        write.MapPost("/{name}/revocation", Revoke).AuditedAs("manifest.revoke").Produces(204);
        write.MapDelete("/{name}/revocation", Restore).AuditedAs("manifest.restore").Produces(204);
    }

    private static async Task<IResult> Post(
        HttpRequest request, Caller caller, ManifestStore store, IdempotentChange once, CancellationToken stop)
    {
        var isYaml = IsYaml(request);
        using var body = await BodyBytes.Read(request);
        var findings = new DocumentFindings();
        var text = Read(body, isYaml);
        var document = ManifestReader.Read(text, findings) ?? throw new ProblemException(Problem.Invalid(findings.ByField));
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var (entry, isNew) = await store.Post(db, text, document, caller, stop);
            var view = ManifestView.Of(entry);
            return isNew ? Answer.Created($"/v1/manifests/{view.Name}", view) : new Answer(200, Answer.Write(view));
        }, stop);
    }

    /// <summary>Else it is JSON.</summary>
    /// <exception cref="ProblemException">The body is said to be neither.</exception>
    public static bool IsYaml(HttpRequest request)
    {
        if (DocumentText.SaysYaml(request.ContentType))
            return true;
        try
        {
            JsonBody.RequireJson(request);
        }
        catch (ProblemException)
        {
            throw new ProblemException(Problem.UnsupportedMedia("Send the body as application/json or application/yaml, in UTF-8."));
        }

        return false;
    }

    /// <exception cref="ProblemException">It is no document.</exception>
    public static DocumentText Read(BodyBytes body, bool isYaml)
    {
        try
        {
            return DocumentText.Read(body.Span, isYaml);
        }
        catch (DocumentException wrong)
        {
            throw new ProblemException(Problem.InvalidBody(wrong.Message + "."));
        }
    }

    private static async Task<IResult> List(Page page, Caller caller, ManifestStore store, CancellationToken stop) =>
        Results.Json(page.Cut(
            await store.List(caller.Tenant, page.After, page.Limit + 1, stop), entry => entry.Manifest.Name, ManifestView.Of));

    private static async Task<IResult> Show(
        string name, int? number, Caller caller, ManifestStore store, CancellationToken stop) =>
        await store.Find(name, caller.Tenant, stop, number) is { } entry
            ? Results.Json(ManifestView.Of(entry))
            : Problem.NotFound("manifest");

    /// <summary>As it was posted, byte for byte.</summary>
    private static async Task<IResult> Text(
        string name, int? number, Caller caller, ManifestStore store, CancellationToken stop) =>
        await store.Find(name, caller.Tenant, stop, number) is { } entry
            ? Results.Bytes(entry.Revision.Text, entry.Revision.IsYaml ? "application/yaml" : "application/json")
            : Problem.NotFound("manifest");

    private static async Task<IResult> Revisions(
        string name, Page page, Caller caller, ManifestStore store, CancellationToken stop)
    {
        if (await store.Find(name, caller.Tenant, stop) is not { } entry)
            return Problem.NotFound("manifest");
        int? before = page.After is null ? null
            : int.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Page.WrongCursor();
        var rows = await store.Revisions(entry.Manifest.Id, before, page.Limit + 1, stop);
        return Results.Json(page.Cut(rows, row => row.Revision.ToString(CultureInfo.InvariantCulture), row => row));
    }

    /// <summary>What changed from one revision to another; without names, from the last but one to the last.</summary>
    private static async Task<IResult> Diff(
        string name, string? from, string? to, Caller caller, ManifestStore store, CancellationToken stop)
    {
        if (await store.Find(name, caller.Tenant, stop) is not { } latest)
            return Problem.NotFound("manifest");
        var last = NumberOf("to", to) ?? latest.Manifest.Revision;
        var first = NumberOf("from", from) ?? Math.Max(1, last - 1);
        if (await store.Find(name, caller.Tenant, stop, first) is not { } old)
            return Problem.Invalid("from", "There is no such revision.");
        if (await store.Find(name, caller.Tenant, stop, last) is not { } fresh)
            return Problem.Invalid("to", "There is no such revision.");
        return Results.Json(new RevisionDiffView(
            first, last, LineDiff.Of(Encoding.UTF8.GetString(old.Revision.Text), Encoding.UTF8.GetString(fresh.Revision.Text))));
    }

    private static int? NumberOf(string field, string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ProblemException(Problem.Invalid(field, "This must be the number of a revision."));

    private static async Task<IResult> Remove(
        string name, Caller caller, ManifestStore store, Revoking revoking, CancellationToken stop)
    {
        if (await store.Find(name, caller.Tenant, stop) is null)
            return Problem.NotFound("manifest");
        await revoking.Revoke(name, "", caller, stop, isRemoval: true);
        await store.Remove(name, caller.Tenant, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Revocations(Caller caller, RevocationStore revocations, CancellationToken stop) =>
        Results.Json(new PageOf<RevocationView>(
            [.. (await revocations.List(caller.Tenant, stop)).Where(one => one.RevokedAt is not null).Select(RevocationView.Of)], null));

    /// <summary>With <c>?version=</c> of that version alone. What waits, also for hosts that are off, never starts.</summary>
    private static async Task<IResult> Revoke(
        string name, string? version, HttpRequest request, Caller caller, Revoking revoking, CancellationToken stop)
    {
        await JsonBody.ReadNothing(request);
        RequireName(name, version);
        await revoking.Revoke(name, version ?? "", caller, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Restore(
        string name, string? version, Caller caller, RevocationStore revocations, CancellationToken stop)
    {
        RequireName(name, version);
        await revocations.Restore(name, version ?? "", caller, stop);
        return Results.NoContent();
    }

    private static void RequireName(string name, string? version)
    {
        if (!ManifestReader.IsId(name))
            throw new ProblemException(Problem.Invalid("name", "No manifest can have this name."));
        if (version?.Length > 200)
            throw new ProblemException(Problem.Invalid("version", "At most 200 characters."));
    }
}
